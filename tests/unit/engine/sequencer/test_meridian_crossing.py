"""A German mount changes sides in the middle of a block, before its limit, or its block ends and it stands."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.directions import hour_angle_deg, of_date
from obsy.engine.devices.ports import Exposure, Guiding, Job, MountState, Pier, Pointing, SolvedPointing
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.events.flipping import FlipAwaited, FlipFailed, Flipped
from obsy.engine.events.observing import ExposureStarted
from obsy.engine.identity import Identity
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.meridian_crossing import WELL_PAST_S, side_of
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.engine.sidereal import DEGREES_PER_S
from obsy.errors import DeviceError
from obsy.schemas.centring import Centring
from obsy.schemas.guider import Guider
from obsy.schemas.train import Train
from tests.support.fakes import done
from tests.support.safety import NERPIO, a_mount
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
PAST_S = 600.0
"""What `a_mount` declares."""
SLEWS_S, WITHIN_S = 20.0, 60.0
BARE: Any = TRAIN.model_copy(update={"focuser": None, "filters": None})


def crossing_in(seconds: float) -> Pointing:
    """A target that passes the meridian so long after dusk."""
    ra_deg = 0.0
    for _ in range(3):
        ra_deg += hour_angle_deg(of_date(ra_deg, 40.0, DUSK)[0], NERPIO, DUSK) + seconds * DEGREES_PER_S
    return Pointing(ra_deg % 360.0, 40.0)


class CrossingMount:
    """A telescope on a German mount, which hangs truly on one side and may say another."""

    def __init__(self, train: Train = BARE, **mount: Any) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(DUSK, self.loop)
        self.told: list[Event] = []
        self.side, self.tracks, self.aim = Pier.UNKNOWN, False, Pointing(0.0, 0.0)
        self.says: dict[str, Any] = {}
        self.stubborn_s, self.foretells, self.has_leave = 0.0, False, True
        self.worst_s = -1e9
        self.slews = self.focusings = 0
        thing: Any = self
        self.train = train
        devices = ImagingDevices(train, thing, None, None, None, lambda path: 2.0, lambda *_: self.solved(), thing)
        declared = a_mount().model_copy(update=mount)
        self.sequencer = Sequencer(self.clock, thing, (declared, NERPIO), {train.name: devices}, self.told.append)

    def past_s(self, aim: Pointing) -> float:
        now = self.clock.now()
        return hour_angle_deg(of_date(aim.ra_deg, aim.dec_deg, now)[0], NERPIO, now) / DEGREES_PER_S

    def goes_to(self, aim: Pointing) -> Pier:
        if self.side is Pier.UNKNOWN or not self.stubborn_s:
            return Pier.WEST if self.past_s(aim) < 0 else Pier.EAST
        return self.side if self.past_s(aim) < self.stubborn_s else Pier.EAST

    async def side_for(self, aim: Pointing) -> Pier:
        return self.goes_to(aim) if self.foretells else Pier.UNKNOWN

    async def slew(self, aim: Pointing) -> None:
        self.look()
        if not self.has_leave:
            raise DeviceError("the roof is not meant to be open")
        self.slews += 1
        goes, self.tracks = self.goes_to(aim), False
        await self.clock.sleep(SLEWS_S)
        self.side, self.tracks, self.aim = goes, True, aim
        self.look()

    async def stand(self) -> None:
        self.look()
        self.tracks = False

    async def state(self) -> MountState:
        return MountState(False, self.tracks, 50.0, 180.0, self.says.get("pier", self.side))

    async def stay_cool(self) -> None: ...

    async def expose(self, exposure: Exposure) -> Path:
        assert self.tracks
        await self.clock.sleep(exposure.seconds)
        self.look()
        return Path("none.fits")

    def solved(self) -> SolvedPointing:
        return SolvedPointing(
            self.aim.ra_deg, self.aim.dec_deg, up_deg=self.says.get("up", self.side is Pier.WEST) * 180.0
        )

    def submit(self, work: Any, *args: Any) -> Any:
        return done(work(*args))

    def look(self) -> None:
        """Note how far past the meridian it has tracked on the side of the rising."""
        if self.tracks and self.side is Pier.WEST:
            self.worst_s = max(self.worst_s, self.past_s(self.aim))

    def run(
        self, target: Pointing, count: int = 10, exposure_s: float = 300.0, within_s: float = 7200.0, **more: Any
    ) -> list[str]:
        exposure = Exposure("light", exposure_s, self.train.slots[0].role, 0, 0, 1, "x", Identity(block="b"))
        job = Job(BARE.name, "x", target, exposure, count, DUSK + timedelta(seconds=within_s), **more)

        async def taken() -> None:
            async for _ in self.sequencer.run(job):
                pass

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(taken())
        return [each.name for each in self.told]

    def of(self, kind: type[Event]) -> list[Any]:
        return [each for each in self.told if isinstance(each, kind)]


def test_a_mount_flips_within_a_block_and_tracks_never_past_its_limit() -> None:
    mount = CrossingMount()
    names = mount.run(crossing_in(1200.0))
    assert names.count("exposure-started") == 10
    assert names.count("flipped") == 1
    assert 0 < mount.worst_s <= PAST_S
    assert (mount.side, mount.slews) == (Pier.EAST, 2)
    (flipped,) = mount.of(Flipped)
    assert (flipped.side, flipped.tries, flipped.spent_s) == (Pier.EAST, 1, SLEWS_S)


class SlowGuider:
    """Loses its star after some looks, and then takes very long to be begun again."""

    def __init__(self, clock: VirtualClock, looks: int, begins_s: float) -> None:
        self.clock, self.looks, self.begins_s = clock, looks, [20.0, begins_s]

    async def start(self) -> bool:
        await self.clock.sleep(self.begins_s.pop(0) if self.begins_s else 20.0)
        return True

    async def state(self) -> Guiding:
        self.looks -= 1
        return Guiding.STOPPED if self.looks == 0 else Guiding.GUIDING

    async def stop(self) -> None: ...

    def halt(self) -> None: ...


GUIDED: Any = BARE.model_copy(update={"guider": Guider(phd2="localhost:4400")})


@pytest.mark.parametrize("looks", range(1, 8))
@pytest.mark.parametrize("guiding", ["wanted", "required"])
def test_a_guider_that_takes_long_to_be_begun_keeps_no_mount_beyond_its_limit(looks: int, guiding: str) -> None:
    mount = CrossingMount(train=GUIDED)
    guider: Any = SlowGuider(mount.clock, looks, 470.0)
    devices = mount.sequencer._trains[GUIDED.name]
    mount.sequencer._trains = {GUIDED.name: replace(devices, guider=guider)}
    with suppress(DeviceError):  # of a guider that is required and was not begun in time
        mount.run(crossing_in(1200.0), guiding=guiding)
    assert mount.worst_s <= PAST_S
    assert mount.of(Flipped) or guiding == "required"


@pytest.mark.parametrize("begins_s", [20.0, 470.0, 1500.0])
def test_no_guider_is_begun_for_the_first_frame_beyond_the_mounts_limit(begins_s: float) -> None:
    mount = CrossingMount(train=GUIDED)
    guider: Any = SlowGuider(mount.clock, -1, 20.0)
    guider.begins_s = [begins_s]
    devices = mount.sequencer._trains[GUIDED.name]
    mount.sequencer._trains = {GUIDED.name: replace(devices, guider=guider)}
    mount.run(crossing_in(0.0 - 100.0), 5, guiding="wanted")
    assert mount.worst_s <= PAST_S


def test_with_a_long_exposure_it_stands_until_its_target_is_well_past_the_meridian() -> None:
    mount = CrossingMount()
    names = mount.run(crossing_in(1300.0), 3, exposure_s=1200.0)
    assert names.index("flip-awaited") == names.index("flipped") - 1
    assert names.count("exposure-started") == 3
    assert mount.worst_s < 0.0
    (flipped,) = mount.of(Flipped)
    assert SLEWS_S < flipped.spent_s <= 1300.0 - 1200.0 + WELL_PAST_S + SLEWS_S


def test_a_block_that_has_no_time_left_to_flip_ends() -> None:
    mount = CrossingMount()
    names = mount.run(crossing_in(600.0), 10, within_s=1300.0)
    assert "flipped" not in names
    assert names.count("exposure-started") == 3
    assert mount.worst_s <= PAST_S


@pytest.mark.parametrize("said", [Pier.UNKNOWN, Pier.EAST, None, "west"])
def test_a_mount_that_tells_no_true_side_is_flipped_by_where_its_target_stood(said: Any) -> None:
    mount = CrossingMount()
    mount.says["pier"] = said
    assert mount.run(crossing_in(1200.0)).count("flipped") == 1
    assert mount.side is Pier.EAST
    assert mount.worst_s <= PAST_S


def test_a_mount_that_always_says_west_ends_its_block_and_stands() -> None:
    mount = CrossingMount()
    mount.says["pier"] = Pier.WEST
    with pytest.raises(DeviceError, match="x has passed the meridian, and the mount does not change sides: it still"):
        mount.run(crossing_in(1200.0))
    assert [each.then for each in mount.of(FlipFailed)] == ["tried again", "given up"]
    assert not mount.tracks


@pytest.mark.parametrize("foretells", [True, False])
def test_a_mount_that_never_flips_is_tried_twice_and_stands_before_its_limit(foretells: bool) -> None:
    mount = CrossingMount()
    mount.stubborn_s, mount.foretells = 1e9, foretells
    with pytest.raises(DeviceError, match="does not change sides"):
        mount.run(crossing_in(1200.0))
    assert [each.then for each in mount.of(FlipFailed)] == ["tried again", "given up"]
    assert not mount.tracks
    assert mount.worst_s <= PAST_S
    assert mount.slews == (1 if foretells else 3)


def test_a_mount_that_flips_well_past_the_meridian_alone_is_taken_at_the_second_try() -> None:
    mount = CrossingMount()
    mount.stubborn_s = 300.0
    mount.run(crossing_in(1300.0), 3, exposure_s=1200.0)
    (flipped,) = mount.of(Flipped)
    assert flipped.tries == 2
    assert (mount.side, mount.worst_s <= PAST_S) == (Pier.EAST, True)
    assert len(mount.of(ExposureStarted)) == 3


def test_a_block_that_begins_past_the_limit_on_the_wrong_side_moves_off_it_or_ends() -> None:
    mount = CrossingMount()
    mount.stubborn_s, mount.side = 1e9, Pier.WEST
    with pytest.raises(DeviceError, match="does not change sides"):
        mount.run(crossing_in(-PAST_S))
    assert (mount.slews, mount.tracks) == (2, False)
    assert not mount.of(ExposureStarted)


def test_without_leave_nothing_is_moved_and_the_block_ends() -> None:
    mount = CrossingMount()
    waits = mount.clock.sleep

    async def sleep(seconds: float) -> None:
        mount.has_leave = mount.has_leave and not (seconds == 300.0 and mount.past_s(mount.aim) > 10.0)
        await waits(seconds)

    mount.clock.sleep = sleep  # type: ignore[method-assign]
    with pytest.raises(DeviceError, match="the roof is not meant to be open"):
        mount.run(crossing_in(1200.0))
    assert mount.slews == 1


@pytest.mark.parametrize("mount", [{"type": "fork"}, {"meridian": None}])
def test_a_mount_that_need_not_flip_does_not(mount: dict[str, Any]) -> None:
    names = CrossingMount(**mount).run(crossing_in(600.0))
    assert (names.count("exposure-started"), names.count("flipped")) == (10, 0)


def test_what_is_west_already_is_asked_for_no_side() -> None:
    mount = CrossingMount()
    assert mount.run(crossing_in(-3600.0)).count("exposure-started") == 10
    assert (mount.slews, mount.of(Flipped)) == (1, [])


@pytest.mark.parametrize("said", [{"pier": "west"}, DeviceError("no answer")])
def test_the_side_of_a_mount_that_answers_garbage_or_nothing_is_unknown(said: Any) -> None:
    class Garbage:
        async def state(self) -> Any:
            if isinstance(said, Exception):
                raise said
            return said

    thing: Any = Garbage()
    assert asyncio.run(side_of(thing)) is Pier.UNKNOWN


def test_one_that_stayed_on_its_side_though_it_was_sent_past_the_meridian_is_flipped_before_its_limit() -> None:
    mount = CrossingMount()
    mount.stubborn_s, mount.side = 300.0, Pier.WEST
    names = mount.run(crossing_in(-100.0), 4)
    assert names.count("exposure-started") == 4
    assert names.index("flipped") > names.index("exposure-started")
    assert (mount.slews, mount.side, mount.worst_s <= PAST_S) == (2, Pier.EAST, True)


@pytest.mark.parametrize(("first", "then", "flips"), [("unknown", "west", 1), ("west", "east", 0)])
def test_the_side_is_asked_anew_while_it_may_have_to_be_left(first: str, then: str, flips: int) -> None:
    mount = CrossingMount()
    mount.says["pier"] = Pier(first)
    expose = mount.expose

    async def later(exposure: Exposure) -> Path:
        mount.says["pier"] = Pier(then) if mount.slews == 1 else Pier.EAST
        return await expose(exposure)

    mount.expose = later  # type: ignore[method-assign]
    slew = mount.slew

    async def turned(aim: Pointing) -> None:
        await slew(aim)
        if mount.slews == 2:
            mount.says["pier"] = Pier.EAST

    mount.slew = turned  # type: ignore[method-assign]
    assert mount.run(crossing_in(-100.0), 4).count("flipped") == flips


def test_a_flip_between_two_blocks_is_told_and_what_is_to_be_focused_after_it_is() -> None:
    mount = CrossingMount()
    mount.side = Pier.WEST
    noted: list[None] = []
    sequencer: Any = mount.sequencer
    sequencer._note_flip = lambda: noted.append(None)
    names = mount.run(crossing_in(-3600.0), 1)
    assert names == ["flipped", "slewed", "exposure-started"]
    (flipped,) = mount.of(Flipped)
    assert (flipped.side, flipped.tries, flipped.spent_s, len(noted)) == (Pier.EAST, 1, SLEWS_S, 1)


def test_what_was_centred_is_looked_at_again_after_a_flip_though_the_mount_says_always_the_same_side() -> None:
    mount = CrossingMount(centre=Centring.model_validate("within 30 arcsec and exposing 5 s"))
    mount.says["pier"] = Pier.EAST
    names = mount.run(crossing_in(1200.0))
    assert names.count("centred") == 2
    assert names.index("flipped") < len(names) - names[::-1].index("centred")


@pytest.mark.parametrize(("always", "lies"), [(True, True), (False, True), (None, False)])
def test_a_mount_whose_picture_does_not_turn_over_has_not_flipped_whatever_it_says(
    always: bool | None, lies: bool
) -> None:
    mount = CrossingMount(centre=Centring.model_validate("within 30 arcsec and exposing 5 s"))
    if always is not None:
        mount.says["up"] = always
    if lies:
        with pytest.raises(DeviceError, match="the picture has not turned over"):
            mount.run(crossing_in(1200.0))
        assert [each.then for each in mount.of(FlipFailed)] == ["given up"]
        assert not mount.tracks
    else:
        assert mount.run(crossing_in(1200.0)).count("exposure-started") == 10


def test_a_mount_that_said_east_before_need_not_turn_its_picture_over() -> None:
    mount = CrossingMount(centre=Centring.model_validate("within 30 arcsec and exposing 5 s"))
    mount.says |= {"up": True, "pier": Pier.EAST}
    assert mount.run(crossing_in(1200.0)).count("exposure-started") == 10


def test_a_flip_that_fails_on_its_way_is_tried_again_half_way_to_the_limit() -> None:
    mount = CrossingMount()
    slew, began = mount.slew, list[float]()

    async def fails_once(aim: Pointing) -> None:
        began.append(mount.past_s(aim))
        if len(began) == 2:
            raise DeviceError("stuck")
        await slew(aim)

    mount.slew = fails_once  # type: ignore[method-assign]
    assert mount.run(crossing_in(1200.0)).count("exposure-started") == 10
    (failed,), (flipped,) = mount.of(FlipFailed), mount.of(Flipped)
    assert (failed.reason, flipped.tries) == ("stuck", 2)
    assert began[2] == pytest.approx((began[1] + PAST_S) / 2, abs=1.0)


def test_until_when_it_stands_is_told() -> None:
    mount = CrossingMount()
    mount.run(crossing_in(1300.0), 3, exposure_s=1200.0)
    (awaited,) = mount.of(FlipAwaited)
    assert (awaited.until - DUSK).total_seconds() == pytest.approx(1300.0 + WELL_PAST_S, abs=1.0)


@pytest.mark.parametrize(("says", "first"), [(Pier.EAST, False), (None, False)])
def test_a_slew_tells_whether_the_mount_changed_sides_by_what_it_says_or_by_where_it_was_sent(
    says: Pier | None, first: bool
) -> None:
    mount = CrossingMount()
    if says is not None:
        mount.says["pier"] = says
    sequencer: Any = mount.sequencer

    async def slews() -> list[bool]:
        which = {"train": "newton", "object": "x", "block": "b"}
        return [await sequencer._meridian.slew(crossing_in(s), which) for s in (7200.0, 3600.0, -3600.0, -7200.0)]

    with asyncio.Runner(loop_factory=lambda: mount.loop) as runner:
        assert runner.run(slews()) == [first, False, True, False]


def test_a_fork_never_changes_sides() -> None:
    mount = CrossingMount(type="fork")
    mount.side = Pier.WEST
    sequencer: Any = mount.sequencer
    with asyncio.Runner(loop_factory=lambda: mount.loop) as runner:
        assert runner.run(sequencer._meridian.slew(crossing_in(-3600.0), {})) is False


@pytest.mark.parametrize("said", [Pier.UNKNOWN, Pier.EAST])
def test_a_mount_that_tells_no_true_side_and_was_sent_just_past_the_meridian_is_flipped_before_its_limit(
    said: Pier,
) -> None:
    mount = CrossingMount()
    mount.says["pier"], mount.side, mount.stubborn_s = said, Pier.WEST, WELL_PAST_S
    names = mount.run(crossing_in(10.0 - WELL_PAST_S))
    assert (names.count("exposure-started"), mount.side) == (10, Pier.EAST)
    assert mount.worst_s <= PAST_S


@pytest.mark.parametrize("said", [Pier.UNKNOWN, Pier.EAST])
def test_one_that_had_flipped_already_when_sent_just_past_the_meridian_need_not_turn_its_picture_over(
    said: Pier,
) -> None:
    mount = CrossingMount(centre=Centring.model_validate("within 30 arcsec and exposing 5 s"))
    mount.says["pier"] = said
    assert mount.run(crossing_in(10.0 - WELL_PAST_S)).count("exposure-started") == 10
