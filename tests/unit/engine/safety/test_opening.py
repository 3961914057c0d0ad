"""A roof opens on evidence alone: safe, dark, and nothing in its way."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.devices.simulated.ephemeris import standing, sun
from obsy.engine.safety import seeing
from obsy.engine.safety.opening import check_opening, open_roof
from obsy.engine.safety.verdict import Verdict
from obsy.errors import DeviceError
from obsy.schemas.site import Location
from tests.support.effort import examples
from tests.support.lying import LIES, PLACES
from tests.support.safety import NERPIO, NOON, SAFETY, Shed

SAFE, WET = Verdict(True, "every input is fresh"), Verdict(False, "rain 3.0 mm/h, above 0")


def opened(shed: Shed, verdict: Verdict = SAFE) -> str:
    """Why it did not open; empty if it did."""
    try:
        shed.run(open_roof(shed.shelter, verdict, shed.events.append))
    except DeviceError as error:
        return str(error)
    return ""


def test_a_safe_night_over_a_parked_mount_opens_the_roof() -> None:
    shed = Shed()
    assert opened(shed) == ""
    assert shed.roof.at == 1.0
    assert shed.names() == ["roof-opened"]


def test_a_roof_that_is_open_is_left_as_it_is() -> None:
    shed = Shed().under_the_sky()
    assert opened(shed) == ""
    assert shed.roof.moved == []
    assert shed.names() == []


@pytest.mark.parametrize("lie", ["refuses", "breaks"])
def test_a_roof_whose_switches_say_nothing_is_not_told_to_open(lie: str) -> None:
    shed = Shed()
    shed.roof.lies.tell("state", lie)
    assert opened(shed) == "the roof stays as it is: its switches say 'unknown', and only a closed roof is opened"
    assert shed.roof.moved == []


def test_a_roof_that_stands_half_open_is_closed_before_it_opens() -> None:
    shed = Shed()
    shed.roof.at = 0.5
    assert "only a closed roof is opened" in opened(shed)
    assert shed.roof.moved == []


def test_without_a_safe_verdict_nothing_moves() -> None:
    shed = Shed()
    assert opened(shed, WET) == "the roof stays closed: rain 3.0 mm/h, above 0"
    assert shed.roof.moved == []


@pytest.mark.parametrize("is_open", [False, True])
def test_at_noon_no_roof_opens_and_none_is_kept_open(is_open: bool) -> None:
    shed = Shed(start=NOON)
    if is_open:
        shed.under_the_sky()
    assert opened(shed) == "the roof stays closed: the Sun stands at 31.9 deg; the policy says below -6 deg"
    assert shed.roof.moved == []


def test_a_roof_that_stands_nobody_knows_where_never_opens() -> None:
    shed = Shed()
    shed.shelter = replace(shed.shelter, place=None)
    assert "nobody knows where it stands" in opened(shed)
    assert shed.roof.moved == []


def sun_altitude_deg(when: datetime) -> float:
    """By another ephemeris than the one that safety asks: the simulator's own, good to 0.02 deg."""
    place, at_s = Location(NERPIO.latitude_deg, NERPIO.longitude_deg), when.timestamp()
    light = sun(at_s)
    return standing(light.ra_deg, light.dec_deg, place, at_s).altitude_deg


@settings(max_examples=examples(120))
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.floats(-30.0, 0.0))
def test_at_no_time_and_by_no_policy_a_roof_opens_under_a_higher_sun(when: datetime, below: float) -> None:
    roof = SAFETY.sun.roof.model_copy(update={"below": below})
    policy = SAFETY.model_copy(update={"sun": SAFETY.sun.model_copy(update={"roof": roof})})
    shed = Shed(start=when.replace(tzinfo=UTC), policy=policy)
    opens = opened(shed) == ""
    altitude_deg = sun_altitude_deg(shed.start)
    assert altitude_deg < below + 0.05 if opens else altitude_deg > below - 0.05


