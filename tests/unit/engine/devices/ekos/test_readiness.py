"""What keeps EKOS from taking a frame is said with its cure before a roof opens for it."""

import asyncio
from dataclasses import replace

import pytest

from obsy.engine.devices.ekos.readiness import hindrance
from obsy.errors import DeviceError
from tests.support.ekos import simulated_equipment

EQUIPMENT = simulated_equipment()
NAMES = ["Focuser Simulator", "CCD Simulator", "Telescope Simulator"]


class Kstars:
    """A message bus on which KStars answers for a profile that has what is declared, but for what a test changes."""

    def __init__(self, **said: object) -> None:
        self.said = {"ekosStatus": 2, "indiStatus": 2, "camera": "CCD Simulator", "filterWheel": "CCD Simulator"}
        self.said |= {"getDevices": NAMES} | said

    async def read(self, path: str, interface: str, name: str) -> object:
        if isinstance(fault := self.said[name], DeviceError):
            raise fault
        return self.said[name]

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        return self.said[method]


def said(**changed: object) -> str:
    return asyncio.run(hindrance(Kstars(**changed), EQUIPMENT))


def test_with_all_that_is_declared_nothing_is_in_the_way() -> None:
    assert said() == ""


def test_a_kstars_that_is_gone_is_told_with_what_to_do() -> None:
    assert said(ekosStatus=DeviceError("KStars refused")) == "KStars refused: start KStars, and in EKOS its profile"


@pytest.mark.parametrize("status", ["ekosStatus", "indiStatus"])
def test_a_profile_that_is_not_started_is_asked_for(status: str) -> None:
    for number in (0, 1, 3):
        assert said(**{status: number}) == "EKOS is not at work: start its profile in KStars"


def test_a_device_that_the_profile_lacks_is_named_beside_those_that_it_has() -> None:
    told = said(getDevices=["CCD Simulator", "Guide Simulator"])
    assert told.startswith("EKOS has no 'Telescope Simulator' and no 'Focuser Simulator', but 'CCD Simulator', 'Guide")
    assert "but none: add" in said(getDevices=[])
    assert "but none: add" in said(getDevices=None)


def test_frames_that_another_camera_or_wheel_would_take_are_refused() -> None:
    assert said(camera="Guide Simulator").startswith(
        "EKOS takes frames with a camera 'Guide Simulator', and 'CCD Simulator' is declared: choose the optical train"
    )
    assert "a wheel '--', and 'CCD Simulator' is declared" in said(filterWheel="--")


def test_a_train_without_a_wheel_is_taken_without_one_alone() -> None:
    bare = replace(EQUIPMENT, wheel=None)
    for name in ("", "--", "None"):
        assert asyncio.run(hindrance(Kstars(filterWheel=name), bare)) == ""
    told = asyncio.run(hindrance(Kstars(filterWheel="EFW"), bare))
    assert told.startswith("EKOS takes frames with a wheel 'EFW', and none is declared")


@pytest.mark.parametrize("lie", [None, "", "2", (2,), True, 2.0])
def test_a_status_that_is_no_whole_number_is_in_the_way(lie: object) -> None:
    assert "KStars was asked 'indiStatus' and answered" in said(indiStatus=lie)
