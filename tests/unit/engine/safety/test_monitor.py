"""The monitor believes what is fresh and makes sense, and tells of every turn; an input that lies is no evidence."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import inf, nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.ports import Reading
from obsy.engine.events import Event
from obsy.engine.events.roof import WeatherNoted
from obsy.engine.journal import Journal
from obsy.engine.safety import judging
from obsy.engine.safety.monitor import WeatherMonitor, _is_understood, _noted, _number
from obsy.engine.safety.verdict import Verdict
from obsy.schemas.policy import Limits, RainLimit, Safety
from obsy.schemas.weather import Weather
from tests.support.lying import LIES, Lies
from tests.support.safety import NIGHT, SAFETY, Shed


def an_input(name: str, every: str = "30 s", max_age: str = "60 s") -> Weather:
    said = {"kind": "weather", "name": name, "site": "here", "measures": ["rain"], "every": every, "max_age": max_age}
    return Weather.model_validate(said)


RAIN_THAT_HOLDS = RainLimit.model_construct(above=0.0, hold_for=180.0)  # longer than a policy may say
HOLDS = Safety.model_construct(limits=Limits.model_construct(rain=RAIN_THAT_HOLDS), dwell=600.0)


WEST, EAST = timezone(timedelta(hours=-5)), timezone(timedelta(hours=5))


class Nowhere(tzinfo):
    """A zone that does not say how far from Greenwich it is."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        return None

    dst = utcoffset


class Unreadable(dict[str, float]):
    """Values that raise when they are looked at."""

    def __iter__(self) -> Any:
        raise SystemExit(1)


@dataclass
class Sky:
    """Rain sensors that may lie, and the turns that were told."""

    names: tuple[str, ...] = ("rain",)
    pace: dict[str, str] = field(default_factory=dict)
    safety: Safety = SAFETY
    rain: dict[str, Any] = field(default_factory=dict)
    turns: list[tuple[float, Verdict]] = field(default_factory=list)
    heard: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shed = Shed()
        self.clock = self.shed.clock
        self.lies = {name: Lies(self.clock) for name in self.names}
        ports = {name: Port(self, name) for name in self.names}
        inputs = tuple(an_input(name, **self.pace) for name in self.names)
        self.monitor = WeatherMonitor(self.clock, self.safety, inputs, ports)

    @property
    def notes(self) -> list[WeatherNoted]:
        return [each for each in self.heard if isinstance(each, WeatherNoted)]

    def tell(self, verdict: Verdict) -> None:
        self.turns.append((self.shed.elapsed_s, verdict))

    def watch(self, seconds: float, then: Callable[[], None] = lambda: None, more_s: float = 0.0) -> list[bool]:
        """Watch for so long, let something happen, and watch on; return each verdict that was told."""

        async def look() -> None:
            while True:
                self.monitor.look()
                await self.clock.sleep(1.0)

        async def both() -> None:
            self.monitor.listen(self.tell, self.heard.append)
            task = asyncio.ensure_future(look())
            await self.clock.sleep(seconds)
            then()
            await self.clock.sleep(more_s)
            task.cancel()
            self.monitor.close()
            await asyncio.wait({task})

        self.shed.run(both())
        return [verdict.safe for _, verdict in self.turns]


@dataclass
class Port:
    """A rain sensor."""

    sky: Sky
    name: str

    async def read(self) -> Reading:
        async def measured() -> Reading:
            return Reading({"rain": self.sky.rain.get(self.name, 0.0)}, self.sky.clock.now())

        found: Reading = await self.sky.lies[self.name].through("read", measured)
        return found


def test_it_becomes_safe_after_the_dwell_and_not_before() -> None:
    sky = Sky()
    assert sky.watch(900.0) == [False, True]
    assert 600.0 <= sky.turns[1][0] <= 630.0


