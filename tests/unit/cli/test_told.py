"""`status` and `report` on the shipped example, with a small journal."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from obsy.cli.report import report
from obsy.cli.status import status
from obsy.engine.runtime.guard.begin import journal_of
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import UserError
from tests.support.frames import A_LIGHT

NIGHT = "2026-11-21"
ENTRIES: tuple[dict[str, Any], ...] = (
    {"event": "night-started", "version": "0.1.0", "commit": None, "scenario": "clear", "seed": 1, "intent": {}},
    {"event": "verdict", "safe": True, "reason": "every input is fresh and within its limits", "input": ""},
    {"event": "state", "from": "calibrating", "to": "opening", "on": "done", "facts": {}, "detail": ""},
    {"event": "roof-opened"},
)


def keep(root: Path, data_root: str, night: str = NIGHT) -> None:
    """Write a journal whose night still runs."""
    path = root / "data" / data_root / "journal" / f"{night}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    times = (f"{night}T18:0{minute}:00.000Z" for minute in range(9))
    lines = (json.dumps({"time": at, "night": night, **entry}) for at, entry in zip(times, ENTRIES, strict=False))
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (root / "data" / data_root / "lock").write_text(f"{os.getpid()}\n")


def told(verb: Any, *arguments: str) -> Result:
    """What a verb answers."""
    return CliRunner().invoke(verb, list(arguments), catch_exceptions=False)


def test_before_any_night_status_knows_the_plans_and_makes_nothing(here: Path) -> None:
    answer = json.loads(told(status, "--json").output)
    assert list(answer)[:4] == ["realm", "night", "state", "verdict"]
    assert (answer["night"], answer["state"]) == (None, "none")
    assert len(answer["plans"]) >= 8
    assert not (here / "data").exists()


def test_status_takes_the_realm_that_was_written_last(here: Path) -> None:
    keep(here, "simulated")
    keep(here, "real", "2026-11-20")
    answer = json.loads(told(status, "--json").output)
    assert (answer["realm"], answer["night"], answer["state"]) == ("real", "2026-11-20", "opening")


def test_status_can_be_asked_of_the_other_realm(here: Path) -> None:
    keep(here, "simulated")
    keep(here, "real", "2026-11-20")
    assert json.loads(told(status, "--simulated", "--json").output)["night"] == NIGHT


def test_status_tells_what_the_guard_did_after_the_nights_last_word_and_not_what_it_did_before(here: Path) -> None:
    keep(here, "real")
    (here / "data/real/lock").unlink()
    guard = journal_of(here, "nerpio")
    guard.parent.mkdir()
    roof = {"event": "roof-opened", "enclosure": "roll-off", "night": ""}
    lines = [
        {"time": f"{NIGHT}T17:00:00.000Z", **roof},
        {"time": f"{NIGHT}T19:30:00.000Z", **roof, "event": "roof-closed"},
    ]
    guard.write_text(json.dumps(lines[0]) + "\n")
    assert "interrupted; roof open (19:03 UTC+1)" in told(status).output
    guard.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "interrupted; roof closed (20:30 UTC+1)" in told(status).output


def test_status_speaks_to_people(here: Path) -> None:
    keep(here, "simulated")
    lines = told(status).output.splitlines()
    assert lines[0] == (
        "The simulated night of 2026-11-21: opening; roof open; safe: every input is fresh and within its limits "
        "(19:03 UTC+1)"
    )
    assert "m31" in lines


@pytest.mark.long
@pytest.mark.usefixtures("here")
@pytest.mark.once
def test_status_does_not_import_astropy() -> None:
    code = (
        "import sys; from obsy.cli import cli; cli.main(['status'], standalone_mode=False);"
        "sys.exit('astropy' in sys.modules or 'jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=path()).returncode == 0


def path() -> dict[str, str]:
    """An environment in which obsy is found from any folder."""
    return {"PYTHONPATH": str(Path(__file__).parents[3])}


def test_a_report_of_a_running_night_is_written(here: Path) -> None:
    keep(here, "simulated")
    said = told(report)
    page = here / "data" / "simulated" / "reports" / f"{NIGHT}.html"
    assert said.output.splitlines()[-1] == str(page)
    assert "not finished: opening" in page.read_text("utf-8")


def test_a_report_for_a_machine_is_the_whole_story(here: Path) -> None:
    keep(here, "simulated")
    answer = json.loads(told(report, NIGHT, "--json").output)
    assert (answer["night"], answer["state"], answer["finished"]) == (NIGHT, "opening", False)
    assert Path(answer["page"]).is_file()


def test_a_report_written_twice_has_the_same_bytes(here: Path) -> None:
    keep(here, "simulated")
    page = here / "data" / "simulated" / "reports" / f"{NIGHT}.html"
    pages = [page.read_bytes() for _ in range(2) if told(report)]
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("here")
def test_a_report_before_any_night_says_what_to_do() -> None:
    with pytest.raises(UserError, match="no simulated night has run here yet"):
        told(report)


@pytest.mark.parametrize("named", [(), (NIGHT,)])
def test_a_report_of_frames_that_were_brought_in_says_where_their_light_curve_is(here: Path, named) -> None:
    folder = here / "data" / "real"
    folder.mkdir(parents=True)
    with Store(folder / "store.sqlite") as store:
        told_of = {"path": folder / "a.fits", "source": "a.fits", "night": date.fromisoformat(NIGHT)}
        store.register(StoredFrame(**A_LIGHT | told_of))
    with pytest.raises(UserError, match=f"frames of {NIGHT} were brought in, no night was run.*'obsy photometry PLAN'"):
        told(report, *named)


def test_a_night_without_a_journal_is_named(here: Path) -> None:
    keep(here, "simulated")
    with pytest.raises(UserError, match="no journal of the simulated night of 2020-01-01"):
        told(report, "2020-01-01")


@pytest.mark.usefixtures("here")
def test_what_is_no_date_is_told_how_to_write_one() -> None:
    said = told(report, "yesterday")
    assert said.exit_code == 2
    assert "write it as 2026-11-21" in said.output


def test_a_night_whose_process_is_gone_is_interrupted(here: Path) -> None:
    keep(here, "simulated")
    (here / "data" / "simulated" / "lock").unlink()
    head = told(status).output.splitlines()[0]
    assert head == "The simulated night of 2026-11-21: interrupted; roof open (19:03 UTC+1)"


def test_after_a_stop_status_says_that_the_roof_is_closed(here: Path) -> None:
    keep(here, "simulated")
    stop = {"event": "night-interrupted", "reason": "told to stop", "roof_is": "closed", "mount_is": "parked"}
    journal = here / "data" / "simulated" / "journal" / f"{NIGHT}.jsonl"
    with journal.open("a") as file:
        file.write(json.dumps({"time": f"{NIGHT}T18:30:00.000Z", "night": NIGHT, **stop}) + "\n")
    head = told(status).output.splitlines()[0]
    assert head == "The simulated night of 2026-11-21: interrupted; mount parked; roof closed (19:30 UTC+1)"


@pytest.mark.parametrize("text", ["", '{"time": "2026-11'])
def test_a_start_that_failed_hides_no_night(here: Path, text: str) -> None:
    keep(here, "simulated")
    failed = here / "data" / "real" / "journal" / "2026-11-22.jsonl"
    failed.parent.mkdir(parents=True)
    failed.write_text(text)
    answer = json.loads(told(status, "--json").output)
    assert (answer["realm"], answer["night"]) == ("simulated", NIGHT)
    assert json.loads(told(report, "--json").output)["night"] == NIGHT
    assert json.loads(told(status, "--real", "--json").output)["night"] is None


def test_where_there_are_several_enclosures_status_names_each(here: Path) -> None:
    path = here / "data" / "simulated" / "journal" / f"{NIGHT}.jsonl"
    path.parent.mkdir(parents=True)
    begin = {**ENTRIES[0], "state": "waiting", "states": {"dome": "waiting", "shed": "waiting"}}
    roofs = [{"event": "roof-opened", "enclosure": "dome"}, {"event": "roof-closed", "enclosure": "shed"}]
    told_of = [{"time": f"{NIGHT}T18:00:00.000Z", "night": NIGHT, **entry} for entry in (begin, *roofs)]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in told_of), "utf-8")
    assert told(status).output.splitlines()[:2] == [
        "The simulated night of 2026-11-21, dome: interrupted; roof open (19:00 UTC+1)",
        "The simulated night of 2026-11-21, shed: interrupted; roof closed (19:00 UTC+1)",
    ]


@pytest.fixture
def club(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the club with four trains, with the working folder in it."""
    here = shutil.copytree(root / "docs/club", tmp_path / "club", ignore=shutil.ignore_patterns("data"))
    monkeypatch.chdir(here)
    return here


