"""What must not be is seen, whatever was commanded; what may be is left alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.safety.daylight import sunlight
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.safety.watching import RoofWatch
from tests.support.fakes import SetClock
from tests.support.safety import NERPIO, NIGHT, NOON, Shed


def watched(shed: Shed, **changes: Any) -> RoofWatch:
    return RoofWatch(replace(shed.shelter, **changes))


def says(shed: Shed, roof: Roof, then: Callable[[], None] = lambda: None) -> Shed:
    """The same, with switches that say so."""

    async def state() -> Roof:
        then()
        return roof

    shed.roof.state = state  # type: ignore[method-assign]
    return shed


@pytest.mark.parametrize(
    ("meant", "seen", "why"),
    [
        (Roof.CLOSED, Roof.CLOSED, ""),
        (Roof.CLOSED, Roof.UNKNOWN, ""),
        (Roof.CLOSED, Roof.OPEN, "the roof is meant to be closed, and its switches say 'open'"),
        (Roof.CLOSED, Roof.MOVING, "the roof is meant to be closed, and its switches say 'moving'"),
        (Roof.OPEN, Roof.OPEN, ""),
        (Roof.OPEN, Roof.UNKNOWN, ""),
        (Roof.OPEN, Roof.CLOSED, "the roof is meant to be open, and its switches say 'closed'"),
        (Roof.MOVING, Roof.CLOSED, ""),
        (Roof.UNKNOWN, Roof.OPEN, ""),
    ],
)
def test_a_roof_is_wrong_where_its_switches_say_otherwise(meant: Roof, seen: Roof, why: str) -> None:
    shed = says(Shed(), seen)
    shed.shelter.stance.meant = meant
    assert shed.run(watched(shed).why_wrong()) == why


def test_a_roof_that_is_meant_otherwise_while_its_switches_are_asked_is_not_wrong() -> None:
    shed = Shed()
    shed.shelter.stance.meant = Roof.CLOSED

    def now_it_may_open() -> None:
        shed.shelter.stance.meant = Roof.OPEN

    assert shed.run(watched(says(shed, Roof.MOVING, now_it_may_open)).why_wrong()) == ""


@pytest.mark.parametrize("meant", list(Roof))
def test_switches_that_say_nothing_for_more_than_ten_looks_are_told_of_where_they_matter(meant: Roof) -> None:
    shed = Shed()
    shed.shelter.stance.meant = meant
    watch = watched(shed)
    silent = [watch.why_silent() for _ in range(12)]
    why = "the roof's switches have said nothing that can be understood for 10 s"
    assert silent == [""] * 10 + [why if meant in (Roof.OPEN, Roof.CLOSED) else ""] * 2
    says(shed, Roof.CLOSED).run(watch.why_wrong())
    assert (watch.why_silent() == "") or meant not in (Roof.OPEN, Roof.CLOSED)


@pytest.mark.parametrize(
    ("meant", "travels", "passes", "home", "told"),
    [
        (Roof.UNKNOWN, True, False, False, True),
        (Roof.UNKNOWN, True, False, True, False),
        (Roof.UNKNOWN, True, True, False, False),
        (Roof.UNKNOWN, False, False, False, False),
        (Roof.CLOSED, True, False, False, False),
        (Roof.OPEN, True, False, False, False),
    ],
)
def test_a_roof_that_travels_over_a_mount_is_told_of_while_it_is_made_safe(
    meant: Roof, travels: bool, passes: bool, home: bool, told: bool
) -> None:
    shed = says(Shed(), Roof.UNKNOWN)
    stance, shed.mounts[0].home = shed.shelter.stance, home
    stance.meant, stance.travels, stance.passes = meant, travels, passes
    why = shed.run(watched(shed).why_passing())
    assert bool(why) is told
    assert ("gem-0" in why) is told


def test_a_roof_that_is_seen_at_its_end_travels_no_more() -> None:
    shed = says(Shed(), Roof.CLOSED)
    shed.mounts[0].home, shed.shelter.stance.travels = False, True
    assert shed.run(watched(shed).why_passing()) == ""


def astray(shed: Shed, state: MountState | None = None, **changes: Any) -> str:
    """What is told of the first mount."""

    async def says_so() -> MountState:
        assert state is not None
        return state

    if state is not None:
        shed.mounts[0].state = says_so  # type: ignore[method-assign]
    watch = watched(shed, **changes)
    told: str = shed.run(watch.why_astray(shed.shelter.mounts[0]))
    return told


@pytest.mark.parametrize(
    ("clearance", "home", "told"), [("parked", False, True), ("parked", True, False), ("free", False, False)]
)
def test_under_a_closed_roof_a_mount_is_parked(clearance: str, home: bool, told: bool) -> None:
    shed = Shed(clearance=clearance)
    shed.mounts[0].home, shed.shelter.stance.meant = home, Roof.CLOSED
    why = astray(shed)
    assert bool(why) is told
    assert why.startswith("under the closed roof the mount 'gem-0'") is told


def test_a_roof_that_may_open_while_a_mount_is_asked_needs_no_parked_mount() -> None:
    shed = Shed()
    shed.shelter.stance.meant = Roof.CLOSED

    async def state() -> MountState:
        shed.shelter.stance.meant = Roof.MOVING
        return MountState(False, True, 60.0, 0.0)

    shed.mounts[0].state = state  # type: ignore[method-assign]
    assert astray(shed) == ""


SUN = sunlight(NERPIO, NOON)
AT_THE_SUN = MountState(False, True, SUN.latitude, SUN.longitude)


@pytest.mark.parametrize(
    ("state", "roof", "told"),
    [
        (AT_THE_SUN, Roof.OPEN, True),
        (AT_THE_SUN, Roof.UNKNOWN, True),
        (AT_THE_SUN, Roof.CLOSED, False),
        (replace(AT_THE_SUN, azimuth_deg=SUN.longitude + 60.0), Roof.OPEN, False),
        (replace(AT_THE_SUN, azimuth_deg=None), Roof.OPEN, False),
        (replace(AT_THE_SUN, altitude_deg=None), Roof.OPEN, False),
    ],
)
def test_by_day_no_mount_points_near_the_sun_unless_the_roof_is_seen_closed(
    state: MountState, roof: Roof, told: bool
) -> None:
    shed = says(Shed(start=NOON), roof)
    shed.shelter.stance.meant = Roof.UNKNOWN
    why = astray(shed, state)
    assert (why != "") is told
    assert why.startswith("the mount 'gem-0' points within 0 deg of the Sun") is told


def test_a_mount_that_is_parked_towards_the_sun_or_says_nothing_is_no_violation() -> None:
    shed = says(Shed(start=NOON), Roof.OPEN)
    towards = shed.shelter.mounts[0].declared.model_copy(deep=True)
    park = towards.park.model_construct(azimuth=SUN.longitude, altitude=SUN.latitude)
    parks = ShelteredMount(towards.model_copy(update={"park": park}), shed.mounts[0])
    shed.mounts[0].lies.tell("state", "refuses")
    assert shed.run(watched(shed).why_astray(shed.shelter.mounts[0])) == ""

    async def state() -> MountState:
        return replace(AT_THE_SUN, parked=True, tracking=False)

    (shed := says(Shed(start=NOON), Roof.OPEN)).mounts[0].state = state  # type: ignore[method-assign]
    assert shed.run(watched(shed).why_astray(replace(parks, port=shed.mounts[0]))) == ""


@pytest.mark.parametrize("place", [NERPIO, None])
def test_by_night_and_where_nobody_knows_the_sun_no_mount_is_asked_where_it_points(place: object) -> None:
    shed = says(Shed(start=NIGHT if place else NOON), Roof.OPEN)
    assert astray(shed, AT_THE_SUN, place=place) == ""


def test_where_nobody_knows_how_high_the_sun_stands_no_roof_opens() -> None:
    shed = Shed()
    shed.loop.close()
    assert "nobody knows" in watched(shed, place=None).why_too_light()
    assert watched(shed).why_too_light() == ""


def lit(clock: SetClock) -> RoofWatch:
    shed = Shed()
    shed.loop.close()
    return RoofWatch(replace(shed.shelter, clock=clock))


def test_the_sun_is_asked_for_every_ten_seconds() -> None:
    watch = lit(clock := SetClock(NOON))
    noon = watch.why_too_light()
    assert noon.startswith("the Sun stands at")
    clock.set_by(2.0 * 3600.0)
    clock.pass_by(9.75)
    assert watch.why_too_light() == noon
    clock.pass_by(0.25)
    assert watch.why_too_light().startswith("the Sun stands at")
    assert watch.why_too_light() != noon


@pytest.mark.parametrize(("set_s", "light"), [(0.0, False), (4.9, False), (-12 * 3600.0, True), (12 * 3600.0, True)])
def test_neither_by_the_clock_nor_by_the_time_that_nobody_sets_it_may_be_light(set_s: float, light: bool) -> None:
    watch = lit(clock := SetClock(NIGHT))
    clock.set_by(set_s)
    assert bool(watch.why_too_light()) is light
    watch = lit(clock := SetClock(NOON))
    clock.set_by(set_s)
    assert watch.why_too_light()