@pytest.mark.parametrize("place", PLACES)
def test_a_mount_that_is_not_seen_parked_keeps_the_roof_closed(place: str) -> None:
    shed = Shed()
    shed.mounts[0].home = False
    shed.mounts[0].lies.tell("place", place)
    assert "the roof stays closed: the mount 'gem-0'" in opened(shed)
    assert shed.roof.moved == []


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"nothing"}))
def test_a_mount_that_does_not_answer_keeps_the_roof_closed(lie: str) -> None:
    shed = Shed()
    shed.mounts[0].lies.tell("state", lie)
    assert "the roof stays closed" in opened(shed)
    assert shed.roof.moved == []


@pytest.mark.parametrize("stray", range(3))
def test_of_several_mounts_each_must_be_out_of_the_way(stray: int) -> None:
    shed = Shed(count=3)
    shed.mounts[stray].home = False
    assert f"'gem-{stray}'" in opened(shed)
    assert shed.roof.moved == []


def test_a_roof_that_clears_the_mounts_asks_none() -> None:
    shed = Shed(clearance="free")
    shed.mounts[0].home = False
    assert opened(shed) == ""
    assert shed.roof.struck == []


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"late"}))
def test_a_roof_that_does_not_open_is_not_called_open(lie: str) -> None:
    shed = Shed()
    shed.roof.lies.tell("open", lie)
    assert opened(shed) != ""
    assert "roof-opened" not in shed.names()


def test_an_answer_without_an_open_switch_is_not_believed() -> None:
    shed = Shed()
    shed.roof.lies.tell("open", "nothing")
    assert opened(shed) == "the roof was asked to open and its switches say 'closed'"


def test_whether_a_roof_would_have_to_move_is_said_on_the_same_evidence_and_moves_nothing() -> None:
    shed, wide, astray = Shed(), Shed().under_the_sky(), Shed()
    astray.mounts[0].home = False
    assert shed.run(check_opening(shed.shelter, SAFE)) is True
    assert wide.run(check_opening(wide.shelter, SAFE)) is False
    by_day, wet = (Shed(start=NOON), SAFE, "the Sun"), (Shed(), WET, "rain 3.0")
    for refused, verdict, why in ((astray, SAFE, "the mount 'gem-0'"), wet, by_day):
        with pytest.raises(DeviceError, match=f"the roof stays closed: {why}"):
            refused.run(check_opening(refused.shelter, verdict))
    assert shed.shelter.stance.meant is Roof.UNKNOWN
    assert shed.roof.moved == wide.roof.moved == astray.roof.moved == []


def test_while_it_is_being_made_safe_no_roof_opens() -> None:
    shed = Shed()

    async def both() -> None:
        async with shed.shelter.stance.closing:
            await open_roof(shed.shelter, SAFE, shed.events.append)

    with pytest.raises(DeviceError, match="^the roof stays closed: it is being made safe$"):
        shed.run(both())
    assert shed.roof.moved == []


def test_a_mount_that_leaves_its_park_stops_an_opening_roof() -> None:
    shed = Shed()

    async def both() -> None:
        opening = asyncio.ensure_future(open_roof(shed.shelter, SAFE, shed.events.append))
        await shed.clock.sleep(10.0)
        shed.mounts[0].home = False
        await opening

    with pytest.raises(DeviceError, match="told to open, was stopped: the mount 'gem-0' is not parked"):
        shed.run(both())
    assert shed.elapsed_s <= 12.0
    assert "roof-opened" not in shed.names()


@pytest.mark.parametrize(("asked", "is_open"), [("roof", False), ("roof", True), ("mount", False)])
def test_a_roof_that_was_made_safe_while_switches_or_mounts_were_asked_is_not_opened(asked: str, is_open: bool) -> None:
    shed = Shed().seen_closed()
    shed.shelter.stance.meant, shed.roof.at = Roof.CLOSED, float(is_open)
    port: Any = shed.roof if asked == "roof" else shed.mounts[0]
    keep, late = port.state, [5.0]

    async def state() -> Any:
        answer = await keep()
        await shed.clock.sleep(late.pop() if late else 0.0)
        return answer

    port.state = state

    async def both() -> str:
        opening = asyncio.ensure_future(open_roof(shed.shelter, SAFE, shed.events.append))
        await shed.clock.sleep(1.0)
        shed.shelter.stance.meant = Roof.UNKNOWN
        await asyncio.wait({opening})
        return str(opening.exception())

    said = shed.run(both())
    assert said == "the roof stays closed: it is being made safe"
    assert shed.shelter.stance.meant is Roof.UNKNOWN
    assert shed.roof.moved == []


