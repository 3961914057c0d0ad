"""Whatever the weather does and whichever sensor dies: the roof is shut in time, and never over a mount."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.intent import Intent
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.schedule.request import Block
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night
from obsy.schemas.night import NightTable
from obsy.schemas.policy import Safety
from obsy.schemas.weather import Weather
from tests.support import fakes
from tests.support.effort import costly, examples
from tests.support.equipment import example
from tests.support.requests import request
from tests.support.safety import NERPIO, kept

ROOT = Path(__file__).parents[2]


def document(place: str, kind: str) -> dict[str, Any]:
    found = YAML(typ="safe").load_all((ROOT / place).read_text())
    return next(each for each in found if each["kind"] == kind)


TABLE = NightTable.model_validate(document("library/nights/roll-off.yaml", "night"))
SAFETY = Safety.model_validate(
    {
        "limits": {"rain": "above 0 mm/h", "cloud": "above 40 % and hold for 3 min"},
        "dwell": "2 min",
    }
)
DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
START, DAWN, END = (DUSK + timedelta(minutes=minutes) for minutes in (-3, 32, 50))
NIGHT = Night(date(2026, 11, 21), START, END, START, DUSK, DAWN, DAWN, (Window(DUSK, DAWN),))
PARKING_S, TRAVEL_S = 30.0, 45.0
SLACK_S = 5.0
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking a night would take minutes."""


@dataclass(frozen=True)
class Spell:
    """From a minute of the night on, a quantity has this value; None is a dead sensor."""

    minute: float
    value: float | None


@dataclass(frozen=True)
class Input:
    """A weather input and all that it would ever measure."""

    declared: Weather
    quantity: str
    spells: tuple[Spell, ...]
    silence_s: float

    def at(self, when: datetime) -> float | None:
        minute = (when - START).total_seconds() / 60
        return [spell.value for spell in self.spells if spell.minute <= minute][-1]


def inputs(quantity: str, bad: float) -> st.SearchStrategy[Input]:
    """An input with a pace of its own, and up to six turns of its quantity during the night."""
    spell = st.builds(Spell, st.integers(1, 42).map(float), st.sampled_from([0.0, bad, None]))
    pace = st.tuples(st.sampled_from([10, 15, 30, 60, 240]), st.sampled_from([1, 20, 300]))
    return st.builds(
        lambda pace, spells, silence_s: Input(
            Weather.model_validate(
                {
                    "kind": "weather",
                    "name": f"{quantity}-sensor",
                    "site": "here",
                    "measures": [quantity],
                    "every": f"{pace[0]} s",
                    "max_age": f"{pace[0] + pace[1]} s",
                }
            ),
            quantity,
            (Spell(0.0, 0.0), *sorted(spells, key=lambda each: each.minute)),
            silence_s,
        ),
        pace,
        st.lists(spell, max_size=6),
        st.sampled_from([0.0, 3.0, 10.0, 60.0]),
    )


def play(told: tuple[Input, ...]) -> Any:
    """The roof after a night with these inputs."""
    loop = VirtualLoop()
    clock = VirtualClock(START, loop)
    mount = fakes.FakeMount(clock, PARKING_S)
    roof = fakes.FakeEnclosure(clock, mount, TRAVEL_S)

    def truth(source: Input) -> Any:
        return lambda when: None if (value := source.at(when)) is None else {source.quantity: value}

    weather = {each.declared.name: fakes.FakeWeatherInput(clock, truth(each), each.silence_s) for each in told}
    stands = example().instruments[0]
    gem = stands.mount.name
    shelter = Shelter(clock, NERPIO, stands.enclosure, roof, (ShelteredMount(stands.mount, mount),), SAFETY)
    keeper = kept(shelter, weather, tuple(each.declared for each in told))
    ports = Ports(clock, keeper, {gem: mount}, {gem: fakes.FakeExecutor(clock)})
    context = NightContext(
        NIGHT,
        NightRules(SAFETY, stands.enclosure, (stands.mount,), {stands.name: stands}, 30.0),
        ports,
        fakes.FakeProcessing(),
        fakes.FakeJournal(),
        Tally(),
        plan,
        lack,
    )

    async def night() -> None:
        keeping = asyncio.create_task(keeper.run())
        await Loop(TABLE, context).run()
        keeping.cancel()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(night())
    return roof


