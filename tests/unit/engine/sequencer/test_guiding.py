"""A block is guided and dithered as its plan and its train say; a guider that fails holds up nobody who makes safe."""

import asyncio
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import hypot
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.devices.ports import DitherPace, Exposure, Guiding, Job, Pointing
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.identity import Identity
from obsy.engine.sequencer.bounded import BoundedGuider
from obsy.engine.sequencer.centring import Aimed
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.dithering import PLACES, TURNS, Dithering, SideOfMeridian, place
from obsy.engine.sequencer.guiding import BlockGuiding
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.errors import DeviceError
from obsy.schemas.guider import Guider
from tests.support.pointing import missed
from tests.support.safety import NERPIO, a_mount
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
TARGET = Pointing(120.0, 60.0)
SOUTH = 328.1424
"""Right ascension, degrees, that is in the south of NERPIO when the first slew is over, 9 s after DUSK, by astropy."""
FAR = timedelta(hours=2)
WHICH = {"train": TRAIN.name, "object": "x", "block": "b"}


class Telescope:
    """A mount, a camera and a guider in one, which note in order what they are told."""

    def __init__(self, guider: bool = True, settle: str = "", kind: str = "german-equatorial") -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(DUSK, self.loop)
        self.told: list[Event] = []
        self.deeds: list[str] = []
        self.slews: list[Pointing] = []
        self.states: list[Any] = []
        """What the guider says of itself, look by look; at the end that it guides."""
        self.starts: list[Any] = []
        """What comes of each start: whether it settles, or an error; at the end that it does."""
        self.fails: set[str] = set()
        self.dithers_s = 0.0
        done: Future[float] = Future()
        done.set_result(2.0)
        self.target = TARGET
        thing: Any = self
        pool: Any = SimpleNamespace(submit=lambda *_: done)
        declared = Guider.model_validate({"settle": settle}) if settle else None
        train = TRAIN.model_copy(update={"focuser": None, "guider": declared})
        guides = thing if guider else None
        devices = ImagingDevices(train, thing, None, None, None, lambda path: 2.0, lambda *_: "", pool, guides)
        self.devices = devices
        mount = a_mount().model_copy(update={"meridian": None}).model_copy(update={"type": kind})
        self.sequencer = Sequencer(self.clock, thing, (mount, NERPIO), {TRAIN.name: devices}, self.told.append)

    def do(self, deed: str) -> None:
        self.deeds.append(deed)
        if deed in self.fails:
            raise DeviceError(f"no answer to '{deed}'")

    async def stay_cool(self) -> None: ...

    async def slew(self, pointing: Pointing) -> None:
        self.do("slew")
        self.slews.append(pointing)
        await self.clock.sleep(9.0)

    async def expose(self, exposure: Exposure) -> Path:
        self.do("expose")
        await self.clock.sleep(exposure.seconds)
        return Path("none.fits")

    async def start(self) -> bool:
        self.do("guide")
        await self.clock.sleep(15.0)
        said = self.starts.pop(0) if self.starts else True
        if isinstance(said, DeviceError):
            raise said
        return bool(said)

    async def dither(self, arcsec: float) -> bool:
        self.do(f"dither {arcsec / TRAIN.scale:g} px")
        await self.clock.sleep(self.dithers_s)
        return "unsettled" not in self.fails

    async def stop(self) -> None:
        self.do("stop")

    async def state(self) -> Guiding:
        said = self.states.pop(0) if self.states else Guiding.GUIDING
        if isinstance(said, DeviceError):
            raise said
        return Guiding(said)

    def halt(self) -> None:
        self.deeds.append("halt")

    def job(self, count: int, **said: Any) -> Job:
        exposure = Exposure("light", 60.0, TRAIN.slots[0].role, 0, 0, 1, "x", Identity(block="b"))
        return Job(TRAIN.name, "x", self.target, exposure, count, DUSK + FAR, **said)

    def take(self, count: int, **said: Any) -> list[str]:
        async def taken() -> None:
            async with aclosing(self.sequencer.run(self.job(count, **said))) as files:
                async for _ in files:
                    pass

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(taken())
        return self.deeds

    def names(self) -> list[str]:
        return [each.name for each in self.told if each.name not in ("slewed", "exposure-started")]

    def of(self, name: str) -> Any:
        return next(each for each in self.told if each.name == name)