def taken(goal: str, train: str, number: int, plan: str = "pelican") -> StoredFrame:
    """An accepted frame of the club's plan for the North America Nebula."""
    path = Path(f"{number}.fits")
    said = {"site": "las-lomas", "train": train, "plan": plan, "goal": goal, "object": "IC 5070"}
    return StoredFrame(
        **A_LIGHT | said | {"sha256": str(number) * 64, "path": path},
        source=f"{number}.fits",
        night=date(2026, 11, 21),
        accepted=True,
    )


def test_where_there_are_several_trains_status_says_whose_a_plan_is_and_who_took_its_frames(club: Path) -> None:
    (club / "plans" / "pelican.yaml").write_text(
        "{kind: plan, name: pelican, target: IC 5070, pipeline: deep-sky,"
        " want: [{filter: L, exposure: 60 s, count: 6}, {filter: L, exposure: 120 s, total: 1 h}]}"
    )
    with Store(club / "data" / "simulated" / "store.sqlite") as store:
        for number, train in enumerate(("newton", "newton", "refractor"), 1):
            store.register(taken("L-60s", train, number))
    lines = told(status).output.splitlines()
    assert "ss-cyg, with cassegrain" in lines
    at = lines.index("pelican, with newton")
    assert [line.split(maxsplit=2)[2] for line in lines[at + 1 : at + 3]] == [
        "3 of 6 frames (2 by newton, 1 by refractor)",
        "0 s of 1 h",
    ]
    answer = json.loads(told(status, "--json").output)
    (pelican,) = (plan for plan in answer["plans"] if plan["plan"] == "pelican")
    assert pelican["trains"] == ["newton"]
    assert [goal["trains"] for goal in pelican["goals"]] == [{"newton": 2, "refractor": 1}, {}]