@pytest.mark.parametrize("meant", [Roof.CLOSED, Roof.UNKNOWN])
def test_a_roof_that_stays_closed_is_meant_to_be_what_it_was(meant: Roof) -> None:
    shed = Shed().seen_closed()
    shed.shelter.stance.meant, shed.mounts[0].home = meant, False
    assert opened(shed)
    assert (shed.shelter.stance.meant, shed.shelter.stance.exposed) == (meant, False)


def test_a_roof_that_is_made_safe_while_it_opens_is_stopped_and_called_open_by_nobody() -> None:
    shed = Shed()

    async def both() -> None:
        opening = asyncio.ensure_future(open_roof(shed.shelter, SAFE, shed.events.append))
        await shed.clock.sleep(10.0)
        shed.shelter.stance.meant = Roof.UNKNOWN
        await opening

    with pytest.raises(DeviceError, match="told to open, was stopped: it is being made safe"):
        shed.run(both())
    assert shed.elapsed_s <= 12.0
    assert shed.shelter.stance.meant is Roof.UNKNOWN


def test_a_roof_that_is_made_safe_while_it_is_seen_open_is_called_open_by_nobody() -> None:
    shed = Shed()
    state = shed.roof.state

    async def looked_at() -> Roof:
        if (seen := await state()) is Roof.OPEN:
            shed.shelter.stance.meant = Roof.UNKNOWN
        return seen

    shed.roof.state = looked_at  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="the roof was opened, and is being made safe"):
        shed.run(open_roof(shed.shelter, SAFE, shed.events.append))
    assert "roof-opened" not in shed.names()


@pytest.mark.parametrize("lie", ["nothing", "refuses", "silent"])
def test_from_the_command_to_open_on_a_switch_that_says_closed_is_not_enough(lie: str) -> None:
    shed = Shed().seen_closed()
    shed.roof.lies.tell("open", lie)
    assert opened(shed)
    assert shed.shelter.stance.exposed


def test_under_an_open_roof_mounts_may_move_whoever_opened_it() -> None:
    for shed in (Shed(), Shed().under_the_sky()):
        shed.shelter.stance.meant, shed.shelter.stance.exposed = Roof.UNKNOWN, False
        assert opened(shed) == ""
        assert (shed.shelter.stance.meant, shed.shelter.stance.exposed) == (Roof.OPEN, True)


@pytest.mark.parametrize("takes_s", [0.5, 4.0])
def test_a_roof_that_says_it_is_open_sooner_than_it_can_be_is_not_believed(takes_s: float) -> None:
    shed = Shed()
    shed.roof.travel_s = takes_s
    assert opened(shed) == (
        f"the roof is not believed to be open: its switches say 'open' {takes_s:.1f} s after it was told to move, "
        "and it takes 45 s; if it is so quick, write its true 'travel'"
    )
    assert shed.shelter.stance.meant is not Roof.OPEN


def test_nor_is_one_whose_driver_says_so_at_once_and_answers_late() -> None:
    shed = Shed()

    async def echo() -> None:
        shed.roof.at = 1.0
        await shed.clock.sleep(20.0)

    shed.roof.open = echo  # type: ignore[method-assign]
    assert opened(shed).startswith("the roof is not believed to be open: its switches say 'open' 1.0 s after")


def test_a_look_at_a_roof_on_its_way_says_when_it_said_so_and_not_that_it_has_arrived() -> None:
    shed = Shed()
    shed.shelter.stance.travels, shed.shelter.stance.unseen = True, 7
    assert shed.run(seeing.glance(shed.shelter)) is Roof.CLOSED
    assert (shed.shelter.stance.travels, shed.shelter.stance.unseen) == (True, 0)


def test_nor_is_one_whose_mount_took_long_to_say_that_it_is_parked() -> None:
    shed = Shed()
    shed.roof.travel_s = 0.5

    async def slowly() -> MountState:
        await shed.clock.sleep(8.0)
        return await type(shed.mounts[0]).state(shed.mounts[0])

    shed.mounts[0].state = slowly  # type: ignore[method-assign]
    assert opened(shed).startswith("the roof is not believed to be open")
