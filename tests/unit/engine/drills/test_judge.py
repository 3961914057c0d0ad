"""A drill is judged by what the hardware did."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.drill import SHIPPED
from obsy.engine.drills.hour import hour
from obsy.engine.drills.judge import judge
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime import simulated
from obsy.engine.sky.twilight import Night
from obsy.schemas.scenario import Scenario
from tests.support.equipment import example

DAY = date(2026, 12, 21)
OBSERVATORY = example()
NIGHT = hour(OBSERVATORY, DAY)
assert NIGHT.dusk is not None
DUSK = NIGHT.dusk
SHORT = replace(NIGHT, start=DUSK, dawn=DUSK + timedelta(minutes=10), end=DUSK + timedelta(minutes=10))
HALF = replace(NIGHT, start=DUSK, dawn=DUSK + timedelta(minutes=40), end=DUSK + timedelta(minutes=40))
RAIN = {"changes": [{"when": "dusk", "after": "20 min", "rain": "20 mm/h"}]}
HOME = {
    "altitude": {"origin": 0, "goal": 0},
    "azimuth": {"origin": 0, "goal": 0},
}


def rest(at: float) -> dict[str, float]:
    return {"origin": at, "goal": at}


def travel(begin: datetime, of: float, to: float) -> dict[str, float]:
    return {"origin": of, "goal": to, "begin_s": begin.timestamp(), "end_s": begin.timestamp() + 45.0}


def away() -> dict[str, Any]:
    return {"altitude": rest(60.0), "azimuth": rest(120.0), "parked": False}


def deeds(
    folder: Path, moves: list[tuple[float, dict[str, Any], dict[str, Any]]], *, night: Night = NIGHT, **said: Any
) -> Deeds:
    """The verdict on a roof and a mount that stood so from a minute after dusk on."""
    scenario = Scenario.model_validate({"kind": "scenario", "name": "s"} | said)
    parts = replace(simulated.bare(OBSERVATORY, DataRoot(folder / "none"), scenario, DAY), dusk=NIGHT.dusk)
    trace = folder / "truth.jsonl"
    lines = []
    for minute, roof, mount in moves:
        at_s = (DUSK + timedelta(minutes=minute)).timestamp()
        lines.append(json.dumps([at_s, {"roofs": {"roll-off": roof}, "mounts": {"gem": mount}}]))
    trace.write_text("\n".join(lines))
    (found,) = judge(OBSERVATORY, parts, night, trace, [])
    return found


def at(minute: float) -> datetime:
    return DUSK + timedelta(minutes=minute)


def test_a_roof_that_is_closed_soon_after_the_rain_began_is_well(tmp_path: Path) -> None:
    opened, closing = (0.0, travel(at(0), 0.0, 1.0), HOME), (21.0, travel(at(21), 1.0, 0.0), HOME)
    found = deeds(tmp_path, [opened, closing], **RAIN)
    assert found.faults == []
    assert 100 < found.unsafe_s < 110  # a minute late, and 45 s of travel
    assert found.why == "rain"


def test_a_roof_that_stays_open_in_the_rain_is_not(tmp_path: Path) -> None:
    found = deeds(tmp_path, [(0.0, travel(at(0), 0.0, 1.0), HOME)], **RAIN)
    assert "not closed at the end" in found.faults
    assert any("(rain)" in fault for fault in found.faults)


def test_a_roof_that_nothing_can_close_must_have_called_people(tmp_path: Path) -> None:
    broken = {"faults": [{"when": "dusk", "device": "roof", "fault": "stuck"}]}
    found = deeds(tmp_path, [(0.0, rest(1.0), HOME)], **RAIN, **broken)
    assert found.unsafe_s == 0.0
    assert [fault for fault in found.faults if "nobody was called" in fault]


def test_a_roof_that_passes_over_a_telescope_has_struck_it(tmp_path: Path) -> None:
    found = deeds(tmp_path, [(0.0, rest(1.0), away()), (5.0, travel(at(5), 1.0, 0.0), away())])
    assert found.struck_s == pytest.approx(45, abs=1)


def test_a_dead_sensor_is_bad_weather_once_its_last_word_is_too_old(tmp_path: Path) -> None:
    silent = {"faults": [{"when": "dusk", "after": "20 min", "device": "rain-sensor", "fault": "freeze"}]}
    found = deeds(tmp_path, [(0.0, rest(1.0), HOME), (22.0, travel(at(22), 1.0, 0.0), HOME)], **silent)
    assert found.why == "rain-sensor"
    assert found.unsafe_s == pytest.approx(105, abs=2)  # from a minute of `max_age` on


def test_after_dawn_every_roof_must_be_closed(tmp_path: Path) -> None:
    found = deeds(tmp_path, [(0.0, rest(1.0), HOME)])
    assert found.why == "it is dawn"
    assert found.faults


def test_a_roof_that_never_opened_was_not_rehearsed_unless_the_drill_says_so(tmp_path: Path) -> None:
    (fault,) = deeds(tmp_path, [], night=SHORT).faults
    assert "nothing was rehearsed" in fault
    assert deeds(tmp_path, [], night=SHORT, roof="stays-closed").faults == []
    opened = [(0.0, rest(1.0), HOME), (1.0, rest(0.0), HOME)]
    assert deeds(tmp_path, opened, night=SHORT).faults == []
    assert deeds(tmp_path, opened, night=SHORT, roof="stays-closed").faults


@pytest.mark.parametrize(("late_s", "well"), [(60, True), (70, False)])
def test_what_closes_a_roof_must_begin_when_the_oldest_word_of_that_quantity_has_expired(
    tmp_path: Path, late_s: int, well: bool
) -> None:
    rain = {"changes": [{"when": "dusk", "after": "2 min", "rain": "20 mm/h"}]}
    closes = 2.0 + late_s / 60
    found = deeds(tmp_path, [(0.0, rest(1.0), HOME), (closes, travel(at(closes), 1.0, 0.0), HOME)], night=SHORT, **rain)
    assert found.idle_s == pytest.approx(late_s, abs=1)
    assert [fault for fault in found.faults if "nothing moved" in fault] == found.faults
    assert (not found.faults) is well  # 60 s of the rain sensor's `max_age`; that of the station is 4 min


def test_a_mount_that_goes_home_is_a_roof_that_begins_to_close(tmp_path: Path) -> None:
    rain = {"changes": [{"when": "dusk", "after": "2 min", "rain": "20 mm/h"}]}
    begun_s = at(2.5).timestamp()
    parks = {"altitude": {"origin": 60, "goal": 0, "begin_s": begun_s, "end_s": begun_s + 60}, "azimuth": rest(0.0)}
    moves = [(0.0, rest(1.0), away()), (2.5, rest(1.0), parks), (3.5, travel(at(3.5), 1.0, 0.0), HOME)]
    found = deeds(tmp_path, moves, night=SHORT, **rain)
    assert found.idle_s == pytest.approx(30, abs=1)
    assert found.unsafe_s == pytest.approx(135, abs=1)
    assert found.faults == []


def test_gusts_that_never_outlast_their_hold_fail_a_roof_that_they_left_open(tmp_path: Path) -> None:
    """The wind's hold is a minute, and no gust is that long."""
    gusts = YAML(typ="safe").load(SHIPPED / "gusts.yaml")
    closed = deeds(tmp_path, [(0.0, rest(1.0), HOME), (24.0, travel(at(24), 1.0, 0.0), HOME)], night=HALF, **gusts)
    assert closed.faults == []
    closed_by_dawn = [(0.0, rest(1.0), HOME), (38.0, travel(at(38), 1.0, 0.0), HOME)]
    assert any("(wind)" in fault for fault in deeds(tmp_path, closed_by_dawn, night=HALF, **gusts).faults)


def test_one_short_gust_closes_nothing(tmp_path: Path) -> None:
    gust = {
        "changes": [
            {"when": "dusk", "after": "20 min", "wind": "95 km/h"},
            {"when": "dusk", "after": "1250 s", "wind": "5 km/h"},
        ]
    }
    assert deeds(tmp_path, [(0.0, rest(1.0), HOME), (39.0, rest(0.0), HOME)], night=HALF, **gust).faults == []
