"""The mount refuses the Sun, whoever asks: a plan, EKOS, or a fault of ours."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.devices.ports import Exposure, Job, MountPort, Pier, Pointing, Roof
from obsy.engine.devices.simulated.ephemeris import overhead, sun
from obsy.engine.safety.guard import GuardedExecutor, GuardedMount
from obsy.engine.safety.lease import Leave
from obsy.engine.safety.shelter import RoofStance
from obsy.errors import DeviceError
from obsy.schemas.site import Location
from tests.support.fakes import FakeExecutor
from tests.support.lying import LIES
from tests.support.safety import NERPIO, NIGHT, NOON, SAFETY, Shed, a_mount


def at_the_sun(when: datetime) -> Pointing:
    light = sun(when.timestamp())
    return Pointing(light.ra_deg, light.dec_deg)


def guarded(shed: Shed) -> GuardedMount:
    return GuardedMount(shed.mounts[0], a_mount(), SAFETY.sun, NERPIO, shed.clock)


def job(pointing: Pointing) -> Job:
    exposure = Exposure("light", 60.0, "V", 0, 0, 1, "x")
    return Job("newton", "x", pointing, exposure, 1, NOON + timedelta(hours=1))


class Moves:
    """An executor that moves the mount by itself."""

    def __init__(self, mount: MountPort) -> None:
        self.mount, self.closed = mount, False

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        try:
            await self.mount.slew(job.pointing)
            yield Path("a.fits")
            yield Path("b.fits")
        finally:
            self.closed = True


def test_by_day_a_slew_to_the_sun_moves_nothing() -> None:
    shed = Shed(start=NOON)
    with pytest.raises(DeviceError, match="the mount stays where it is: on its way to altitude 32 deg, azimuth 181"):
        shed.run(guarded(shed).slew(at_the_sun(NOON)))
    assert shed.mounts[0].home
    assert shed.elapsed_s == 0.0


def test_by_night_the_mount_goes_where_it_is_sent() -> None:
    shed = Shed(start=NIGHT)
    shed.run(guarded(shed).slew(at_the_sun(NIGHT)))
    assert not shed.mounts[0].home


def test_by_day_it_goes_where_the_sun_is_far() -> None:
    shed = Shed(start=NOON)
    place = Location(NERPIO.latitude_deg, NERPIO.longitude_deg)
    north = Pointing(*overhead(45.0, 1.0, place, NOON.timestamp()))
    shed.run(guarded(shed).slew(north))
    assert not shed.mounts[0].home


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"nothing"}))
def test_by_day_a_mount_that_does_not_say_where_it_points_is_not_moved(lie: str) -> None:
    shed = Shed(start=NOON)
    shed.mounts[0].lies.tell("state", lie)
    with pytest.raises(DeviceError):
        shed.run(guarded(shed).slew(Pointing(0.0, 89.0)))
    assert shed.mounts[0].home


def test_by_day_a_mount_without_encoders_is_not_moved() -> None:
    shed = Shed(start=NOON)
    shed.mounts[0].lies.tell("place", "nowhere")
    with pytest.raises(DeviceError, match="does not say where it points"):
        shed.run(guarded(shed).slew(Pointing(0.0, 89.0)))


def test_encoders_that_say_no_number_are_no_evidence() -> None:
    shed = Shed(start=NOON)
    shed.mounts[0].lies.tell("place", "nan")
    with pytest.raises(DeviceError):
        shed.run(guarded(shed).slew(Pointing(0.0, 89.0)))
    assert shed.mounts[0].home


def test_the_way_home_is_never_refused() -> None:
    shed = Shed(start=NOON).under_the_sky()
    shed.run(guarded(shed).park())
    assert shed.mounts[0].parked


def test_everything_else_reaches_the_mount() -> None:
    shed = Shed(start=NOON)

    async def use(mount: GuardedMount) -> None:
        await mount.unpark()
        assert not (await mount.state()).parked
        await mount.stop()

    shed.run(use(guarded(shed)))
    assert not shed.mounts[0].home


def taken(shed: Shed, executor: GuardedExecutor, pointing: Pointing) -> list[str]:
    async def take() -> list[str]:
        return [path.name async for path in executor.run(job(pointing))]

    return shed.run(take())


def test_a_block_by_day_at_the_sun_never_begins() -> None:
    shed = Shed(start=NOON)
    moves = Moves(shed.mounts[0])
    with pytest.raises(DeviceError, match="of the Sun"):
        taken(shed, GuardedExecutor(moves, guarded(shed)), at_the_sun(NOON))
    assert shed.mounts[0].home


def test_a_block_by_night_is_taken() -> None:
    shed = Shed(start=NIGHT)
    moves = Moves(shed.mounts[0])
    assert taken(shed, GuardedExecutor(moves, guarded(shed)), at_the_sun(NIGHT)) == ["a.fits", "b.fits"]


def test_closing_the_block_closes_what_takes_it() -> None:
    shed = Shed(start=NIGHT)
    moves = Moves(shed.mounts[0])

    async def take() -> None:
        files = GuardedExecutor(moves, guarded(shed)).run(job(at_the_sun(NIGHT)))
        await anext(files)
        await files.aclose()

    shed.run(take())
    assert moves.closed


def test_under_a_roof_that_is_not_meant_to_be_open_a_mount_may_only_stop_and_park() -> None:
    shed = Shed()
    mount, roof = guarded(shed), RoofStance()
    mount.under(Leave(lambda: roof.meant is Roof.OPEN))
    for meant in (Roof.UNKNOWN, Roof.MOVING, Roof.CLOSED):
        roof.meant = meant
        for deed in (lambda: mount.slew(Pointing(0.0, 80.0)), mount.unpark):
            with pytest.raises(DeviceError, match="the roof is not meant to be open"):
                Shed().run(deed())
        assert shed.mounts[0].home

    async def home() -> None:
        await mount.stop()
        await mount.park()

    shed.run(home())
    roof.meant = Roof.OPEN
    again = Shed()
    woken = guarded(again)
    woken.under(Leave(lambda: roof.meant is Roof.OPEN))
    again.run(woken.slew(Pointing(0.0, 80.0)))
    assert not again.mounts[0].home


def test_a_mount_that_is_told_to_stop_stops_whatever_roof_it_is_under() -> None:
    shed = Shed(start=NIGHT)
    mount = guarded(shed)
    mount.under(Leave(lambda: False))
    shed.mounts[0].moving = True
    shed.run(mount.stop())
    assert not shed.mounts[0].moving


@pytest.mark.parametrize("fault", [KeyError("x"), SystemExit(1), KeyboardInterrupt(), OSError("the line is noisy")])
def test_whatever_takes_a_block_does_wrong_is_a_device_error(fault: BaseException) -> None:
    shed = Shed()
    executor = Moves(shed.mounts[0])

    async def broken(job: Job) -> AsyncGenerator[Path, None]:
        yield Path("a.fits")
        raise fault

    executor.run = broken  # type: ignore[method-assign]

    async def takes() -> None:
        async for _ in GuardedExecutor(executor, guarded(shed)).run(job(Pointing(0.0, 80.0))):
            pass

    with pytest.raises(DeviceError, match="the block broke off"):
        shed.run(takes())


def test_what_takes_a_block_refuses_in_its_own_words() -> None:
    shed = Shed()
    executor = Moves(shed.mounts[0])

    async def refuses(job: Job) -> AsyncGenerator[Path, None]:
        raise DeviceError("the mount is at its limit")
        yield Path("a.fits")

    executor.run = refuses  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="^the mount is at its limit$"):
        taken(shed, GuardedExecutor(executor, guarded(shed)), Pointing(0.0, 80.0))


def test_under_a_roof_that_is_not_meant_to_be_open_no_block_begins() -> None:
    shed = Shed()
    executor, mount = Moves(shed.mounts[0]), guarded(shed)
    mount.under(Leave(lambda: False))
    with pytest.raises(DeviceError, match="the roof is not meant to be open"):
        taken(shed, GuardedExecutor(executor, mount), at_the_sun(NIGHT))
    assert shed.mounts[0].home


def test_when_the_focus_was_measured_is_known_through_the_guard_too() -> None:
    shed = Shed()
    executor = FakeExecutor(shed.clock, {"newton": NIGHT})
    assert GuardedExecutor(executor, guarded(shed)).focused == {"newton": NIGHT}
    shed.loop.close()


def test_a_mount_on_its_way_home_is_not_made_to_stand_by_a_night_without_leave() -> None:
    shed = Shed(start=NIGHT)
    mount, roof = guarded(shed), RoofStance(meant=Roof.OPEN)
    mount.under(Leave(lambda: roof.meant is Roof.OPEN))
    shed.mounts[0].moving = True
    shed.run(mount.stand())
    assert not shed.mounts[0].moving
    roof.meant, shed.mounts[0].moving = Roof.UNKNOWN, True
    with pytest.raises(DeviceError, match="the roof is not meant to be open"):
        Shed().run(mount.stand())
    assert shed.mounts[0].moving


def test_the_side_that_a_mount_foretells_is_passed_on() -> None:
    shed = Shed(start=NIGHT)
    assert shed.run(guarded(shed).side_for(Pointing(0.0, 80.0))) is Pier.UNKNOWN