def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
    """Ten minutes of work, whenever it is asked for while it is dark."""
    wanted = request()
    blocks = (
        (Block(wanted, 10, now, now + timedelta(minutes=10), 90.0, 40.0, -1.0),)
        if now < DAWN - timedelta(minutes=11)
        else ()
    )
    return Intent(NIGHT.date, "here", DUSK, DAWN, blocks, (), ())


def lack(tally: Tally, now: datetime) -> tuple[()]:
    return ()


def open_spells(roof: Any) -> list[tuple[datetime, datetime]]:
    """From each opening to the first closing after it; a closed roof may be told to close again."""
    spells: list[tuple[datetime, datetime]] = []
    opened: datetime | None = None
    for when, to in roof.moved:
        if to is Roof.OPEN:
            opened = when
        elif opened is not None:
            spells.append((opened, when))
            opened = None
    assert opened is None
    return spells


def last_excuse(source: Input, hold_s: float, since: datetime, until: datetime) -> datetime | None:
    """When at the latest a roof that is open from `since` must have begun to close, for this input; None if never.

    Each unbroken stretch of trouble counts from its own beginning.
    """
    allowed = timedelta(seconds=source.declared.max_age + hold_s + SLACK_S)
    trouble: datetime | None = None
    for spell in source.spells:
        when = START + timedelta(minutes=spell.minute)
        if trouble is not None and when > trouble + allowed and trouble + allowed > since:
            return trouble + allowed
        if spell.value == 0.0:
            trouble = None
        elif trouble is None:
            trouble = when
    return max(trouble + allowed, since) if trouble is not None and trouble + allowed < until else None


def assert_shut_in_time(roof: Any, rain: Input, cloud: Input) -> None:
    """The roof began to close no later than each input allows, and then took its time."""
    moving = timedelta(seconds=PARKING_S + TRAVEL_S)
    for opened, closed in open_spells(roof):
        assert opened >= DUSK
        for source, hold_s in ((rain, 0.0), (cloud, 180.0)):
            excuse = last_excuse(source, hold_s, opened, closed)
            assert excuse is None or closed <= excuse + moving, (source, opened, closed)


@pytest.mark.long
@settings(max_examples=costly(50), phases=QUICK)
@given(rain=inputs("rain", 2.0), cloud=inputs("cloud", 90.0))
def test_the_roof_is_shut_in_time_and_never_over_a_mount(rain: Input, cloud: Input) -> None:
    roof = play((rain, cloud))
    assert not roof.struck
    assert roof.roof is Roof.CLOSED
    assert_shut_in_time(roof, rain, cloud)


@pytest.mark.long
@settings(max_examples=examples(10), phases=QUICK)
@given(rain=inputs("rain", 2.0), cloud=inputs("cloud", 90.0))
def test_the_same_weather_moves_the_roof_at_the_same_moments(rain: Input, cloud: Input) -> None:
    assert play((rain, cloud)).moved == play((rain, cloud)).moved


def seldom(quantity: str, *spells: Spell) -> Input:
    """An input that is read every four minutes, and whose word holds a second longer."""
    declared = Weather.model_validate(
        {
            "kind": "weather",
            "name": f"{quantity}-sensor",
            "site": "here",
            "measures": [quantity],
            "every": "240 s",
            "max_age": "241 s",
        }
    )
    return Input(declared, quantity, (Spell(0.0, 0.0), *spells), 0.0)


def test_a_calm_night_opens_the_roof_once() -> None:
    assert len(open_spells(play((seldom("rain"), seldom("cloud"))))) == 1


def test_the_word_of_a_dead_sensor_expires_between_two_readings_too() -> None:
    rain, cloud = seldom("rain", Spell(15.0, None)), seldom("cloud")
    roof = play((rain, cloud))
    assert open_spells(roof)[0][1] < START + timedelta(minutes=21)
    assert_shut_in_time(roof, rain, cloud)


def test_a_hold_ends_between_two_readings_too() -> None:
    rain, cloud = seldom("rain"), seldom("cloud", Spell(15.0, 90.0))
    roof = play((rain, cloud))
    assert open_spells(roof)[0][1] < START + timedelta(minutes=24)
    assert_shut_in_time(roof, rain, cloud)