def test_rain_is_told_at_the_next_reading() -> None:
    sky = Sky()
    assert sky.watch(900.0, lambda: sky.rain.update(rain=1.0), 60.0) == [False, True, False]
    assert sky.turns[2][0] <= 930.0
    assert sky.turns[2][1].reason == "rain 1.0 mm/h, above 0"


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"stutters"}))
def test_an_input_that_lies_is_told_of_when_its_last_word_expires(lie: str) -> None:
    sky = Sky()
    assert sky.watch(900.0, lambda: sky.lies["rain"].tell("read", lie), 120.0) == [False, True, False]
    assert sky.turns[2][0] <= 900.0 + 61.0
    assert "rain is unknown" in sky.turns[2][1].reason


def test_a_word_expires_within_a_second_though_nothing_is_read_then() -> None:
    sky = Sky(pace={"every": "100 s", "max_age": "130 s"})
    assert sky.watch(950.0, lambda: sky.lies["rain"].tell("read", "refuses"), 100.0) == [False, True, False]
    assert 900.0 + 130.0 <= sky.turns[2][0] <= 900.0 + 131.0


def test_a_hold_ends_within_a_second_though_nothing_is_read_then() -> None:
    sky = Sky(pace={"every": "100 s", "max_age": "130 s"}, safety=HOLDS)
    assert sky.watch(950.0, lambda: sky.rain.update(rain=1.0), 300.0) == [False, True, False]
    assert 1000.0 + 180.0 <= sky.turns[2][0] <= 1000.0 + 181.0


