"""`obsy why` of a night that is over: planned anew with the files of its commit and with what was done before it."""

import json
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from obsy.cli.why import why
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.intent import as_json
from obsy.engine.journal import stamp
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.runtime.seeking import Rehearsed
from obsy.engine.store.store import Store
from tests.support.git import Repository
from tests.unit.cli.test_told import taken

NIGHT = date(2026, 11, 26)
pytestmark = pytest.mark.slow(minutes=0.3)


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example under git in a simulated night that is over; since then M 67 asks for less, and others are gone."""
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, tmp_path / "home" / room)
    folder = tmp_path / "home"
    sha = Repository(folder).commit("As that night was")
    write(folder, sha)
    plan = folder / "plans" / "m67.yaml"
    plan.write_text(plan.read_text().replace("40 deg", "10 deg"))
    (folder / "plans" / "bubble.yaml").unlink()
    monkeypatch.chdir(folder)
    return folder


def write(
    folder: Path, commit: str | None, scenario: str | None = None, begin: datetime | None = None, **changed: Any
) -> None:
    """Write the journal of a night that began at its first moment, or at another, and is finished."""
    planner = prepare(declare(folder, folder / "plans"), NIGHT)
    intent = as_json(planner.intent(Tally(), planner.night.start)) | changed
    time = stamp(begin or planner.night.start)
    begun = {"time": time, "night": str(NIGHT), "event": "night-started", "commit": commit, "scenario": scenario}
    entries = [begun | {"intent": intent}, begun | {"event": "night-finished"}]
    path = DataRoot(folder / "data" / "simulated").journal(NIGHT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each, default=str) + "\n" for each in entries))


def night_begin(folder: Path) -> datetime:
    return prepare(declare(folder, folder / "plans"), NIGHT).night.start


def asked(*words: str) -> Result:
    return CliRunner().invoke(why, [*words, "--night", str(NIGHT), "--simulate"], catch_exceptions=False)


def test_it_is_planned_anew_with_the_files_of_its_commit(here: Path) -> None:
    sha = Repository(here).head()[:12]
    said = asked("m67").output.splitlines()
    assert said[0] == f"m67 on the night of {NIGHT} at nerpio"
    assert "B-60s, V-60s, R-60s: nothing: the Moon is not farther than 40 deg (moon)" in said[1]
    assert said[-2] == f"What would get it time, each planned anew with the files of commit {sha}:"
    assert "'moon: farther than 40 deg' → '34 deg' gets it" in said[-1]
    assert "bubble on the night" in asked("bubble").output
    told = json.loads(asked("m67", "--json").output)
    assert (told["dirty"], told["lost"], told["anew"]["blocks_unlike"]) == (False, None, 0)
    assert told["anew"]["remedies"][0]["changes"][0]["new"] == "34 deg"


def test_what_the_night_took_is_told_though_it_was_not_planned_at_first(here: Path) -> None:
    journal = DataRoot(here / "data" / "simulated").journal(NIGHT)
    begun, finished = journal.read_text().splitlines()
    frames = [("m67", "V-60s"), ("m67", "V-60s"), ("m67", "B-60s"), ("m31", "L-240s"), (None, None)]
    event = {"event": "frame-taken", "kind": "light", "train": "newton", "filter": "V", "exposure_s": 60.0}
    event |= {"time": json.loads(finished)["time"], "night": str(NIGHT), "began": json.loads(finished)["time"]}
    said = [event | {"frame": f"{n}.fits", "plan": of, "goal": goal} for n, (of, goal) in enumerate(frames)]
    journal.write_text("\n".join([begun, *map(json.dumps, said), finished, ""]))
    assert asked("m67").output.splitlines()[1] == "  taken that night: B-60s 1, V-60s 2"
    assert json.loads(asked("m67", "--json").output)["took"] == {"V-60s": 2, "B-60s": 1}
    assert "taken that night" not in asked("bubble").output


def test_what_was_done_before_counts_and_what_was_done_since_does_not(here: Path) -> None:
    wants = 15
    with Store(DataRoot(here / "data" / "simulated").store) as store:
        for number in range(1, wants + 1):
            store.register(frame("L-240s", number, date(2026, 11, 20)))
            store.register(frame("R-240s", 100 + number, date(2026, 11, 27)))
    goals = {each["goal"]: each for each in json.loads(asked("m31", "--json").output)["anew"]["goals"]}
    assert (goals["R-240s"]["wanted"], goals["L-240s"]["wanted"]) == (15, 45 - wants)


def frame(goal: str, number: int, night: date) -> Any:
    """An accepted frame of M 31 with a hash of its own."""
    one = taken(goal, "newton", 1, plan="m31")
    return replace(
        one,
        sha256=f"{number:064}",
        path=Path(f"{number}.fits"),
        source=f"{number}.fits",
        night=night,
        object="M 31",
        filter=goal[0],
        exposure_s=240.0,
    )


def test_files_that_were_not_committed_are_told_of(here: Path) -> None:
    write(here, f"{Repository(here).head()}-dirty")
    assert "had changes then that were not committed" in asked("m67").output


def test_a_night_that_comes_out_otherwise_says_so(here: Path) -> None:
    sha = Repository(here).head()
    left = {"goal": "L-1s", "reason": "so it was", "code": "moon"}
    write(here, sha, blocks=[], unplaced=[left | {"plan": "ceres"}])
    assert "come out otherwise than its journal has them" in asked("ceres").output
    write(here, sha, blocks=[], unplaced=[left | {"plan": "m67"}])
    said = asked("m67").output
    assert "it comes out otherwise for this plan" in said
    assert "→" not in said


def test_a_night_that_was_begun_with_one_plan_is_planned_anew_with_that_one(here: Path) -> None:
    sha = Repository(here).commit("As they lie")
    intent = as_json(prepare(declare(here, here / "plans" / "m31.yaml"), NIGHT).intent(Tally(), night_begin(here)))
    write(here, sha, blocks=intent["blocks"], unplaced=intent["unplaced"])
    said = asked("m31").output
    assert "otherwise" not in said
    assert json.loads(asked("m31", "--json").output)["anew"]["blocks_unlike"] == 0
    said = asked("m67").output
    assert "Nothing was left to do, or the night was not begun with it" in said
    assert "otherwise" not in said


@pytest.mark.parametrize("calibrates", [False, True])
def test_a_rehearsal_is_planned_anew_with_the_search_that_it_had(here: Path, calibrates: bool) -> None:
    sha = Repository(here).commit("As they lie")
    planner = replace(prepare(declare(here, here / "plans"), NIGHT), seeking=Rehearsed())
    planner.lacking(Tally(), planner.night.start)  # as the simulator asks, to know when its night begins
    begin = planner.night.start + calibrates * timedelta(hours=3)
    searched = as_json(planner.intent(Tally(), begin))
    write(here, sha, "clear", begin, blocks=searched["blocks"], unplaced=searched["unplaced"])
    assert json.loads(asked("m67", "--json").output)["anew"]["blocks_unlike"] == 0
    assert "otherwise" not in asked("m67").output


def test_of_a_night_that_comes_out_otherwise_the_journal_tells_the_frames(here: Path) -> None:
    sha, planner = Repository(here).commit("As they lie"), prepare(declare(here, here / "plans"), NIGHT)
    intent = as_json(planner.intent(Tally(), planner.night.start))
    first = intent["blocks"][0]
    write(here, sha, blocks=[first | {"count": first["count"] + 100}, *intent["blocks"][1:]])
    said = asked(first["plan"]).output
    assert f"{first['goal']}: {first['count'] + 100} frames were planned" in said
    assert "that it still wants" not in said
    assert "Of that night's blocks 2 come out otherwise" in said


@pytest.mark.parametrize(
    ("commit", "said"),
    [(None, "its files were not under git"), ("f" * 40, "git does not know its commit ffffffffffff here")],
)
def test_where_its_files_are_gone_the_journal_tells_and_it_is_said_why(
    here: Path, commit: str | None, said: str
) -> None:
    write(here, commit)
    assert asked("m31").output.endswith(f"Nothing is planned anew: {said}.\n")


def test_files_that_this_version_does_not_read_are_told_of(here: Path) -> None:
    old = Repository(here).commit("Of another version", {"site/strange.yaml": "kind: strange\nname: it\n"})
    (here / "site" / "strange.yaml").unlink()
    write(here, old)
    assert f"this version of obsy does not read the files of its commit {old[:12]}" in asked("m31").output


def test_a_plan_that_was_not_there_is_not_answered_for(here: Path) -> None:
    (here / "plans" / "new.yaml").write_text(
        (here / "plans" / "m31.yaml").read_text().replace("name: m31", "name: new")
    )
    with pytest.raises(Exception, match=f"no plan of commit {Repository(here).head()[:12]} is named 'new'"):
        asked("new")
