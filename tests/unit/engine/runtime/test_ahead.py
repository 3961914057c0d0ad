"""What a forecast is made of: the journals that lie there, and the nights after one that is over."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.forecast import crowded
from obsy.cli.locate import nights
from obsy.engine.forecast.climate import CLEAR
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.night.tally import Tally
from obsy.engine.progress import Progress
from obsy.engine.runtime.ahead import following, known_climate, on_record
from obsy.engine.runtime.planner import prepare

FIRST = date(2026, 11, 26)
TWO = crowded(2, seed=2)


@pytest.fixture
def data_root(tmp_path: Path) -> DataRoot:
    """Five nights on record, of which the first two were safe."""
    root = DataRoot(tmp_path)
    root.journal(FIRST).parent.mkdir()
    for number in range(5):
        day = FIRST - timedelta(days=9 - number)
        at = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
        said = [{"time": at.isoformat(), "event": "verdict", "safe": number < 2, "reason": ""}]
        said += [{"time": (at + timedelta(hours=15)).isoformat(), "event": "night-finished"}]
        root.journal(day).write_text("".join(f"{json.dumps(each)}\n" for each in said))
    root.journal(FIRST - timedelta(days=1)).write_text("")
    return root


def test_a_file_that_is_named_after_no_day_is_no_night_on_record(data_root: DataRoot) -> None:
    journal = data_root.journal(FIRST - timedelta(days=9))
    journal.with_stem("2026-13-45").write_bytes(journal.read_bytes())
    assert len(on_record(data_root)) == len(nights(data_root)) == 5


def test_the_nights_on_record_say_how_clear_it_is_unless_the_site_does(data_root: DataRoot) -> None:
    assert len(on_record(data_root)) == 5
    assert known_climate(TWO, data_root).clear == pytest.approx((2 + 10 * CLEAR) / 15)
    assert known_climate(TWO, data_root, FIRST - timedelta(days=7)).clear == pytest.approx((2 + 10 * CLEAR) / 12)
    declared = replace(TWO, site=TWO.site.model_copy(update={"clear": 30.0}))
    assert known_climate(declared, data_root).clear == 0.3


@pytest.mark.long
def test_the_nights_after_one_that_is_over_go_on_with_what_is_done_and_what_moving_costs(
    data_root: DataRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.ahead.NIGHTS", 8)
    planner = prepare(TWO, FIRST, data_root)
    told = following(planner, Tally(), data_root)
    assert told.asked.days[0] == FIRST
    assert len(told.asked.days) == 8
    assert {each.frames == 0 for each in told.goals} == {False}
    all_done = {(each.plan, each.goal): Progress(accepted=999, done_s=1e9) for each in told.goals}
    assert {each.frames for each in following(planner, Tally(all_done), data_root).goals} == {0}
    dear = {train: replace(each, download_s=600.0) for train, each in planner.costs.items()}
    slowly = following(replace(planner, costs=dear), Tally(), data_root)
    assert sum(each.taken[1] for each in slowly.goals) < sum(each.taken[1] for each in told.goals)
