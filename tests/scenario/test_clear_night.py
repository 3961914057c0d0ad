"""A clear night: all that was asked for is taken, the roof moves over a parked mount only, and once is enough."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from obsy.engine.journal import moment
from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.reduce.star_table import StarTable
from obsy.schemas.night import NightTable
from tests.support.replay import replay
from tests.support.services import web_server

pytestmark = pytest.mark.slow(minutes=0.4)
WANTED = {("early", "B-60s"): 3, ("early", "V-60s"): 3, ("late", "V-60s"): 4}


def first(night: Any, event: str) -> int:
    """The place of the first such event in the journal."""
    return next(place for place, entry in enumerate(night.journal()) if entry["event"] == event)


def last(night: Any, event: str) -> int:
    """The place of the last such event in the journal."""
    return max(place for place, entry in enumerate(night.journal()) if entry["event"] == event)


def test_everything_that_was_wanted_is_accepted(clear_night: Any) -> None:
    assert clear_night.frames() == WANTED


def test_the_roof_opens_after_dusk_and_is_closed_in_the_morning(clear_night: Any) -> None:
    (opening,) = clear_night.events("roof-opening")
    dusk = clear_night.journal()[0]["intent"]["dusk"]
    assert opening["time"] >= dusk
    assert clear_night.events("roof-opened", "roof-closed")[-1]["event"] == "roof-closed"
    assert clear_night.roof()["goal"] == 0.0


def test_the_mount_is_parked_before_the_roof_moves(clear_night: Any) -> None:
    assert first(clear_night, "roof-closing") == first(clear_night, "roof-closed") - 1, "as its keeper begins"
    assert first(clear_night, "mount-unparked") > first(clear_night, "roof-opened")
    assert first(clear_night, "slewed") < first(clear_night, "mount-parked") < last(clear_night, "roof-closing")


def test_nothing_struck_anything(clear_night: Any) -> None:
    assert clear_night.world()["collisions"] == []
    assert clear_night.world()["refusals"] == []


def test_every_light_is_calibrated_by_masters_of_the_same_night(clear_night: Any) -> None:
    masters = {(entry["kind"], entry["filter"]) for entry in clear_night.events("master-built")}
    assert masters == {("bias", None), ("dark", None), ("flat", "B"), ("flat", "V")}
    assert all(".fits" in name for name in clear_night.files() if name.startswith("masters/2026-11-21/"))
    assert first(clear_night, "exposure-started") > max(
        place for place, entry in enumerate(clear_night.journal()) if entry["event"] == "master-built"
    )


def test_every_frame_has_one_verdict_and_one_place(clear_night: Any) -> None:
    taken = [entry["frame"] for entry in clear_night.events("frame-taken")]
    judged = [entry["frame"] for entry in clear_night.events("frame-accepted", "frame-rejected")]
    assert sorted(taken) == sorted(judged) == sorted(set(taken))
    files = clear_night.files()
    assert len([name for name in files if name.startswith("archive/") and name.endswith(".fits")]) == len(taken)
    assert not [name for name in files if name.startswith("incoming/")]


def test_the_journal_replays_to_the_same_states(clear_night: Any, root: Path) -> None:
    table = NightTable.model_validate(YAML(typ="safe").load((root / "library/nights/roll-off.yaml").read_text()))
    states = clear_night.events("state")
    events = tuple(TableEvent(e["on"], moment(e["time"]), GuardFacts(**e["facts"]), e["detail"]) for e in states)
    assert replay(table, states[0]["from"], events) == tuple(entry["to"] for entry in states)


def test_times_in_the_journal_never_run_backwards(clear_night: Any) -> None:
    times = [datetime.fromisoformat(entry["time"]) for entry in clear_night.journal()]
    assert times == sorted(times)


def test_a_finished_night_applied_again_says_so_and_changes_nothing(clear_night: Any) -> None:
    before, world = clear_night.files(), clear_night.world()
    rows = {
        name: clear_night.rows(f'SELECT * FROM "{name}" ORDER BY 1')
        for (name,) in clear_night.rows("SELECT name FROM sqlite_master WHERE type='table'")
    }
    code, said = clear_night.apply()
    assert code == 0
    assert "is finished; there is nothing to do, and nothing was changed" in said
    assert clear_night.files() == before
    assert clear_night.world() == world
    assert rows == {name: clear_night.rows(f'SELECT * FROM "{name}" ORDER BY 1') for name in rows}


def test_one_seed_gives_one_night_to_the_last_byte_whoever_works_on_it(clear_night: Any, observatory: Any) -> None:
    code, said = observatory.play(workers=1)
    assert code == 0, said
    code, said = observatory.obsy("report")
    assert code == 0, said
    mine, theirs = clear_night.everything(), observatory.everything()
    assert sorted(theirs) == sorted(mine)
    assert any(name.startswith("reports/") for name in mine)
    for name, content in mine.items():
        if not content.startswith(b"SIMPLE"):
            assert theirs[name].decode(errors="replace").splitlines() == content.decode(errors="replace").splitlines()
    assert [name for name, content in mine.items() if theirs[name] != content] == []
    rows = clear_night.store()
    assert {"obsy_frame", "obsy_product"} <= set(rows)
    assert observatory.store() == rows


def test_a_service_that_refuses_every_message_changes_no_byte_of_the_night(clear_night: Any, observatory: Any) -> None:
    with web_server() as web:
        web.status = 503
        person = "kind: recipient\nname: ana\naddress: !secret ana\nhears: [alarm, trouble, notice, summary]\n"
        observatory.declare("site/people.yaml", person)
        observatory.declare("secrets.yaml", f"ana: {web.address('ana')}\n")
        (observatory.root / "secrets.yaml").chmod(0o600)
        code, said = observatory.obsy("apply", "plans", "--simulate", "--night", "2026-11-21", "--tell")
        assert code == 0, said
    assert any("the roof is open" in body.get("message", "") for _, body in web.got)
    assert observatory.journal_lines() == clear_night.journal_lines()
    mine, theirs = (
        {name: content for name, content in each.everything().items() if not name.startswith(("told/", "reports/"))}
        for each in (clear_night, observatory)
    )
    assert [name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)] == []
    told = (observatory.data / "told" / "2026-11-21.jsonl").read_text()
    assert told.count("the service answered 503") == told.count("\n") > 1
    page = (observatory.data / "reports" / "2026-11-21.html").read_text()
    assert "ana was not told" in page


def test_another_seed_gives_another_night(clear_night: Any, observatory: Any) -> None:
    observatory.change("library/scenarios/clear.yaml", "seed: 1", "seed: 2")
    assert observatory.apply()[0] == 0
    assert observatory.files().keys() != clear_night.files().keys()
    assert observatory.frames() == WANTED


def test_the_night_reports_itself(clear_night: Any) -> None:
    page = (clear_night.data / "reports" / "2026-11-21.html").read_text()
    assert "early" in page
    assert "late" in page


def test_a_forecast_is_checked_by_a_night_that_came(clear_night: Any) -> None:
    """It was as likely as not: all of the frames came that half of the draws have."""
    code, said = clear_night.obsy("forecast", "plans", "--simulate", "--check", "--json")
    assert code == 0, said
    told = json.loads(said)
    assert told["nights"] == ["2026-11-21"]
    came = {(each["forecast"]["plan"], each["forecast"]["goal"]): each for each in told["goals"]}
    assert {key: each["taken"] for key, each in came.items()} == WANTED
    assert {key: each["forecast"]["taken"][2] for key, each in came.items()} == WANTED
    assert all(each["is_within"] for each in came.values())
    assert {each["done"] for each in came.values() if not each["forecast"]["is_visits"]} == {"2026-11-21"}
    code, said = clear_night.obsy("forecast", "plans", "--simulate", "--check")
    assert "1 night on record, 2026-11-21 to 2026-11-21" in said
    assert max(map(len, said.splitlines())) <= 80


def test_the_light_of_stars_differs_from_frame_to_frame_by_no_more_than_its_errors(clear_night: Any) -> None:
    """Of stars that do not vary, once what the air makes of all alike is taken off; crowding is in the errors: 0.89."""
    made = clear_night.rows("SELECT path FROM obsy_product WHERE kind='stars' ORDER BY path")
    tables = [StarTable.read(clear_night.data / path) for (path,) in made]
    first, *others = [each for each in tables if each.observation.plan == "late"]
    assert len(others) == 3
    off: list[float] = []
    for table in others:
        pairs = [(row, first.nearest(table.ra[row], table.dec[row], 1.0)) for row in np.flatnonzero(table.good)]
        mine, theirs = np.array([pair for pair in pairs if pair[1] is not None and first.good[pair[1]]]).T
        ratio = table.flux[mine] / first.flux[theirs]
        error = ratio * np.hypot(
            *(each.flux_error[row] / each.flux[row] for each, row in ((table, mine), (first, theirs)))
        )
        off += list((ratio - np.average(ratio, weights=error**-2)) / error)
    assert len(off) > 150
    assert 0.8 < 1.4826 * np.median(np.abs(off)) < 1.2
