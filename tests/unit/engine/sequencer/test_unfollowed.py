"""What no mount follows is in the middle of each frame: the mount is sent ahead of it, or stands where it is."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import astropy.units as u
import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord
from astropy.time import Time

import tests.support.offline  # noqa: F401  astropy asks no network
from obsy.engine.devices.ports import DitherPace, Exposure, Job, MountState, Pointing
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.observing import AimedAhead, ExposureStarted, StandsStill, StandsUnsaid, TracksOn
from obsy.engine.separation import separation_deg
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.grid import Grid
from obsy.errors import DeviceError
from obsy.schemas.target import OverGround, Satellite
from tests.support.safety import a_mount
from tests.support.satellites import OVER, TLE
from tests.support.stage import TRAIN

BEGIN = datetime(2026, 11, 21, 18, 9, tzinfo=UTC)
FLYING = Satellite(tle=TLE)
SOUTH = OverGround.model_construct(altitude=45.0, azimuth=150.0)
SETTLES_S = a_mount().settle


@dataclass
class Still:
    """A mount that takes its time, tracks the stars once it is there, and stops if it can; and a quick camera."""

    slew_s: float = 3.0
    stops: bool = True
    stops_s: float = 0.0
    """It tracks on for so long once it was told."""
    says: bool = True
    points: tuple[float | None, float | None] = (45.0, 150.0)
    loop: VirtualLoop = field(default_factory=VirtualLoop)
    told: list[Event] = field(default_factory=list)
    slews: list[tuple[datetime, Pointing]] = field(default_factory=list)
    tracks: bool = True
    still_at: datetime | None = None
    exposed: list[tuple[datetime, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = VirtualClock(BEGIN - timedelta(minutes=2), self.loop)
        thing: Any = self
        self.devices = ImagingDevices(TRAIN, thing, None, None, None, lambda path: 2.0, lambda *_: "", thing)
        self.sequencer = Sequencer(self.clock, thing, (a_mount(), OVER), {TRAIN.name: self.devices}, self.told.append)

    async def slew(self, pointing: Pointing) -> None:
        await self.clock.sleep(self.slew_s + SETTLES_S)
        self.slews.append((self.clock.now(), pointing))
        self.tracks, self.still_at = True, None

    async def stop(self) -> None:
        if not self.stops:
            raise DeviceError("it cannot stand")  # as Alpaca's drivers refuse it
        self.still_at = self.clock.now() + timedelta(seconds=self.stops_s)

    async def state(self) -> MountState:
        self._settle()
        return MountState(False, self.tracks if self.says else None, *self.points)

    def _settle(self) -> None:
        if self.still_at is not None and self.clock.now() >= self.still_at:
            self.tracks, self.still_at = False, None

    async def stay_cool(self) -> None: ...

    async def expose(self, exposure: Exposure) -> Path:
        self._settle()
        self.exposed.append((self.clock.now(), self.tracks))
        await self.clock.sleep(exposure.seconds + TRAIN.camera.download)
        return Path("none.fits")

    def take(self, count: int = 3, minutes: float = 4.0, **said: Any) -> int:
        """Return how many frames were taken."""
        exposure = Exposure("light", 2.0, "V", 0, 0, 1, "x")
        job = Job(TRAIN.name, "x", Pointing(10.0, 20.0), exposure, count, BEGIN + timedelta(minutes=minutes), **said)
        job = replace(job, follows=False)

        async def taken() -> int:
            return len([each async for each in self.sequencer.run(job)])

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            return runner.run(taken())

    def names(self) -> list[type[Event]]:
        return [type(each) for each in self.told]


def flies(**said: Any) -> dict[str, Any]:
    return {"unfollowed": FLYING, "anew": True, "begin": BEGIN} | said


def off_deg(place: Pointing, when: datetime) -> float:
    (ra,), (dec,) = coordinates(FLYING, Grid(when, 1.0, 1), OVER)
    return separation_deg((place.ra_deg, place.dec_deg), (float(ra), float(dec)))


def test_what_flies_is_in_the_middle_of_each_frame_at_half_its_exposure() -> None:
    here = Still()
    assert here.take(**flies()) == 3
    aims = here.slews[1:]  # the first is that of the block, for the focus
    for (begun, tracks), (sent, place) in zip(here.exposed, aims, strict=True):
        assert sent <= begun
        assert tracks  # the stars stay points, and it draws a line
        assert off_deg(place, begun + timedelta(seconds=1)) < 1 / 3600
        assert off_deg(place, begun + timedelta(seconds=3)) > 0.1
    assert here.exposed[0][0] >= BEGIN
    assert here.names().count(AimedAhead) == 3


def test_where_nothing_is_to_be_followed_the_mount_stands_and_waits() -> None:
    here = Still()
    assert here.take(**flies(stands=True)) == 3
    assert [tracks for _, tracks in here.exposed] == [False] * 3
    assert here.names().count(StandsStill) == 1


def test_a_mount_that_is_slower_than_declared_is_sent_further_ahead() -> None:
    here = Still(slew_s=20.0)
    assert here.take(**flies()) == 3
    aims = [
        each
        for each in here.slews[1:]
        if any(off_deg(each[1], at + timedelta(seconds=1)) < 0.001 for at, _ in here.exposed)
    ]
    assert len(aims) == 3
    assert len(here.slews) <= 5


def test_no_frame_begins_that_would_end_after_its_time() -> None:
    here = Still()
    assert here.take(count=50, minutes=1.0, **flies()) in {3, 4}
    longest = timedelta(seconds=2.0 + TRAIN.camera.download)
    assert here.exposed[-1][0] + longest <= BEGIN + timedelta(minutes=1)


@pytest.mark.parametrize(("spare_s", "taken"), [(0.1, 1), (-0.1, 0)])
def test_no_frame_begins_whose_file_would_come_after_its_time(spare_s: float, taken: int) -> None:
    minutes = (2.0 + TRAIN.camera.download + spare_s) / 60  # its first frame begins with its time
    here = Still()
    assert here.take(count=1, minutes=minutes, **flies()) == taken
    assert here.names().count(AimedAhead) == taken, "nor is the mount sent for it"


def test_one_that_came_late_is_sent_ahead_by_more_than_it_was_late() -> None:
    here = Still(slew_s=20.0)
    assert here.take(count=1, **flies(begin=None)) == 1
    assert len(here.slews) == 3
    assert (here.exposed[0][0] - here.slews[-1][0]).total_seconds() == pytest.approx(2.0, abs=0.01)


def test_a_mount_that_is_late_each_time_gives_up() -> None:
    here = Still()

    async def later(pointing: Pointing) -> None:  # noqa: ARG001
        here.slew_s += 60.0
        await here.clock.sleep(here.slew_s)

    here.slew = later  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="it came late 3 times"):
        here.take(minutes=60.0, **flies())


@pytest.mark.parametrize("slew_s", [3.0, 20.0])
def test_a_place_over_the_ground_is_where_astropy_has_it_when_the_mount_stands(slew_s: float) -> None:
    here = Still(slew_s=slew_s)
    assert here.take(unfollowed=SOUTH, stands=True) == 3
    when, place = here.slews[-1]
    frame = AltAz(
        obstime=Time(when),
        location=EarthLocation(OVER.longitude_deg * u.deg, OVER.latitude_deg * u.deg, OVER.elevation_m * u.m),
    )
    seen = SkyCoord(place.ra_deg * u.deg, place.dec_deg * u.deg).transform_to(frame)
    off = separation_deg((seen.az.deg, seen.alt.deg), (SOUTH.azimuth, SOUTH.altitude))
    assert off < 1.5 / 60  # the sky turns by so much in the seconds by which a slew is foreseen
    assert [tracks for _, tracks in here.exposed] == [False] * 3
    assert here.names().count(StandsStill) == 1


def test_a_place_is_met_by_how_long_the_second_slew_took_not_the_first_from_far() -> None:
    here = Still()
    slew = here.slew

    async def from_far(pointing: Pointing) -> None:
        here.slew_s = 60.0 if len(here.slews) == 1 else 1.0  # the first of all is that of the block
        await slew(pointing)

    here.slew = from_far  # type: ignore[method-assign]
    assert here.take(unfollowed=SOUTH, stands=True) == 3
    assert len(here.slews) == 3


def test_a_place_from_which_the_stars_are_followed_is_met_and_left_tracking() -> None:
    here = Still()
    assert here.take(unfollowed=SOUTH) == 3
    assert [tracks for _, tracks in here.exposed] == [True] * 3
    assert StandsStill not in here.names()


def test_a_mount_that_does_not_stop_tracking_is_told_of_with_its_drift_and_frames_are_taken() -> None:
    here = Still(stops=False)
    assert here.take(unfollowed=SOUTH, stands=True) == 3
    (told,) = (each for each in here.told if isinstance(each, TracksOn))
    assert told.drift_arcsec == pytest.approx(2 * 15.041, abs=0.1)


def test_a_mount_that_stops_in_a_while_is_awaited_and_stands() -> None:
    here = Still(stops_s=2.0)
    assert here.take(unfollowed=SOUTH, stands=True) == 3
    assert [tracks for _, tracks in here.exposed] == [False] * 3
    assert (here.names().count(StandsStill), here.names().count(TracksOn)) == (1, 0)


def test_of_a_mount_that_does_not_say_whether_it_tracks_just_that_is_told() -> None:
    here = Still(says=False)
    assert here.take(unfollowed=SOUTH, stands=True) == 3
    assert (here.names().count(StandsUnsaid), here.names().count(StandsStill)) == (1, 0)


@pytest.mark.parametrize(("stops", "points"), [(True, (None, None)), (False, (45.0, 150.0))])
def test_of_a_mount_of_which_nobody_knows_whether_it_stands_no_frame_is_taken(stops: bool, points: Any) -> None:
    here = Still(says=False, stops=stops, points=points)
    with pytest.raises(DeviceError, match="says nothing" if stops else "cannot stand"):
        here.take(unfollowed=SOUTH, stands=True)
    assert here.exposed == []


def test_one_slow_slew_does_not_slow_down_those_after_it() -> None:
    here = Still()
    slew = here.slew

    async def once_slow(pointing: Pointing) -> None:
        here.slew_s = 45.0 if len(here.slews) == 3 else 3.0
        await slew(pointing)

    here.slew = once_slow  # type: ignore[method-assign]
    assert here.take(count=30, minutes=6.0, **flies()) > 12
    begun = [at for at, _ in here.exposed]
    gaps = [(after - before).total_seconds() for before, after in zip(begun, begun[1:], strict=False)]
    assert sum(gap > 40.0 for gap in gaps) == 1


def test_a_star_that_is_taken_standing_is_awaited_for_each_frame() -> None:
    here = Still()
    assert here.take(stands=True, anew=True) == 3
    assert [(place.ra_deg, place.dec_deg) for _, place in here.slews] == [(10.0, 20.0)] * 4
    assert [tracks for _, tracks in here.exposed] == [False] * 3


def test_nothing_is_dithered_or_guided_where_the_mount_stands() -> None:
    here = Still()
    guided: list[str] = []
    guider = SimpleNamespace(start=lambda: guided.append("started"), halt=lambda: None)

    async def stop() -> None: ...

    guider.stop = stop
    object.__setattr__(here.devices, "guider", guider)
    assert here.take(unfollowed=SOUTH, stands=True, dither=DitherPace(1, 12.0)) == 3
    assert guided == []
    assert here.names().count(ExposureStarted) == 3
    assert len(here.slews) <= 4
