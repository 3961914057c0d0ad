"""Opening and closing: what moves first, what waits for the roof, and what must not keep it open."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.events.roof import RoofOpened
from obsy.engine.night.activities import close, open  # noqa: A004
from obsy.errors import DeviceError
from obsy.schemas.mount import Reckons
from tests.support.stage import DUSK, TRAIN, Stage
from tests.support.telescope import Telescope

COOL = f"cool to {TRAIN.camera.temperature:g}"


class Roofed(Stage):
    """A stage with a telescope under its roof, after dusk and when it has been safe for long enough."""

    def __init__(self) -> None:
        super().__init__(start=DUSK)
        self.keep()
        self.go_on(660.0)
        self.journal.entries.clear()
        self.telescope = Telescope(self.clock, TRAIN)
        self.use(self.telescope.devices())
        for name, port in (("roof", self.roof), ("mount", self.mount)):
            for call in ("open", "close", "park", "unpark"):
                if hasattr(port, call):
                    setattr(port, call, self.noting(f"{call} the {name}", getattr(port, call)))

    def run(self, activity: Any) -> None:
        """Play an activity to its end, while the lease is renewed."""

        async def renewed() -> None:
            doing = asyncio.ensure_future(activity.run(self.context))
            while not (await asyncio.wait({doing}, timeout=10.0))[0]:
                self.keeper.renew()
            doing.result()

        self.runner.run(renewed())

    def use(self, devices: Any) -> None:
        self.context.ports = replace(self.context.ports, devices={"newton": devices})

    def noting(self, deed: str, then: Any) -> Any:
        async def act() -> None:
            self.telescope.deeds.append(deed)
            await then()

        return act


@pytest.fixture
def stage() -> Iterator[Roofed]:
    made = Roofed()
    yield made
    made.close()


def test_the_camera_is_cold_before_the_roof_opens_and_the_mount_wakes_under_the_sky(stage: Roofed) -> None:
    stage.run(open)
    assert stage.telescope.deeds == [COOL, "open the roof", "uncap", "unpark the mount"]
    assert stage.events() == ["roof-opening", "roof-opened", "mount-unparked"]
    assert stage.journal.entries[-1]["mount"] == "gem"


@pytest.mark.parametrize("answers", [True, False])
def test_a_mount_that_a_killed_night_left_tracking_stands_still_while_the_cameras_cool(
    stage: Roofed, answers: bool
) -> None:
    stage.run(open)
    stage.telescope.deeds.clear()

    async def stop() -> None:
        if not answers:
            raise DeviceError("the mount does not answer")

    stage.mount.stop = stage.noting("stop the mount", stop)  # type: ignore[method-assign]
    stage.run(open)
    assert stage.telescope.deeds == ["stop the mount", COOL, "uncap", "unpark the mount"]


def test_no_roof_opens_for_a_camera_that_does_not_answer(stage: Roofed) -> None:
    stage.telescope.broken = {COOL}
    with pytest.raises(DeviceError, match="no answer to 'cool"):
        stage.run(open)
    assert stage.telescope.deeds == [COOL]


class Gone:
    """A program that takes the blocks, and is not there for the first few times it is asked."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)

    async def __call__(self) -> str:
        return self.said.pop(0) if self.said else ""


def test_a_roof_waits_closed_for_the_program_that_takes_the_blocks_and_people_are_told_once(stage: Roofed) -> None:
    gone = Gone("KStars is not there", "KStars is not there", "EKOS is not at work")
    stage.context.ports = replace(stage.context.ports, hindrance=gone)
    before = stage.now()
    stage.run(open)
    assert stage.events()[:3] == ["executor-missing", "executor-there", "roof-opening"]
    assert stage.journal.entries[0]["reason"] == "KStars is not there"
    assert (stage.now() - before).total_seconds() >= 15.0
    assert stage.roof.at == 1.0


def test_a_roof_that_was_taken_over_open_does_not_stand_open_for_a_program_that_is_gone(stage: Roofed) -> None:
    stage.run(open)
    stage.context.ports = replace(stage.context.ports, hindrance=Gone("KStars is not there"))
    with pytest.raises(DeviceError, match="KStars is not there"):
        stage.run(open)


def test_a_telescope_without_a_cover_needs_no_uncapping(stage: Roofed) -> None:
    stage.use(stage.telescope.devices(panel=False))
    stage.run(open)
    stage.run(close)
    assert not {"cap", "uncap"} & set(stage.telescope.deeds)


def test_the_telescopes_are_capped_when_the_roof_is_closed_and_not_before(stage: Roofed) -> None:
    stage.run(open)
    stage.telescope.deeds.clear()
    stage.run(close)
    assert stage.telescope.deeds == ["park the mount", "close the roof", "cap"]
    assert not stage.context.closing, "from here on the journal must be heard again"


def test_a_cap_that_sticks_is_journaled_and_the_roof_is_closed_all_the_same(stage: Roofed) -> None:
    stage.run(open)
    stage.telescope.broken = {"cap"}
    stage.run(close)
    assert stage.roof.at == 0.0
    failed = stage.journal.entries[-1]
    assert (failed["event"], failed["train"], failed["reason"]) == ("cap-failed", "newton", "no answer to 'cap'")


def test_a_cap_that_does_not_answer_is_given_up_after_two_minutes(stage: Roofed) -> None:
    async def silent() -> None:
        await stage.clock.sleep(1e6)

    stage.telescope.dark = silent  # type: ignore[method-assign]
    stage.roof.at = 0.0
    before = stage.now()
    stage.run(close)
    assert (stage.now() - before).total_seconds() == 120.0
    assert "cap-failed" in stage.events()


def test_a_disk_that_takes_nothing_keeps_no_roof_open(stage: Roofed) -> None:
    stage.run(open)

    def full(*said: object) -> None:
        raise OSError(28, "No space left on device")

    async def park() -> None:
        stage.context.log(RoofOpened())  # whatever else is told meanwhile
        await park_it()

    park_it, stage.mount.park = stage.mount.park, park  # type: ignore[method-assign]
    stage.journal.write = full
    stage.run(close)
    assert stage.roof.at == 0.0


@pytest.mark.parametrize("declared", [True, False])
def test_no_roof_opens_for_a_mount_that_reckons_with_another_place_where_that_is_declared(
    stage: Roofed, declared: bool
) -> None:
    async def elsewhere() -> Reckoning:
        return Reckoning(0.0, 90.0, 0.0)

    stage.mount.reckoning = elsewhere  # type: ignore[method-assign]
    (mount,), rules = stage.context.rules.mounts, stage.context.rules
    reckons = Reckons.model_validate({"place": "6 arcmin", "time": "10 s"}) if declared else None
    stage.context.rules = replace(rules, mounts=(mount.model_copy(update={"reckons": reckons}),))
    if declared:
        with pytest.raises(DeviceError, match="stays parked"):
            stage.run(open)
    else:
        stage.run(open)
    assert stage.events()[0] == "mount-set-right"
    assert ("open the roof" in stage.telescope.deeds) is not declared