@pytest.mark.parametrize("lie", LIES)
def test_an_input_that_lied_for_a_while_is_heard_again(lie: str) -> None:
    sky = Sky()
    sky.lies["rain"].tell("read", lie, NIGHT, NIGHT + timedelta(minutes=5))
    assert sky.watch(1200.0)[-1]


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"stutters"}))
def test_of_two_inputs_one_that_lies_delays_nothing_that_the_other_sees(lie: str) -> None:
    sky = Sky(names=("roof", "mast"))

    def turn() -> None:
        sky.lies["roof"].tell("read", lie)
        sky.rain["mast"] = 2.0

    assert sky.watch(900.0, turn, 40.0) == [False, True, False]
    assert sky.turns[2][0] <= 930.0


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "dry",
        {"rain": 0.0},
        Reading({"rain": None}, NIGHT),  # type: ignore[dict-item]
        Reading({"rain": "dry"}, NIGHT),  # type: ignore[dict-item]
        Reading({"rain": 0.0}, datetime(2026, 11, 21, 20)),
        Reading({"rain": 0.0}, None),  # type: ignore[arg-type]
        Reading(None, NIGHT),  # type: ignore[arg-type]
        Reading([0.0], NIGHT),  # type: ignore[arg-type]
        Reading({"rain": 0.0, 3: 1.0}, NIGHT),  # type: ignore[dict-item]
        Reading({"rain": 0.0}, datetime(2026, 11, 21, 20, tzinfo=Nowhere())),
        Reading({"rain": 0.0}, datetime.max.replace(tzinfo=WEST)),
        Reading({"rain": 0.0}, datetime.min.replace(tzinfo=EAST)),
        Reading({"rain": 0.0}, datetime.max.replace(tzinfo=UTC)),
        Reading({"rain": 0.0}, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_what_cannot_be_understood_is_no_evidence(nonsense: object) -> None:
    sky = Sky()

    async def read() -> Any:
        return nonsense

    sky.monitor._ports["rain"].read = read  # type: ignore[method-assign]
    assert sky.watch(900.0) == [False]
    assert sky.turns[0][1].reason == "rain is unknown: rain does not answer (what it says is no dated reading)"


def test_the_weather_is_noted_every_five_minutes_and_only_what_is_fresh() -> None:
    sky = Sky()
    sky.watch(900.0, lambda: sky.lies["rain"].tell("read", "refuses"), 700.0)
    told = [event.facts() for event in sky.notes]
    assert [fact.get("rain") for fact in told] == [0.0, 0.0, 0.0, 0.0, None, None]


def test_a_roof_that_was_open_already_owes_no_dwell() -> None:
    sky = Sky()

    async def ask() -> Verdict:
        sky.monitor.trust_the_open_roof()
        await sky.monitor.read_all()
        return sky.monitor.verdict()

    assert sky.shed.run(ask()).safe


@pytest.mark.parametrize("nonsense", [nan, inf, -inf, pytest.param(10**400, id="huge")])
def test_a_reading_beyond_all_numbers_is_unsafe_and_noted_nowhere(nonsense: float, tmp_path: Path) -> None:
    sky = Sky()
    assert sky.watch(900.0, lambda: sky.rain.update(rain=nonsense), 700.0) == [False, True, False]
    assert sky.turns[2][1].reason.startswith("rain is unknown")
    assert [note.facts().get("rain") for note in sky.notes[-2:]] == [None, None]
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        for note in sky.heard:
            journal.write(NIGHT, note)


def test_what_no_input_can_measure_is_noted_nowhere() -> None:
    sky = Sky()

    async def read() -> Reading:
        return Reading({"rain": 0.0, "moths": 3.0}, sky.clock.now())

    sky.monitor._ports["rain"].read = read  # type: ignore[method-assign]
    assert sky.watch(900.0) == [False, True]
    assert "moths" not in sky.notes[-1].facts()


def test_what_else_is_not_safe_is_told_at_once_and_owes_a_dwell() -> None:
    sky = Sky()
    found = sky.watch(910.0, lambda: sky.monitor.distrust("the roof stands open"), 700.0)
    assert found == [False, True, False, True]
    (told, verdict), (again, _) = sky.turns[2:]
    assert (told, verdict) == (pytest.approx(910.0, abs=0.01), Verdict(False, "the roof stands open"))
    assert 1510.0 <= again <= 1541.0


@pytest.mark.parametrize(("measured", "noted"), [(0.126, 0.13), (sys.float_info.max, sys.float_info.max)])
def test_the_weather_is_noted_to_the_hundredth_and_up_to_the_largest_number(measured: float, noted: float) -> None:
    sky = Sky(rain={"rain": measured})
    sky.watch(10.0)
    assert [note.facts()["rain"] for note in sky.notes] == [noted]


def test_what_is_as_old_as_it_may_be_is_noted_still() -> None:
    sky = Sky(names=("mast", "roof"), pace={"every": "60 s", "max_age": "60 s"}, rain={"roof": 0.5})
    sky.lies["roof"].tell("read", "refuses", NIGHT + timedelta(seconds=270))
    sky.watch(310.0)
    assert [note.facts()["rain"] for note in sky.notes] == [0.5, 0.5]


def test_an_input_that_hangs_is_given_up_after_ten_seconds_and_asked_again_at_its_own_pace() -> None:
    sky, asked = Sky(), []

    async def hangs() -> Reading:
        asked.append(sky.shed.elapsed_s)
        await sky.clock.sleep(1e6)
        raise AssertionError

    sky.monitor._ports["rain"].read = hangs  # type: ignore[method-assign]
    sky.watch(100.0)
    assert asked == [0.0, 40.0, 80.0]


def test_what_cannot_even_be_looked_at_is_no_evidence() -> None:
    sky = Sky()

    async def read() -> Any:
        return Reading(Unreadable(rain=0.0), sky.clock.now())

    sky.monitor._ports["rain"].read = read  # type: ignore[method-assign]
    assert sky.watch(900.0) == [False]
    assert "rain is unknown: rain does not answer" in sky.turns[0][1].reason


def test_an_input_that_nobody_reaches_is_no_evidence() -> None:
    sky = Sky()
    sky.monitor._ports.clear()
    assert sky.watch(900.0) == [False]
    assert "KeyError" in sky.turns[0][1].reason


def test_what_cannot_be_judged_is_unsafe_and_owes_the_dwell(monkeypatch: pytest.MonkeyPatch) -> None:
    sky, keep = Sky(), judging.judge

    def judge(*arguments: Any) -> Any:
        if 900.0 <= sky.shed.elapsed_s < 960.0:
            raise ZeroDivisionError
        return keep(*arguments)

    monkeypatch.setattr(judging, "judge", judge)
    assert sky.watch(2000.0) == [False, True, False, True]
    assert sky.turns[2][1].reason == "the weather cannot be judged: ZeroDivisionError()"
    assert sky.turns[3][0] - sky.turns[2][0] >= 600.0


def test_after_what_else_is_not_safe_the_dwell_is_owed() -> None:
    sky = Sky()
    assert sky.watch(900.0, lambda: sky.monitor.distrust("a hand on the roof"), 700.0) == [False, True, False, True]
    assert sky.turns[2] == (900.0, Verdict(False, "a hand on the roof"))
    assert 600.0 <= sky.turns[3][0] - 900.0 <= 630.0


def test_readings_dated_by_a_clock_that_was_set_count_by_their_age(monkeypatch: pytest.MonkeyPatch) -> None:
    sky = Sky()
    walls = sky.clock.now
    hour_on = lambda: walls() + timedelta(hours=1)  # noqa: E731
    turned = sky.watch(900.0, lambda: monkeypatch.setattr(sky.clock, "now", hour_on), 700.0)
    assert turned == [False, True, False, True]
    assert "clock was set by +3600 s" in sky.turns[2][1].reason


def test_the_weather_is_noted_every_five_minutes_though_nothing_is_read_for_longer() -> None:
    sky = Sky(pace={"every": "10 min", "max_age": "12 min"})
    sky.watch(1000.0)
    assert len(sky.notes) == 4


def test_a_fault_of_whoever_is_told_keeps_nothing_from_being_judged(capsys: pytest.CaptureFixture[str]) -> None:
    sky = Sky()

    def deaf(event: Event) -> None:
        if not isinstance(event, WeatherNoted):
            raise OSError("no room")

    sky.heard = SimpleNamespace(append=deaf)  # type: ignore[assignment]
    assert sky.watch(700.0) == [False, True]
    assert "not noted (OSError('no room')): evidence" in capsys.readouterr().err


def test_who_asks_for_the_verdict_is_told_that_of_this_moment() -> None:
    sky = Sky()

    async def asked() -> list[bool]:
        for _ in range(700):
            sky.monitor.look()
            await sky.clock.sleep(1.0)
        sky.monitor.close()
        before = sky.monitor.verdict().safe
        await sky.clock.sleep(100.0)
        return [before, sky.monitor.verdict().safe]

    assert sky.shed.run(asked()) == [True, False]


@pytest.mark.parametrize(("microsecond", "noted"), [(0, 0), (999, 0), (1_000, 1_000), (999_999, 999_000)])
def test_a_time_is_judged_as_the_journal_can_say_it(microsecond: int, noted: int) -> None:
    assert _noted(NIGHT.replace(microsecond=microsecond)) == NIGHT.replace(microsecond=noted)


@pytest.mark.parametrize(
    ("said", "number"),
    [(3, 3.0), (2.5, 2.5), (10**400, inf), (-(10**400), -inf)],
    ids=["whole", "broken", "too large", "too small"],
)
def test_a_number_larger_than_every_other_is_endless_in_its_own_direction(said: float, number: float) -> None:
    assert _number(said) == number


@pytest.mark.parametrize(("year", "is_so"), [(1969, False), (1970, True), (2169, True), (2170, False)])
def test_a_reading_is_dated_within_two_centuries(year: int, is_so: bool) -> None:
    assert _is_understood(Reading({"rain": 0.0}, NIGHT.replace(year=year))) is is_so