def test_a_guider_rests_while_the_mount_moves_and_guides_while_the_camera_exposes() -> None:
    telescope = Telescope()
    assert telescope.take(2) == ["stop", "slew", "guide", "expose", "expose", "halt"]
    assert telescope.names() == ["guiding-started"]
    assert telescope.of("guiding-started").spent_s == 15.0
    assert (telescope.of("slewed").ra_deg, telescope.of("slewed").dec_deg) == (TARGET.ra_deg, TARGET.dec_deg)


def test_without_a_guider_or_where_a_plan_says_none_nothing_is_guided() -> None:
    assert Telescope(guider=False).take(1) == ["slew", "expose"]
    assert Telescope().take(1, guiding="none") == ["stop", "slew", "expose"]


def test_a_guider_that_does_not_stop_holds_up_no_slew() -> None:
    telescope = Telescope()
    telescope.fails = {"stop"}
    assert telescope.take(1)[:3] == ["stop", "slew", "guide"]


@pytest.mark.parametrize(("guiding", "told"), [("none", ["newton"]), (None, [])])
def test_and_is_told_of_where_it_is_to_rest(guiding: str | None, told: list[str]) -> None:
    telescope = Telescope()
    other = replace(telescope.devices, train=TRAIN.model_copy(update={"name": "refractor"}))
    trains = {TRAIN.name: telescope.devices, "refractor": other}
    thing: Any = telescope
    telescope.sequencer = Sequencer(
        telescope.clock, thing, (a_mount().model_copy(update={"meridian": None}), NERPIO), trains, telescope.told.append
    )
    telescope.fails = {"stop"}
    assert telescope.take(1, guiding=guiding).count("expose") == 1
    kept: list[Any] = [each for each in telescope.told if each.name == "guider-not-stopped"]
    assert [each.train for each in kept] == [*told, "refractor"]
    assert kept[-1].reason == "no answer to 'stop'"


@pytest.mark.parametrize("required", [None, "required"])
def test_one_that_does_not_guide_is_told_and_the_block_goes_on_unless_it_is_required(required: str | None) -> None:
    telescope = Telescope()
    telescope.starts = [DeviceError("no star")]
    if required:
        with pytest.raises(DeviceError, match="x is to be guided: no star"):
            telescope.take(2, guiding=required)
        assert "expose" not in telescope.deeds
    else:
        assert telescope.take(2) == ["stop", "slew", "guide", "halt", "expose", "expose", "halt"]
    failed = telescope.of("guiding-failed")
    assert (failed.reason, failed.then) == ("no star", "gives up" if required else "goes on without")
    assert telescope.deeds[-1] == "halt"


@pytest.mark.parametrize("required", [None, "required"])
def test_one_that_does_not_settle_guides_unless_calm_is_required(required: str | None) -> None:
    telescope = Telescope()
    telescope.starts = [False]
    if required:
        with pytest.raises(DeviceError, match="x is to be guided, and does not settle as declared: allow its 'settle'"):
            telescope.take(1, guiding=required)
    else:
        assert telescope.take(1).count("expose") == 1
    assert telescope.names() == ["guiding-unsettled"]


def test_a_star_lost_and_found_again_is_told() -> None:
    telescope = Telescope()
    telescope.states = [Guiding.REGAINED]
    assert telescope.take(3).count("guide") == 1
    lost = telescope.of("guiding-interrupted")
    assert (lost.reason, lost.then) == ("the guide star was lost", "found again")


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (Guiding.LOST, "the guide star was lost"),
        (Guiding.STOPPED, "the guider stopped"),
        (DeviceError("it has gone"), "it has gone"),
    ],
)
def test_guiding_that_ends_is_begun_anew_once_and_then_given_up(state: Any, why: str) -> None:
    telescope = Telescope()
    telescope.states = [state, Guiding.GUIDING, state]
    assert telescope.take(6).count("guide") == 2
    assert telescope.names() == [
        "guiding-started", "guiding-interrupted", "guiding-started", "guiding-interrupted", "guiding-failed"
    ]  # fmt: skip
    ends = [each for each in telescope.told if each.name == "guiding-interrupted"]
    assert [(each.reason, each.then) for each in ends] == [(why, "begun anew"), (why, "given up")]  # type: ignore[attr-defined]
    assert telescope.deeds.count("expose") == 6


