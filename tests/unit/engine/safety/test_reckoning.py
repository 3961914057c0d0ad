"""A mount that reckons with another place or time is told better, and not woken if that does not help."""

import asyncio
from math import nan
from typing import Any

import pytest

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.events import Event
from obsy.engine.events.roof import MountSetRight
from obsy.engine.safety.reckoning import set_right
from obsy.engine.safety.shelter import ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.mount import Reckons
from tests.support.safety import a_mount

RIGHT = Reckoning(0.0, 0.0, 0.0)
DECLARED = Reckons.model_validate({"place": "6 arcmin", "time": "10 s"})


class Believing:
    """A mount that says what it reckons with, before and after it is told."""

    def __init__(self, before: Any, after: Any, refuses: bool = False) -> None:
        self.says, self.after, self.refuses = before, after, refuses

    async def reckoning(self) -> Any:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def tell(self) -> None:
        self.says = self.after
        if self.refuses:
            raise OSError("read only")


def told(mount: Believing, declared: Reckons | None = DECLARED) -> list[Event]:
    events: list[Event] = []
    port: Any = mount
    asyncio.run(set_right(ShelteredMount(a_mount().model_copy(update={"reckons": declared}), port), events.append))
    return events


def test_one_that_reckons_with_what_is_true_is_not_told_of() -> None:
    assert told(Believing(RIGHT, RIGHT)) == []
    assert told(Believing(Reckoning(0.1, -0.1, 10.0), RIGHT)) == []


@pytest.mark.parametrize("declared", [DECLARED, None])
def test_one_that_is_set_right_is_told_of_and_wakes(declared: Reckons | None) -> None:
    (event,) = told(Believing(Reckoning(0.0, 12.5, -3600.0), RIGHT), declared)
    assert isinstance(event, MountSetRight)
    assert event.found == "it reckons with a longitude +12.5 deg off and a clock -3600 s off"


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (Reckoning(-45.0, 0.0, 0.0), "a latitude -45 deg off"),
        (Reckoning(0.0, 0.0, 11.0), r"a clock \+11 s off"),
        (Reckoning(nan, 0.0, 0.0), r"a latitude \+?nan deg off"),
        (Reckoning(0.0, None, 0.0), "it does not say with which longitude it reckons"),
        (Reckoning(), "it does not say with which latitude and longitude and time it reckons"),
        ("garbage", "it does not say with which latitude"),
        (DeviceError("no answer"), "it does not say with which latitude"),
    ],
)
def test_one_that_is_not_known_to_be_right_afterwards_stays_parked_where_that_is_declared(after: Any, why: str) -> None:
    with pytest.raises(DeviceError, match=f"the mount 'gem' stays parked: .*{why}.*told better.*: set it in"):
        told(Believing(Reckoning(0.0, 1.0, 0.0), after))
    assert len(told(Believing(Reckoning(0.0, 1.0, 0.0), after), None)) == 1


def test_why_it_took_nothing_is_told() -> None:
    with pytest.raises(DeviceError, match="told better .*read only"):
        told(Believing(Reckoning(9.0, 0.0, 0.0), Reckoning(9.0, 0.0, 0.0), refuses=True))
