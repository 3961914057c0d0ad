"""A mount is parked when it says so and stands there; anything less is no evidence."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.safety import seeing
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.seeing import PARKED_WITHIN_DEG, seen_parked
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition
from tests.support.lying import LIES
from tests.support.safety import Shed

PARK = ParkPosition(azimuth="358 deg", altitude="20 deg")
HOME = MountState(parked=True, tracking=False, altitude_deg=20.0, azimuth_deg=358.0)


def test_a_claim_with_the_encoders_at_home_is_proof() -> None:
    assert seen_parked(HOME, PARK)


@pytest.mark.parametrize(
    "wrong",
    [
        {"parked": False},
        {"parked": None},
        {"altitude_deg": None},
        {"azimuth_deg": None},
        {"altitude_deg": nan},
        {"azimuth_deg": nan},
        {"altitude_deg": 22.1},
        {"altitude_deg": 17.9},
        {"azimuth_deg": 0.5},
        {"azimuth_deg": 355.5},
        {"azimuth_deg": 178.0},
    ],
)
def test_anything_less_is_none(wrong: dict[str, object]) -> None:
    assert not seen_parked(replace(HOME, **wrong), PARK)  # type: ignore[arg-type]


def test_north_is_no_seam() -> None:
    assert seen_parked(replace(HOME, azimuth_deg=359.9), PARK)
    assert seen_parked(replace(HOME, azimuth_deg=0.05), PARK)
    assert seen_parked(replace(HOME, azimuth_deg=-2.0), PARK)


def test_at_the_zenith_azimuth_says_nothing() -> None:
    zenith = ParkPosition(azimuth="0 deg", altitude="90 deg")
    assert seen_parked(replace(HOME, altitude_deg=90.0, azimuth_deg=180.0), zenith)


@given(st.floats(-90.0, 90.0), st.floats(0.0, 360.0))
def test_nothing_farther_than_the_slack_is_ever_seen_parked(altitude: float, azimuth: float) -> None:
    if abs(altitude - PARK.altitude) > PARKED_WITHIN_DEG:
        assert not seen_parked(replace(HOME, altitude_deg=altitude, azimuth_deg=azimuth), PARK)


def test_the_slack_itself_is_within_it() -> None:
    level = ParkPosition(azimuth="0 deg", altitude="0 deg")
    assert seen_parked(replace(HOME, altitude_deg=0.0, azimuth_deg=PARKED_WITHIN_DEG), level)
    assert seen_parked(replace(HOME, altitude_deg=PARKED_WITHIN_DEG, azimuth_deg=0.0), level)
    assert not seen_parked(replace(HOME, altitude_deg=0.0, azimuth_deg=2.001), level)


@pytest.mark.parametrize("lie", sorted(set(LIES)))
def test_a_mount_that_does_not_answer_is_not_seen_parked(lie: str) -> None:
    shed = Shed()
    assert shed.run(seeing.why_not_parked(shed.shelter.mounts[0])) == ""
    again = Shed()
    again.mounts[0].lies.tell("state", lie)
    assert again.run(seeing.why_not_parked(again.shelter.mounts[0]))


@pytest.mark.parametrize("lie", sorted(set(LIES)))
def test_switches_that_cannot_be_understood_say_nothing(lie: str) -> None:
    shed = Shed()
    shed.roof.lies.tell("state", lie)
    assert shed.run(seeing.roof(shed.shelter)) is Roof.UNKNOWN


def test_it_is_said_what_a_mount_claims_and_where_it_stands() -> None:
    shed = Shed().under_the_sky()
    assert shed.run(seeing.why_not_parked(shed.shelter.mounts[0])) == (
        "the mount 'gem-0' is not parked and stands at altitude 60.0 deg, azimuth 0.0 deg"
    )
    state = MountState(parked=False, tracking=False, altitude_deg=-1e-9, azimuth_deg=None)
    assert seeing._described(shed.shelter.mounts[0], state).endswith("altitude 0.0 deg, azimuth unknown")
    again = Shed().under_the_sky()
    again.mounts[0].lies.tell("place", "elsewhere")
    assert "claims to be parked, tracks, and stands at altitude 60.0 deg" in again.run(
        seeing.why_not_parked(again.shelter.mounts[0])
    )


@pytest.mark.parametrize("nonsense", [inf, -inf, "level", [0.0], pytest.param(10**400, id="huge")])
@pytest.mark.parametrize("which", ["altitude_deg", "azimuth_deg", "parked"])
def test_coordinates_that_are_no_numbers_are_no_evidence_and_the_mount_is_told_to_park(
    which: str, nonsense: object
) -> None:
    assert not seen_parked(replace(HOME, **{which: nonsense}), PARK)  # type: ignore[arg-type]
    shed = Shed().under_the_sky()
    keep, told = shed.mounts[0].park, []

    async def state() -> MountState:
        return replace(HOME, **{which: nonsense})  # type: ignore[arg-type]

    async def park() -> None:
        told.append("park")
        await keep()

    shed.mounts[0].state, shed.mounts[0].park = state, park  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="not seen closed"):
        shed.run(make_safe(shed.shelter, shed.events.append))
    assert told
    assert shed.roof.moved == []


@pytest.mark.parametrize(
    ("seen", "astray"),
    [
        ({}, False),
        ({"parked": None}, False),
        ({"parked": None, "tracking": None, "altitude_deg": None}, False),
        ({"azimuth_deg": nan}, False),
        ({"altitude_deg": 22.0}, False),
        ({"parked": False}, True),
        ({"tracking": True}, True),
        ({"parked": None, "tracking": True, "azimuth_deg": None}, True),
        ({"altitude_deg": 22.1}, True),
        ({"azimuth_deg": 0.5}, True),
    ],
)
def test_a_mount_is_astray_only_if_something_that_it_says_proves_it(seen: dict[str, object], astray: bool) -> None:
    shed = Shed()
    declared = shed.shelter.mounts[0].declared.model_copy(update={"park": PARK})

    async def state() -> MountState:
        return replace(HOME, **seen)  # type: ignore[arg-type]

    shed.mounts[0].state = state  # type: ignore[method-assign]
    found = shed.run(seeing.why_astray(replace(shed.shelter.mounts[0], declared=declared)))
    assert found.startswith("the mount 'gem-0'") if astray else found == ""


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"stutters"}))
def test_silence_proves_nothing(lie: str) -> None:
    shed = Shed()
    shed.mounts[0].lies.tell("state", lie)
    assert shed.run(seeing.why_astray(shed.shelter.mounts[0])) == ""


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        *[({"altitude_deg": each}, True) for each in (None, 0, -90.0, 90.0)],
        *[({"altitude_deg": each}, False) for each in (-90.5, 90.5, nan, True, "45")],
        *[({"azimuth_deg": each}, True) for each in (None, -720.0, 720.0)],
        *[({"azimuth_deg": each}, False) for each in (-720.5, 720.5, inf)],
        *[({claim: each}, True) for claim in ("parked", "tracking") for each in (None, True, False)],
        *[({claim: each}, False) for claim in ("parked", "tracking") for each in (1, "yes")],
    ],
)
def test_a_mount_is_understood_where_its_claims_are_claims_and_its_axes_can_stand_so(
    said: dict[str, object], understood: bool
) -> None:
    shed = Shed()
    answer = replace(HOME, **said)  # type: ignore[arg-type]

    async def state() -> MountState:
        return answer

    shed.mounts[0].state = state  # type: ignore[method-assign]
    if understood:
        assert shed.run(seeing.mount_state(shed.shelter.mounts[0])) == answer
    else:
        with pytest.raises(DeviceError, match="the mount 'gem-0' answered MountState"):
            shed.run(seeing.mount_state(shed.shelter.mounts[0]))


@pytest.mark.parametrize(
    ("was", "seen", "travels"),
    [
        (False, Roof.MOVING, True),
        (True, Roof.MOVING, True),
        (True, Roof.UNKNOWN, True),
        (False, Roof.UNKNOWN, False),
        (True, Roof.OPEN, False),
        (True, Roof.CLOSED, False),
        (False, Roof.CLOSED, False),
    ],
)
def test_a_roof_travels_until_it_is_seen_at_either_end(was: bool, seen: Roof, travels: bool) -> None:
    shed = Shed()
    shed.shelter.stance.travels, shed.shelter.stance.unseen = was, 7

    async def state() -> Roof:
        return seen

    shed.roof.state = state  # type: ignore[method-assign]
    assert shed.run(seeing.roof(shed.shelter)) is seen
    assert shed.shelter.stance.travels is travels
    assert shed.shelter.stance.unseen == (7 if seen is Roof.UNKNOWN else 0)