def test_what_must_be_guided_ends_when_it_no_longer_is() -> None:
    telescope = Telescope()
    telescope.states, telescope.starts = [Guiding.LOST], [True, DeviceError("no star")]
    with pytest.raises(DeviceError, match="x is to be guided: no star"):
        telescope.take(6, guiding="required")
    assert telescope.deeds.count("expose") == 1


def test_the_guider_dithers_after_so_many_frames() -> None:
    taken = Telescope().take(7, dither=DitherPace(3, 12.0))
    assert taken[2:] == ["guide", *["expose"] * 3, "dither 12 px", *["expose"] * 3, "dither 12 px", "expose", "halt"]


def test_a_dither_that_does_not_settle_is_told_and_one_that_fails_too() -> None:
    telescope = Telescope()
    telescope.fails, telescope.dithers_s = {"unsettled"}, 30.0
    telescope.take(2, dither=DitherPace(1, 12.0))
    assert telescope.names() == ["guiding-started", "dithered", "guiding-unsettled"]
    assert telescope.of("guiding-unsettled").spent_s == 30.0
    telescope = Telescope()
    telescope.fails = {"dither 12 px"}
    assert telescope.take(2, dither=DitherPace(1, 12.0)).count("expose") == 2
    assert telescope.of("dither-failed").reason == "no answer to 'dither 12 px'"


@pytest.mark.parametrize("guider", [True, False])
def test_without_guiding_the_mount_dithers_around_its_target(guider: bool) -> None:
    telescope = Telescope(guider)
    telescope.starts = [DeviceError("no star")]
    telescope.take(9, dither=DitherPace(2, 12.0))
    ways = [missed(TARGET, each) for each in telescope.slews[1:]]
    sizes_px = [hypot(*way) * 3600 / TRAIN.scale for way in ways]
    assert len(ways) == 4
    assert all(size < 12.0 for size in sizes_px)
    assert max(sizes_px) > 4.0
    assert len({tuple(round(each, 9) for each in way) for way in ways}) == 4
    assert telescope.names().count("dithered") == 4


def test_the_places_of_dithers_differ_and_fill_a_circle() -> None:
    places = [place(number) for number in range(PLACES)]
    assert all(hypot(*each) < 1.0 for each in places)
    nearest = min(hypot(a[0] - b[0], a[1] - b[1]) for n, a in enumerate(places) for b in places[:n])
    assert nearest > 0.2  # of fifty in a hexagonal lattice: 0.27
    in_a_row = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(places, places[1:], strict=False)]
    assert min(in_a_row) > 0.5


def test_the_mount_goes_from_place_to_place_in_their_order_until_all_have_been() -> None:
    telescope = Telescope(kind="fork")
    thing: Any = telescope
    side = SideOfMeridian(a_mount().model_copy(update={"meridian": None}).model_copy(update={"type": "fork"}), NERPIO)
    dithering = Dithering(telescope.clock, thing, side, 1.0, telescope.told.append)

    async def dithered() -> None:
        for _ in range(PLACES):
            await dithering.dither(DitherPace(1, 36.0), Aimed(Pointing(120.0, 0.0), DUSK), None, WHICH)

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(dithered())
    been = [(100.0 * (each.ra_deg - 120.0), 100.0 * each.dec_deg) for each in telescope.slews]
    assert been == [pytest.approx(place(number), abs=1e-6) for number in range(1, PLACES + 1)]


@pytest.mark.parametrize(("left_s", "asked"), [(0.0, 0), (0.04, 0), (0.06, 1), (1.0, 1)])
def test_no_guider_is_asked_to_dither_where_the_block_has_no_tenth_of_a_second_left(left_s: float, asked: int) -> None:
    telescope = Telescope()
    thing: Any = telescope
    until, no_time = DUSK + timedelta(seconds=left_s), timedelta()
    guiding = BlockGuiding(telescope.clock, thing, telescope.told.append, WHICH, False, until, no_time)
    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(guiding.dither(1.0, TRAIN.scale))
    assert telescope.deeds == ["dither 1 px"] * asked
    assert telescope.names() == ["dithered" if asked else "dither-failed"]
    if not asked:
        assert telescope.of("dither-failed").reason == "there was no time"


