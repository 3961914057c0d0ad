"""An override counts from its beginning to its end and not a second longer, and never leaves rain unwatched."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml.nodes import ScalarNode

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.overrides import sorted_out
from obsy.engine.declare.written import Written
from obsy.engine.devices.ports import Reading
from obsy.engine.events import TROUBLE, Event, words
from obsy.engine.events.roof import OverrideBegun, OverrideEnded
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.overriding import in_force
from obsy.engine.safety.verdict import JudgedInput, Verdict
from obsy.errors import DeviceError
from obsy.schemas.override import Override
from obsy.schemas.policy import Limits, Safety
from obsy.schemas.site import Site
from obsy.schemas.weather import Weather
from tests.support.safety import NIGHT, Shed

SAFETY = Safety.model_validate(
    {"limits": {"rain": "above 0 mm/h", "cloud": "above 40 %", "wind": "above 40 km/h"}, "dwell": "10 min"}
)


def an_input(name: str, *measures: str) -> Weather:
    said = {"kind": "weather", "name": name, "measures": measures, "every": "10 s", "max_age": "60 s"}
    return Weather.model_validate(said)


WEATHER = (an_input("rain-sensor", "rain"), an_input("cloud-sensor", "cloud"), an_input("station", "wind", "rain"))
HOUR = timedelta(hours=1)
WRITTEN = Written(ScalarNode("", ""), {})


def here(*weather: Weather) -> tuple[Site, Declared]:
    where = {"latitude": "51 deg", "longitude": "22 deg", "elevation": "200 m", "timezone": "UTC"}
    site = Site.model_validate({"kind": "site", "name": "hill", **where})
    entries = [Entry(each, WRITTEN) for each in (site, *weather)]
    return site, Declared(Path(), tuple(entries), ())


def an_override(since: datetime = NIGHT, until: datetime = NIGHT + HOUR, **what: Any) -> dict[str, Any]:
    times = {"since": f"{since:%Y-%m-%d %H:%M:%S} UTC", "until": f"{until:%Y-%m-%d %H:%M:%S} UTC"}
    return {"kind": "override", "name": "broken", "owner": "Ana", "reason": "full of water", **times, **what}


class Sky:
    """Weather that is read while overrides come and go; the cloud sensor is dead."""

    def __init__(self, *said: Mapping[str, Any], **values: float) -> None:
        self.shed, self.values, self.dead = Shed(), {"rain": 0.0, "cloud": 10.0, "wind": 5.0} | values, {"cloud-sensor"}
        self.turns: list[tuple[float, Verdict]] = []
        self.heard: list[Event] = []
        ports = {each.name: Port(self, each) for each in WEATHER}
        self.monitor = WeatherMonitor(
            self.shed.clock, SAFETY, WEATHER, ports, sorted_out(said, SAFETY, *here(*WEATHER))
        )
        self.monitor.listen(lambda verdict: self.turns.append((self.shed.elapsed_s, verdict)), self.heard.append)

    def watch(self, seconds: float) -> "Sky":
        async def look() -> None:
            for _ in range(round(seconds)):
                self.monitor.look()
                await self.shed.clock.sleep(1.0)
            self.monitor.close()

        self.shed.run(look())
        return self

    def told(self) -> list[str]:
        return [words({"event": each.name, **each.facts()}) for each in self.heard if each.severity >= TROUBLE]


class Port:
    """An input that may be dead."""

    def __init__(self, sky: Sky, declared: Weather) -> None:
        self.sky, self.declared = sky, declared

    async def read(self) -> Reading:
        if self.declared.name in self.sky.dead:
            raise DeviceError("it is dead")
        return Reading({name: self.sky.values[name] for name in self.declared.measures}, self.sky.shed.clock.now())


def test_a_dead_sensor_that_is_overridden_keeps_no_roof_closed_and_the_verdict_says_who_answers_for_it() -> None:
    sky = Sky(an_override(ignore="cloud-sensor")).watch(900.0)
    assert [verdict.safe for _, verdict in sky.turns] == [False, True]
    assert sky.turns[1][1].reason == (
        "every input is fresh and within its limits, "
        "but for an override: 'cloud-sensor' is not heard until 2026-11-21 21:00 UTC by Ana"
    )
    assert sky.told() == ["override 'broken' by Ana: 'cloud-sensor' is not heard (full of water)"]


def test_it_ends_by_itself_in_the_middle_of_the_night_and_people_are_told() -> None:
    sky = Sky(an_override(until=NIGHT + HOUR / 2, ignore="cloud-sensor")).watch(2000.0)
    ended_s, verdict = sky.turns[2]
    assert ended_s == 1800.0
    assert verdict.reason.startswith("cloud is unknown: cloud-sensor does not answer")
    assert sky.told()[-1] == "override 'broken' by Ana has ended: 'cloud-sensor' is not heard no more"


@pytest.mark.parametrize(("after_s", "told"), [(0.0, True), (1790.0, True), (1810.0, False)])
def test_whoever_begins_to_hear_is_told_of_no_override_that_has_ended(after_s: float, told: bool) -> None:
    sky = Sky(an_override(until=NIGHT + HOUR / 2, ignore="cloud-sensor")).watch(after_s)
    sky.monitor.restate()
    rules = sky.heard[-1].facts()["rules"]
    assert [each["name"] for each in rules["overrides"]] == ["broken"] * told


def test_of_two_only_the_one_that_begins_or_ends_is_told_of_and_who_begins_to_hear_is_told_of_those_in_force() -> None:
    whole = {**an_override(ignore="cloud-sensor"), "name": "whole"}
    late = {**an_override(since=NIGHT + HOUR / 4, until=NIGHT + HOUR / 2, limits={"wind": "above 60 km/h"})}
    sky = Sky({**whole, "until": whole["until"].replace("21:00", "22:00")}, late).watch(2000.0)
    assert [each.facts()["override"] for each in sky.heard if isinstance(each, OverrideEnded)] == ["broken"]
    sky = Sky(whole, late).watch(1000.0)
    assert [each.facts()["override"] for each in sky.heard if isinstance(each, OverrideBegun)] == ["whole", "broken"]
    sky.heard.clear()
    sky.monitor.tell_overrides()
    assert sorted(each.facts()["override"] for each in sky.heard) == ["broken", "whole"]


def test_it_does_not_begin_before_its_time() -> None:
    sky = Sky(an_override(since=NIGHT + HOUR / 2, ignore="cloud-sensor")).watch(2500.0)
    assert [(verdict.safe, at >= 1800.0 + 590.0) for at, verdict in sky.turns] == [(False, False), (True, True)]


def test_a_clock_that_is_set_back_makes_it_last_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    sky = Sky(an_override(until=NIGHT + HOUR / 2, ignore="cloud-sensor"))
    walls = sky.shed.clock.now
    monkeypatch.setattr(sky.shed.clock, "now", lambda: walls() - (HOUR if walls() > NIGHT + HOUR / 4 else 0 * HOUR))
    sky.watch(3000.0)
    assert sky.monitor._judging.overriding == ()
    assert not sky.monitor.current.safe


def test_a_limit_that_is_overridden_counts_as_it_says_until_it_ends() -> None:
    sky = Sky(an_override(until=NIGHT + HOUR / 2, limits={"wind": "above 60 km/h"}), wind=50.0)
    sky.dead.clear()
    sky.watch(2000.0)
    assert [verdict.safe for _, verdict in sky.turns] == [False, True, False]
    assert sky.turns[2][1].reason == "wind 50.0 km/h, above 40"


def test_rain_is_never_left_unwatched() -> None:
    sky = Sky(an_override(ignore="rain-sensor"), rain=3.0)
    sky.dead.clear()
    assert not sky.watch(900.0).monitor.current.safe, "the station measures it too"
    heard = {each.name: JudgedInput(each.name, each.measures, 60.0) for each in WEATHER}
    both = [Override.model_validate({**an_override(ignore=name), "name": name}) for name in ("rain-sensor", "station")]
    rules = in_force(SAFETY, heard, both)
    assert rules.safety.limits.rain is not None
    assert [each.name for each in rules.inputs] == ["cloud-sensor"], "so that nothing measures it, which is unsafe"
    wet = both[0].model_copy(update={"ignore": None, "limits": Limits.model_validate({"rain": "above 0.5 mm/h"})})
    assert in_force(SAFETY, heard, [wet]).safety.limits.rain == SAFETY.limits.rain


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (an_override(ignore="moths"), "no weather input is named 'moths'"),
        (an_override(until=NIGHT + 9 * 24 * HOUR, ignore="cloud-sensor"), "it lasts 216 h"),
        (an_override(limits={"humidity": "above 95 %"}), "the policy has no limit of humidity"),
        (an_override(limits={"rain": "above 1 mm/h"}), "is not understood"),
        (an_override(ignore="cloud-sensor", owner=""), "is not understood"),
        ({"kind": "override", "name": "broken"}, "is not understood"),
        ({"kind": "override", "name": ["x"]}, "is not understood"),
    ],
)
def test_one_that_is_unfit_changes_nothing_and_calls_people(said: Mapping[str, Any], why: str) -> None:
    sky = Sky(said).watch(900.0)
    assert [verdict.safe for _, verdict in sky.turns] == [False]
    (alarm,) = sky.told()
    assert why in alarm


def test_without_the_other_input_for_rain_its_sensor_is_never_ignored() -> None:
    alone = (WEATHER[0], WEATHER[1])
    (why,) = sorted_out([an_override(ignore="rain-sensor")], SAFETY, *here(*alone)).refused
    assert "nothing measures rain" in why


def test_what_is_journaled_of_it_is_read_back() -> None:
    said = Override.model_validate(an_override(limits={"wind": "above 60 km/h and hold for 2 min"}))
    assert Override.model_validate(said.said()) == said
    assert said.since == datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_limits_at_once_the_tighter_counts_whichever_was_read_last_and_people_are_told(order: int) -> None:
    tight, loose = (
        {**an_override(limits={"wind": f"above {limit}"}), "name": f"to-{limit[:2]}"}
        for limit in ("55 km/h", "90 km/h and hold for 3 min")
    )
    sky = Sky(*(tight, loose)[::order], wind=70.0)
    sky.dead.clear()
    sky.watch(900.0)
    assert [verdict.reason for _, verdict in sky.turns] == ["wind 70.0 km/h, above 55"]
    assert any("'to-90' counts only where it is the tighter" in each for each in sky.told())


def test_of_two_limits_at_once_the_shorter_hold_and_the_longer_clearing_count() -> None:
    said = ("above 90 km/h and hold for 3 min and clear for 4 min", "above 55 km/h and hold for 2 min")
    both = [Override.model_validate(an_override(limits={"wind": each})) for each in said]
    for order in (1, -1):
        wind = in_force(SAFETY, {}, both[::order]).safety.limits.wind
        assert wind is not None
        assert (wind.above, wind.held_s, wind.cleared_s) == (55.0, 120.0, 240.0)


def test_two_that_would_leave_rain_unwatched_only_together_are_neither_of_them_honoured() -> None:
    first, second = ({**an_override(ignore=name), "name": name} for name in ("rain-sensor", "station"))
    found = sorted_out([first, second], SAFETY, *here(*WEATHER))
    assert found.honoured == ()
    assert all("at once nothing measures rain" in why for why in found.refused)
    later = {**second, **an_override(since=NIGHT + HOUR, until=NIGHT + 2 * HOUR, ignore="station"), "name": "later"}
    assert len(sorted_out([first, later], SAFETY, *here(*WEATHER)).honoured) == 2, "one after the other"


def test_one_input_ignored_twice_calls_nobody_and_hides_nothing_else() -> None:
    said: list[dict[str, Any]] = [{"ignore": "cloud-sensor"}] * 2
    said += [{"limits": {"wind": f"above {each} km/h"}} for each in (55, 60)]
    both = [{**an_override(**each), "name": f"n{number}"} for number, each in enumerate(said)]
    found = sorted_out(both, SAFETY, *here(*WEATHER))
    assert [each.name for each in found.honoured] == ["n0", "n1", "n2", "n3"]
    assert ["counts only where it is the tighter" in why for why in found.refused] == [True, True]
