"""A drill is judged by what the hardware did."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.hour import hour
from obsy.engine.drills.judge import judge
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime import simulated
from obsy.schemas.scenario import Scenario
from tests.support.equipment import example

DAY = date(2026, 12, 21)
OBSERVATORY = example()
NIGHT = hour(OBSERVATORY, DAY)
assert NIGHT.dusk is not None
DUSK = NIGHT.dusk
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


def deeds(folder: Path, moves: list[tuple[float, dict[str, Any], dict[str, Any]]], **said: Any) -> Deeds:
    """The verdict on a roof and a mount that stood so from a minute after dusk on."""
    scenario = Scenario.model_validate({"kind": "scenario", "name": "s"} | said)
    parts = replace(simulated.bare(OBSERVATORY, DataRoot(folder / "none"), scenario, DAY), dusk=NIGHT.dusk)
    trace = folder / "truth.jsonl"
    lines = []
    for minute, roof, mount in moves:
        at_s = (DUSK + timedelta(minutes=minute)).timestamp()
        lines.append(json.dumps([at_s, {"roofs": {"roll-off": roof}, "mounts": {"gem": mount}}]))
    trace.write_text("\n".join(lines))
    (found,) = judge(OBSERVATORY, parts, NIGHT, trace, [])
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
