"""After a slew the telescope is brought onto its target, or the block goes on, or not, as declared; and it says so."""

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from obsy.engine.devices.ports import Exposure, MountState, Pier, Pointing
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.observing import Centred, CentringFailed, PointingMeasured, PointingUnknown
from obsy.engine.sequencer.centring import Aimed, TargetCentring, shifted, turned
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.looking import SOLVES_WITHIN_S
from obsy.engine.sequencer.setting_up import SOLVED_S
from obsy.errors import DeviceError
from obsy.schemas.centring import Centring
from tests.support.pointing import missed
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
TARGET = Pointing(120.0, 60.0)
WHICH = {"train": "newton", "object": "M1", "block": "b"}
ARCSEC = 1 / 3600
HOUR = timedelta(hours=1)


class Missing:
    """A mount that misses each target by the same way, and a camera and a solver that see where it points."""

    def __init__(self, tmp_path: Path, declared: str, east: float = 300.0, north: float = -200.0) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(DUSK, self.loop)
        self.told: list[Event] = []
        self.slews: list[Pointing] = []
        self.exposed: list[Exposure] = []
        self.misses, self.folder, self.blind, self.solves_s = (east, north), tmp_path, 0, 0.0
        thing: Any = self
        devices = ImagingDevices(TRAIN, thing, None, None, None, lambda path: 2.0, self.pointed, thing)
        self.devices = devices
        self.centring = TargetCentring(self.clock, thing, Centring.model_validate(declared), self.told.append)
        self.at = self._lands(TARGET)
        self.pier = Pier.EAST

    def _lands(self, pointing: Pointing) -> Pointing:
        return shifted(pointing, *(each * ARCSEC for each in self.misses))

    async def slew(self, pointing: Pointing) -> None:
        await self.clock.sleep(9.0)
        self.slews.append(pointing)
        self.at = self._lands(pointing)

    async def state(self) -> MountState:
        return MountState(False, True, 50.0, 180.0, self.pier)

    async def expose(self, exposure: Exposure) -> Path:
        await self.clock.sleep(exposure.seconds)
        self.exposed.append(exposure)
        path = self.folder / f"{len(self.exposed)}.fits"
        path.touch()
        return path

    def pointed(self, path: Path, believed: Pointing, scale_arcsec: float) -> Pointing | str:
        assert scale_arcsec == TRAIN.scale
        assert missed(believed, TARGET) == (0.0, 0.0)
        self.blind -= 1
        return "no stars" if self.blind >= 0 else self.at

    def submit(self, work: Any, *args: Any) -> Any:
        done: Future[Any] = Future()
        done.set_result(work(*args))
        return done

    def centre(self, within_s: float = 600.0, target: Pointing = TARGET) -> list[str]:
        until = self.clock.now() + timedelta(seconds=within_s)
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            self.aimed = runner.run(self.centring.centre(self.devices, target, "V", until, WHICH))
        return [each.name for each in self.told]

    def of(self, kind: type[Event]) -> list[Any]:
        return [each for each in self.told if isinstance(each, kind)]