def test_what_guiding_has_taken_is_told_to_the_millisecond() -> None:
    telescope = Telescope()
    start = telescope.start

    async def slowly() -> bool:
        telescope.clock.set_by(0.00046)
        return await start()

    telescope.start = slowly  # type: ignore[method-assign]
    telescope.take(1)
    assert telescope.of("guiding-started").spent_s == 15.0


def test_no_dither_is_begun_that_no_frame_follows() -> None:
    telescope = Telescope()
    job = telescope.job(9, dither=DitherPace(1, 12.0), each_s=60.0)
    end = DUSK + timedelta(seconds=9.0 + 15.0 + 2 * 60.0 + 30.0)

    async def taken() -> int:
        return len([file async for file in telescope.sequencer.run(replace(job, end=end))])

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        assert runner.run(taken()) == 2
    assert telescope.deeds.count("dither 12 px") == 1


def taken_until(telescope: Telescope, end_s: float, **said: Any) -> float:
    """Take what goes into a block that ends then; return when it was over, seconds."""
    job = replace(telescope.job(9, each_s=60.0, **said), end=DUSK + timedelta(seconds=end_s))

    async def taken() -> None:
        async with aclosing(telescope.sequencer.run(job)) as files:
            async for _ in files:
                pass

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(taken())
    return telescope.loop.time()


def never_settles(telescope: Telescope, from_start: int) -> Any:
    starts = iter(range(99))

    async def start() -> bool:
        telescope.do("guide")
        await telescope.clock.sleep(15.0 if next(starts) < from_start else 375.0)
        return True

    return start


@pytest.mark.parametrize("from_start", [0, 1])
def test_no_guider_is_waited_for_when_its_block_is_over(from_start: int) -> None:
    telescope = Telescope()
    telescope.states = [Guiding.LOST] * from_start
    telescope.start = never_settles(telescope, from_start)  # type: ignore[method-assign]
    assert taken_until(telescope, 250.0) == 250.0
    assert telescope.of("guiding-failed").reason.startswith("there was no time: the guider did not answer within")
    assert telescope.deeds.count("expose") == 1 + from_start
    assert telescope.deeds[-1] == "halt"


@pytest.mark.parametrize(("end_s", "begun"), [(9.0 + 15.0 + 60.0, 1), (9.0 + 14.9 + 60.0, 0)])
def test_guiding_is_not_begun_where_it_could_not_settle_before_the_last_frame(end_s: float, begun: int) -> None:
    telescope = Telescope(settle="lasting 10 s")
    taken_until(telescope, end_s)
    assert telescope.deeds.count("guide") == begun
    assert telescope.deeds.count("expose") == 1
    assert telescope.names() == ["guiding-started" if begun else "guiding-failed"]
    if not begun:
        assert telescope.of("guiding-failed").reason == "there was no time"


@pytest.mark.parametrize(("end_s", "frames"), [(9.0 + 15.0 + 2 * 60.0, 2), (9.0 + 15.0 + 2 * 60.0 - 0.1, 1)])
def test_the_guider_is_looked_at_before_each_frame_and_not_where_none_follows(end_s: float, frames: int) -> None:
    telescope = Telescope()
    telescope.states = [Guiding.REGAINED, Guiding.REGAINED]
    taken_until(telescope, end_s)
    assert telescope.deeds.count("expose") == frames
    assert telescope.names() == ["guiding-started", *["guiding-interrupted"] * (frames - 1)]


def test_nor_is_it_begun_anew_then() -> None:
    telescope = Telescope(settle="lasting 10 s")
    telescope.states = [Guiding.LOST]
    taken_until(telescope, 9.0 + 15.0 + 60.0 + 14.0 + 60.0)
    assert telescope.deeds.count("guide") == 1
    assert telescope.of("guiding-interrupted").then == "given up"
    assert telescope.deeds.count("expose") == 2


def test_no_dither_outlasts_its_block() -> None:
    telescope = Telescope()

    async def dither(arcsec: float) -> bool:  # noqa: ARG001
        await telescope.clock.sleep(375.0)
        return True

    telescope.dither = dither  # type: ignore[method-assign]
    assert taken_until(telescope, 200.0, dither=DitherPace(1, 12.0)) == 200.0
    assert telescope.names() == ["guiding-started", "dither-failed"]