@pytest.mark.parametrize("damage", ["taken_at='garbage'", "exposure_s='long'"])
def test_status_and_report_tell_of_a_row_that_cannot_be_understood(here: Path, damage: str) -> None:
    keep(here, "simulated")
    store = here / "data" / "simulated" / "store.sqlite"
    with Store(store) as opened:
        for number in (1, 2):
            opened.register(taken("L-180s", "newton", number, plan="m31"))
    with closing(sqlite3.connect(store)) as database, database:
        database.execute(f"UPDATE obsy_frame SET {damage} WHERE sha256 LIKE '1%'")  # noqa: S608
    assert "left aside: the store's row of '1.fits' cannot be understood" in told(status).output
    (why,) = json.loads(told(status, "--json").stdout)["left_aside"]
    assert why.endswith("run 'obsy rebuild'")
    assert [each["event"] for each in json.loads(told(report, "--json").stdout)["notices"]] == ["row-left-aside"]
    assert "left aside: the store&#39;s row" in (here / "data/simulated/reports/2026-11-21.html").read_text()


@pytest.mark.long
def test_the_newest_night_that_is_finished_says_what_the_next_is_to_do_and_an_older_one_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.ahead.NIGHTS", 3)
    for night in ("2026-11-20", NIGHT):
        keep(here, "simulated", night)
        with (here / "data" / "simulated" / "journal" / f"{night}.jsonl").open("a") as journal:
            print(
                json.dumps({"time": f"{night}T23:00:00.000Z", "night": night, "event": "night-finished"}), file=journal
            )
    ahead = json.loads(told(report, NIGHT, "--simulated", "--json").output)["next"]
    assert ahead["night"] == "2026-11-22"
    assert len(ahead["blocks"]) > 3
    page = (here / "data" / "simulated" / "reports" / f"{NIGHT}.html").read_text()
    assert "The night of Sunday, 22 November 2026, as all stands now" in page
    assert json.loads(told(report, "2026-11-20", "--simulated", "--json").output)["next"] == {
        "night": "2026-11-20",
        "blocks": [],
    }
