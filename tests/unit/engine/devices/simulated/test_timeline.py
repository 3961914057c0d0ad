"""When the scenario's changes and faults begin and end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.devices.simulated.timeline import ScenarioTimeline
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site

DUSK = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
PLACE = {"kind": "site", "name": "hill", "latitude": "37 deg", "longitude": "-2.5 deg", "elevation": "9 m"}
SPAIN = Site.model_validate(PLACE | {"timezone": "Europe/Madrid"})
STUCK = {"device": "roof", "fault": "stuck"}


def timeline(begun: dict[str, float] | None = None, **said: Any) -> ScenarioTimeline:
    scenario = Scenario.model_validate({"kind": "scenario", "name": "s"} | said)
    return ScenarioTimeline(scenario, date(2026, 11, 21), SPAIN, begun or {}, DUSK)


def broken(laid: ScenarioTimeline, when: datetime) -> bool:
    return "stuck" in laid.troubles(("roof",), when.timestamp())


def test_a_fault_waits_for_dusk_and_lasts_as_long_as_it_says() -> None:
    laid = timeline(faults=[STUCK | {"when": "dusk", "after": "10 min", "lasts": "5 min"}])
    minutes = [minute for minute in range(30) if broken(laid, DUSK + timedelta(minutes=minute))]
    assert minutes == [10, 11, 12, 13, 14]


def test_a_fault_begins_when_what_it_waits_for_happens_first_after_its_time() -> None:
    laid = timeline(faults=[STUCK | {"at": "20:00", "when": "roof-closes"}])
    laid.happens("roof-closes", DUSK.timestamp())  # 19:30 there
    assert not broken(laid, DUSK + timedelta(hours=2))
    laid.happens("roof-opens", (DUSK + timedelta(hours=1)).timestamp())
    assert not broken(laid, DUSK + timedelta(hours=2))
    begun = laid.happens("roof-closes", (DUSK + timedelta(hours=1)).timestamp())
    assert broken(laid, DUSK + timedelta(hours=2))
    assert broken(timeline(dict(begun), faults=[STUCK | {"when": "roof-closes"}]), DUSK + timedelta(hours=2))


@pytest.mark.parametrize("way", ["roof-opens", "roof-closes"])
def test_a_roof_moves_whichever_way_it_goes(way: str) -> None:
    laid = timeline(faults=[STUCK | {"when": "roof-moves"}])
    laid.happens(way, DUSK.timestamp())
    assert broken(laid, DUSK)


def test_the_weather_changes_when_it_is_to() -> None:
    laid = timeline(changes=[{"when": "dusk", "after": "20 min", "rain": "3 mm/h"}])
    assert laid.value("rain", (DUSK + timedelta(minutes=19)).timestamp()) == 0.0
    assert laid.value("rain", (DUSK + timedelta(minutes=20)).timestamp()) == 3.0


@pytest.mark.parametrize(("clock", "hours"), [("08:00", 9.66), ("12:00", 13.66), ("22:00", 23.66), ("23:00", 0.66)])
def test_a_time_of_the_clock_is_the_one_within_the_night_whatever_zone_the_site_keeps(clock: str, hours: float) -> None:
    hawaii = Site.model_validate(PLACE | {"longitude": "-155.1 deg", "timezone": "UTC"})  # noon is at 22:20.4 UTC
    scenario = Scenario.model_validate({"kind": "scenario", "name": "s", "faults": [STUCK | {"at": clock}]})
    laid = ScenarioTimeline(scenario, date(2026, 11, 21), hawaii, {})
    begins = datetime(2026, 11, 21, 22, 20, 24, tzinfo=UTC) + timedelta(hours=hours)
    assert not broken(laid, begins - timedelta(minutes=1))
    assert broken(laid, begins + timedelta(minutes=1))