def test_it_slews_by_what_it_missed_and_looks_again(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    assert telescope.centre() == ["pointing-measured", "pointing-measured", "centred"]
    first, second = telescope.of(PointingMeasured)
    assert first.off_arcsec == 360.6
    assert second.off_arcsec < 1.0
    assert len(telescope.slews) == 1
    (centred,) = telescope.of(Centred)
    assert (centred.tries, centred.spent_s) == (2, 2 * (5.0 + SOLVED_S) + 9.0)


def test_one_that_is_close_moves_nothing(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 30 arcsec", 10.0, 10.0)
    assert telescope.centre() == ["pointing-measured", "centred"]
    assert telescope.slews == []


def test_one_that_is_just_as_close_as_declared_is_close(tmp_path: Path) -> None:
    assert Missing(tmp_path, "within 30 arcsec", 0.0, 30.0).centre() == ["pointing-measured", "centred"]


@pytest.mark.parametrize(("blind", "kind"), [(0, Centred), (99, CentringFailed)])
def test_what_it_spent_is_told_to_the_millisecond(tmp_path: Path, blind: int, kind: type[Event]) -> None:
    telescope = Missing(tmp_path, "within 999 arcsec and at most 1 tries")
    telescope.blind = blind
    submit = telescope.submit
    telescope.submit = lambda *work: (telescope.clock.set_by(0.00046), submit(*work))[1]  # type: ignore[method-assign]
    telescope.centre()
    assert telescope.of(kind)[0].spent_s == 5.0 + SOLVED_S


def test_a_frame_that_somebody_has_taken_away_meanwhile_is_not_missed(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 999 arcsec")
    submit = telescope.submit
    telescope.submit = lambda work, path, *rest: (path.unlink(), submit(work, path, *rest))[1]  # type: ignore[method-assign]
    assert telescope.centre() == ["pointing-measured", "centred"]


def test_the_frames_are_looked_at_and_thrown_away(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and exposing 8 s")
    telescope.centre()
    assert [(each.kind, each.seconds, each.filter) for each in telescope.exposed] == [("centring", 8.0, "V")] * 2
    assert [*tmp_path.iterdir()] == []


def test_the_next_slew_to_that_target_is_sent_beside_it_at_once_and_one_elsewhere_is_not(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    assert telescope.centring.aim(TARGET, TRAIN.name) == TARGET
    telescope.centre()
    lands = telescope._lands(telescope.centring.aim(TARGET, TRAIN.name))
    assert lands.dec_deg == pytest.approx(TARGET.dec_deg, abs=ARCSEC)
    assert telescope.centring.aim(Pointing(125.0, 60.0), TRAIN.name) == Pointing(125.0, 60.0)
    near, far = Pointing(120.0, 60.45), Pointing(120.0, 60.55)
    assert telescope.centring.aim(near, TRAIN.name) != near
    assert telescope.centring.aim(far, TRAIN.name) == far


@pytest.mark.parametrize(
    ("pier", "later_s", "looks"),
    [(Pier.EAST, 1791.0, 0), (Pier.EAST, 1791.1, 1), (Pier.WEST, 60.0, 1), (Pier.UNKNOWN, 60.0, 1)],
)
def test_a_target_that_was_centred_a_moment_ago_is_looked_at_again_only_after_a_flip(
    tmp_path: Path, pier: Pier, later_s: float, looks: int
) -> None:
    """Half an hour is a moment, with the slew of 9 s."""
    telescope = Missing(tmp_path, "within 5 arcsec")

    async def centred() -> Any:
        return await telescope.centring.centre(telescope.devices, TARGET, "V", telescope.clock.now() + HOUR, WHICH)

    async def again() -> Any:
        await centred()
        telescope.exposed.clear()
        telescope.pier = pier
        await telescope.clock.sleep(later_s)
        await telescope.slew(telescope.centring.aim(TARGET, TRAIN.name))
        return await centred()

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        aimed = runner.run(again())
    assert len(telescope.exposed) == looks
    assert missed(telescope._lands(aimed.pointing), TARGET) == (pytest.approx(0, abs=ARCSEC),) * 2


def test_an_exposure_without_stars_is_followed_by_longer_ones(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and at most 6 tries")
    telescope.blind = 4
    assert telescope.centre() == ["pointing-unknown"] * 4 + ["pointing-measured"] * 2 + ["centred"]
    assert [each.exposure_s for each in telescope.of(PointingUnknown)] == [5.0, 10.0, 20.0, 20.0]


def test_a_sky_without_stars_is_told_and_the_block_goes_on(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    telescope.blind = 99
    assert telescope.centre() == ["pointing-unknown"] * 3 + ["centring-failed"]
    (failed,) = telescope.of(CentringFailed)
    assert (failed.reason, failed.then) == ("the pointing is not known: no stars", "goes on")
    assert telescope.slews == []


def test_or_is_given_up_where_that_is_declared(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and otherwise give up")
    telescope.blind = 99
    with pytest.raises(DeviceError, match="M1 could not be centred: the pointing is not known: no stars"):
        telescope.centre()
    assert telescope.of(CentringFailed)[0].then == "gives up"


def test_a_mount_that_never_comes_closer_is_told_after_so_many_tries(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and at most 2 tries")

    async def stays(pointing: Pointing) -> None:
        telescope.slews.append(pointing)

    telescope.slew = stays  # type: ignore[method-assign]
    assert telescope.centre()[-1] == "centring-failed"
    assert len(telescope.slews) == 2
    seen = "it is 361 arcsec off after 2 tries, which was corrected and not looked at again"
    assert telescope.of(CentringFailed)[0].reason == seen
    assert telescope.aimed.pointing == telescope.slews[-1]


def test_where_it_gives_up_the_last_miss_is_told_and_left(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and at most 1 tries and otherwise give up")
    with pytest.raises(DeviceError, match="M1 could not be centred: it is 361 arcsec off after 1 try$"):
        telescope.centre()
    assert telescope.slews == []


def test_the_last_look_corrects_what_it_saw_where_the_block_goes_on(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and at most 1 tries")
    assert telescope.centre() == ["pointing-measured", "centring-failed"]
    assert missed(telescope.at, TARGET) == (pytest.approx(0, abs=ARCSEC), pytest.approx(0, abs=ARCSEC))


def test_what_moves_is_found_again_beside_where_it_is_then(tmp_path: Path) -> None:
    """It goes an arcsecond a second: the mount is sent to where it was when the correction of 9 s began."""
    telescope = Missing(tmp_path, "within 5 arcsec", 300.0, 0.0)
    comet = replace(TARGET, dec_rate=3600.0)

    def pointed(*asked: Any) -> Pointing:
        _, believed, _ = asked
        return shifted(believed, (300.0 if not telescope.slews else 0.0) * ARCSEC, 0.0)

    telescope.devices = replace(telescope.devices, pointed=pointed)

    async def centred() -> None:
        await telescope.centring.centre(telescope.devices, comet, "V", telescope.clock.now() + HOUR, WHICH)

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(centred())
    beside = missed(comet, telescope.centring.aim(comet, TRAIN.name))
    assert beside == (pytest.approx(-300 * ARCSEC, rel=1e-3), pytest.approx(-9 * ARCSEC, abs=ARCSEC))


def test_a_mount_that_fails_ends_the_block(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")

    async def fails(pointing: Pointing) -> None:  # noqa: ARG001
        raise DeviceError("the mount does not answer")

    telescope.slew = fails  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="the mount does not answer"):
        telescope.centre()


def test_a_solver_that_never_answers_is_given_up_in_time(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec and at most 1 tries")

    async def never(work: Any, due: datetime) -> Any:  # noqa: ARG001
        await asyncio.Event().wait()

    telescope.clock.settle = never  # type: ignore[method-assign, assignment]
    assert telescope.centre() == ["pointing-unknown", "centring-failed"]
    assert telescope.of(PointingUnknown)[0].reason == f"the plate solver did not answer within {SOLVES_WITHIN_S:g} s"


def test_no_exposure_begins_that_the_block_has_no_time_for(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    assert telescope.centre(within_s=5.0) == ["centring-failed"]
    assert telescope.exposed == []


def test_what_moves_is_expected_where_it_has_gone_since() -> None:
    comet = replace(TARGET, ra_rate=360.0, dec_rate=-720.0)
    later = Aimed(comet, DUSK).at(DUSK + timedelta(minutes=30))
    assert missed(TARGET, later) == (pytest.approx(180 * ARCSEC, rel=1e-4), pytest.approx(-360 * ARCSEC))


@pytest.mark.parametrize("ra_deg", [359.999, 0.001])
def test_a_way_over_the_zero_of_right_ascension_is_short(ra_deg: float) -> None:
    place = Pointing(ra_deg, 60.0)
    there = shifted(place, 0.01, -0.02)
    assert missed(place, there) == (pytest.approx(0.01, rel=1e-3), pytest.approx(-0.02))


def test_it_says_where_it_was_sent_also_where_it_is_not_close(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    telescope.blind = 99
    telescope.centre()
    assert telescope.aimed.pointing == TARGET
    telescope = Missing(tmp_path, "within 5 arcsec")
    telescope.centre()
    assert telescope.aimed.pointing == telescope.slews[-1]
    first = telescope.of(PointingMeasured)[0]
    here = telescope._lands(TARGET)
    assert (first.ra_deg, first.dec_deg) == (round(here.ra_deg, 6), round(here.dec_deg, 6))


def test_a_target_that_was_lost_is_not_sent_beside_any_more(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")

    async def twice() -> None:
        for telescope.blind in (0, 99):
            await telescope.centring.centre(telescope.devices, TARGET, "V", telescope.clock.now() + HOUR, WHICH)
            telescope.pier = Pier.WEST

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(twice())
    assert telescope.centring.aim(TARGET, TRAIN.name) == TARGET


@pytest.mark.parametrize("within_s", [5.0 + TRAIN.camera.download + SOLVED_S, 4.9 + TRAIN.camera.download + SOLVED_S])
def test_it_looks_if_there_is_just_the_time(tmp_path: Path, within_s: float) -> None:
    telescope = Missing(tmp_path, "within 999 arcsec")
    telescope.centre(within_s)
    assert len(telescope.exposed) == (within_s >= 5.0 + TRAIN.camera.download + SOLVED_S)


def test_a_camera_that_fails_ends_the_block_and_says_in_what(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")

    async def fails(exposure: Exposure) -> Path:  # noqa: ARG001
        raise DeviceError("the camera does not answer")

    telescope.expose = fails  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="the centring stopped: the camera does not answer"):
        telescope.centre()


def test_a_mount_that_does_not_say_its_side_is_looked_after_each_time(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")

    async def silent() -> MountState:
        raise DeviceError("the mount does not answer")

    async def twice() -> None:
        for _ in range(2):
            await telescope.centring.centre(telescope.devices, TARGET, "V", telescope.clock.now() + HOUR, WHICH)

    telescope.state = silent  # type: ignore[method-assign]
    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(twice())
    assert len(telescope.of(Centred)) == 2


def test_what_moves_is_believed_where_it_is_in_the_middle_of_the_exposure(tmp_path: Path) -> None:
    telescope, comet = Missing(tmp_path, "within 999 arcsec and exposing 10 s"), replace(TARGET, dec_rate=3600.0)
    believed: list[Pointing] = []

    def pointed(path: Path, where: Pointing, scale_arcsec: float) -> Pointing:  # noqa: ARG001
        believed.append(where)
        return where

    devices = replace(telescope.devices, pointed=pointed)

    async def once() -> None:
        await telescope.centring.centre(devices, comet, "V", telescope.clock.now() + HOUR, WHICH)

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(once())
    assert (believed[0].dec_deg - comet.dec_deg) * 3600 == pytest.approx(5.0)


@pytest.mark.parametrize(("dec_deg", "north_deg", "lands_deg"), [(89.9, 0.5, 90.0), (-89.9, -0.5, -90.0)])
def test_nothing_lies_beyond_a_pole(dec_deg: float, north_deg: float, lands_deg: float) -> None:
    there = shifted(Pointing(359.9, dec_deg), 0.01, north_deg)
    assert there.dec_deg == lands_deg
    assert 0.0 <= there.ra_deg < 90.0


def _vector(pointing: Pointing) -> Any:
    ra, dec = np.radians((pointing.ra_deg, pointing.dec_deg))
    return np.array((np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)))


def _pointing(vector: Any) -> Pointing:
    ra, dec = np.degrees((np.arctan2(vector[1], vector[0]), np.arctan2(vector[2], np.hypot(*vector[:2]))))
    return Pointing(float(ra) % 360.0, float(dec))


@pytest.mark.parametrize("tilt_deg", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("dec_deg", [60.0, 89.0, 89.8, 89.99, 90.0, -89.8])
def test_a_mount_whose_axis_misses_the_pole_comes_closer_there_too(
    tmp_path: Path, dec_deg: float, tilt_deg: float
) -> None:
    tilted = Rotation.from_euler("xy", (tilt_deg, tilt_deg / 2), degrees=True)
    for ra_deg in (0.0, 95.0, 200.0):
        telescope, target = Missing(tmp_path, "within 5 arcsec and at most 4 tries"), Pointing(ra_deg, dec_deg)
        telescope._lands = lambda told: _pointing(tilted.apply(_vector(told)))  # type: ignore[method-assign]
        telescope.at = telescope._lands(target)
        telescope.devices = replace(telescope.devices, pointed=lambda *_, there=telescope: there.at)
        telescope.centre(target=target)
        assert telescope.told[-1].name == "centred", (ra_deg, telescope.told)
        again = _vector(telescope._lands(telescope.centring.aim(target, TRAIN.name)))
        assert np.degrees(np.linalg.norm(again - _vector(target))) < 5 * ARCSEC


def test_a_place_turns_as_the_sky_does() -> None:
    one, other, place = Pointing(10.0, 89.7), Pointing(200.0, 89.9), replace(TARGET, ra_rate=3.0, dec_rate=-4.0)
    axis = np.cross(_vector(one), _vector(other))
    turn = Rotation.from_rotvec(axis / np.linalg.norm(axis) * np.arcsin(np.linalg.norm(axis)))
    there = turned(place, one, other)
    assert _vector(there) == pytest.approx(turn.apply(_vector(place)), abs=1e-12)
    assert (there.ra_rate, there.dec_rate) == (3.0, -4.0)
    assert _vector(turned(one, one, other)) == pytest.approx(_vector(other), abs=1e-12)
    assert turned(TARGET, one, one) == Pointing(pytest.approx(120.0), pytest.approx(60.0))


def test_each_train_of_a_mount_is_brought_to_the_middle_of_its_own_frame(tmp_path: Path) -> None:
    telescope = Missing(tmp_path, "within 5 arcsec")
    other = replace(telescope.devices, train=TRAIN.model_copy(update={"name": "refractor"}))

    async def both() -> Pointing:
        end = telescope.clock.now() + HOUR
        await telescope.centring.centre(telescope.devices, TARGET, "V", end, WHICH)
        assert telescope.centring.aim(TARGET, "refractor") == TARGET
        telescope.told.clear()
        first, telescope.misses = telescope.centring.aim(TARGET, TRAIN.name), (-100.0, 400.0)
        await telescope.slew(TARGET)
        await telescope.centring.centre(other, TARGET, "V", end, WHICH)
        return first

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        first = runner.run(both())
    assert [each.name for each in telescope.told] == ["pointing-measured", "pointing-measured", "centred"]
    off = missed(telescope._lands(telescope.centring.aim(TARGET, "refractor")), TARGET)
    assert off == (pytest.approx(0, abs=ARCSEC),) * 2
    assert telescope.centring.aim(TARGET, TRAIN.name) == first