def test_what_must_be_guided_settles_once_more_after_a_dither_that_did_not() -> None:
    telescope = Telescope()
    telescope.fails = {"unsettled"}
    taken = telescope.take(3, guiding="required", dither=DitherPace(1, 12.0))
    assert taken[2:] == ["guide", *["expose", "dither 12 px", "guide"] * 2, "expose", "halt"]


@pytest.mark.parametrize("fails", ["unsettled", "dither 12 px"])
def test_and_ends_if_it_is_not_calm_then(fails: str) -> None:
    telescope = Telescope()
    telescope.fails, telescope.starts = {fails}, [True, False]
    with pytest.raises(DeviceError, match="x is to be guided, and does not settle as declared"):
        telescope.take(3, guiding="required", dither=DitherPace(1, 12.0))
    assert telescope.deeds.count("expose") == 1


@pytest.mark.parametrize(("more_s", "dithers"), [(7.9, 0), (8.0, 1)])
def test_a_dither_that_would_cost_the_frame_after_it_is_left_out(more_s: float, dithers: int) -> None:
    telescope = Telescope(guider=False)
    taken_until(telescope, 9.0 + 2 * 60.0 + more_s, dither=DitherPace(1, 12.0))
    assert telescope.deeds.count("expose") == 2 - dithers  # a slew takes 9 s, 8 of them are declared
    assert len(telescope.slews) == 1 + dithers


def test_a_dither_is_left_out_where_looking_at_the_guider_took_its_time() -> None:
    telescope = Telescope()
    telescope.states = [Guiding.LOST]
    taken_until(telescope, 9.0 + 15.0 + 2 * 60.0 + 10.0, dither=DitherPace(1, 12.0))
    assert telescope.deeds.count("guide") == telescope.deeds.count("expose") == 2
    assert "dither 12 px" not in telescope.deeds
    assert len(telescope.slews) == 1


@pytest.mark.parametrize(
    ("kind", "hours_east", "dithers"),
    [("german-equatorial", 0.01, 0), ("german-equatorial", 0.2, 1), ("german-equatorial", -0.01, 1), ("fork", 0.01, 1)],
)
def test_no_dither_takes_a_mount_to_the_other_side(kind: str, hours_east: float, dithers: int) -> None:
    """0.01 hours are 36 s: the target passes the meridian within the first frame."""
    telescope = Telescope(guider=False, kind=kind)
    telescope.target = Pointing(SOUTH + 15 * hours_east, 20.0)
    telescope.take(2, dither=DitherPace(1, 12.0))
    assert len(telescope.slews) == 1 + dithers
    assert telescope.deeds.count("expose") == 2
    if not dithers:
        assert telescope.of("dither-failed").reason == TURNS


def test_a_dither_of_what_moves_is_made_around_where_it_has_gone() -> None:
    telescope = Telescope(guider=False)
    telescope.target = replace(TARGET, dec_rate=36000.0)
    telescope.take(2, dither=DitherPace(1, 12.0))
    _, north = missed(TARGET, telescope.slews[1])
    assert north * 3600 == pytest.approx(600.0, abs=100.0)  # of a minute, and at most 12 px beside it


@pytest.mark.parametrize("at_s", [20.0, 40.0])
def test_a_block_that_is_broken_off_tells_the_guider_and_waits_for_nothing(at_s: float) -> None:
    telescope = Telescope()

    async def taken() -> float:
        async def block() -> None:
            async with aclosing(telescope.sequencer.run(telescope.job(9))) as files:
                async for _ in files:
                    pass

        task = asyncio.ensure_future(block())
        await telescope.clock.sleep(at_s)
        task.cancel()
        await asyncio.wait({task})
        return telescope.clock.monotonic()

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        assert runner.run(taken()) == at_s
    assert telescope.deeds[-1] == "halt"


def test_halting_raises_nothing() -> None:
    def broken() -> None:
        raise OSError("no line")

    thing: Any = SimpleNamespace(halt=broken)
    BoundedGuider(TRAIN, thing).halt()
