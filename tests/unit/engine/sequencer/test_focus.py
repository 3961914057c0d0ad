"""The focus run finds the bottom of the curve, and invents none; between two runs what is declared is followed."""

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Exposure
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.focus import FocusKeeper, minimum
from obsy.errors import DeviceError
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
FAR = DUSK + timedelta(hours=9)
RUN_S = 7 * (4.0 + 5.0)
"""Of a camera that hands its files over at once: an exposure and a measurement, seven times."""


@given(best=st.floats(-150, 150), floor=st.floats(1, 3), slope=st.floats(0.005, 0.05))
def test_a_hyperbola_gives_its_own_bottom(best: float, floor: float, slope: float) -> None:
    places = [float(step) * 60 for step in range(-3, 4)]
    widths = [sqrt(floor**2 + (slope * (place - best)) ** 2) for place in places]
    found = minimum(places, widths)
    assert found is not None
    assert abs(found - best) < 0.5


def test_samples_that_only_rise_have_no_bottom() -> None:
    assert minimum([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]) is None


def test_samples_without_stars_are_left_out() -> None:
    assert minimum([0, 1, 2, 3, 4], [inf, inf, inf, 2, 3]) is None


def test_five_samples_say_where_the_bottom_is_and_four_do_not() -> None:
    widths = [5.0, sqrt(0.25 + 4), sqrt(0.25 + 1), 0.5, sqrt(0.25 + 1), sqrt(0.25 + 4), 5.0]
    for odd in (inf, 0.0, -1.0):
        widths[0] = widths[6] = odd
        assert minimum(range(7), widths) == pytest.approx(3.0)
        assert minimum(range(7), [*widths[:5], odd, odd]) is None


def test_a_top_is_no_bottom() -> None:
    assert minimum(range(5), [1.0, 2.0, 3.0, 2.0, 1.0]) is None


class Telescope:
    """A focuser and a camera whose stars are smallest at one place; they note in order what they are told."""

    def __init__(self, folder: Path, best: float = 24970.0, warmth: float = 12.0, **declared: Any) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(DUSK, self.loop)
        self.folder, self.best, self.warmth = folder, best, warmth
        self.place, self.fails = 0.0, ""
        self.moves: list[float] = []
        self.exposed: list[Exposure] = []
        self.told: list[Any] = []
        assert TRAIN.focuser is not None
        train = TRAIN.model_copy(update={"focuser": TRAIN.focuser.model_copy(update=declared)})
        thing: Any = self
        self.devices = ImagingDevices(train, thing, None, thing, None, self.width, lambda *_: "", thing)
        self.keeper = FocusKeeper(self.clock, self.devices, self.told.append)

    async def move(self, place: float) -> None:
        self.place = place
        self.moves.append(place)

    async def temperature(self) -> float:
        return self.warmth

    async def expose(self, exposure: Exposure) -> Path:
        await self.clock.sleep(exposure.seconds)
        self.exposed.append(exposure)
        if self.fails:
            raise DeviceError(self.fails)
        path = self.folder / f"{len(self.exposed)}.fits"
        path.touch()
        return path

    def width(self, path: Path) -> float:
        assert path.exists()
        return inf if self.best < 0 else sqrt(1.2345678**2 + (0.02 * (self.place - self.best)) ** 2)

    def submit(self, work: Any, *args: Any) -> Any:
        done: Future[Any] = Future()
        done.set_result(work(*args))
        return done

    def refresh(self, *asked: tuple[str, datetime, float | None], rests_s: float = 0.0) -> list[Event]:
        """Refresh for one block after the other, with a rest between."""

        async def play() -> None:
            for each in asked:
                await self.keeper.refresh(*each)
                await self.clock.sleep(rests_s)

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(play())
        return self.told


def test_the_curve_is_measured_around_where_it_is_declared_and_its_bottom_is_kept(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path)
    (focused,) = telescope.refresh(("L", FAR, None))
    declared = 25000.0 - 40.0 * 2.0
    samples = [declared + 150.0 * step for step in range(-3, 4)]
    assert telescope.moves == [declared, *samples, pytest.approx(24970.0, abs=1e-3)]
    assert (focused.name, focused.train, focused.filter, focused.position) == ("focused", TRAIN.name, "L", 24970.0)
    assert focused.half_flux_px == round(sqrt(1.2345678**2 + 1.0), 3)
    assert [(each.kind, each.seconds, each.filter) for each in telescope.exposed] == [("focus", 4.0, "L")] * 7
    assert telescope.keeper.measured == DUSK + timedelta(seconds=RUN_S)
    assert [*tmp_path.iterdir()] == []


def test_what_was_measured_is_told_as_finely_as_it_is_known(tmp_path: Path) -> None:
    (focused,) = Telescope(tmp_path, best=24970.1234).refresh(("L", FAR, None))
    assert focused.position == 24970.1


def test_then_temperature_and_filter_are_followed_from_there_until_it_is_due_again(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path)
    telescope.refresh(("L", FAR, None), ("R", FAR, None), rests_s=7199.9)
    assert telescope.moves[-1] == pytest.approx(24970.0 + 5.0, abs=1e-3)
    assert len(telescope.exposed) == 7
    telescope = Telescope(tmp_path)
    telescope.refresh(("L", FAR, None), ("R", FAR, None), rests_s=7200.0)
    assert len(telescope.exposed) == 14
    assert telescope.moves[9] == pytest.approx(24970.0 + 5.0, abs=1e-3)
    assert telescope.moves[-1] == pytest.approx(24970.0, abs=1e-3)


def test_a_second_run_adds_to_what_the_first_has_found(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path, every=0.0)
    telescope.refresh(*[("L", FAR, None)] * 3)
    assert telescope.moves[9] == telescope.moves[18] == pytest.approx(24970.0, abs=1e-3)


def test_where_there_is_no_bottom_it_stays_where_it_was_expected_and_says_so(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path, best=-1.0)
    failed, _ = telescope.refresh(("L", FAR, None), ("L", FAR, None), rests_s=7200.0)
    assert (failed.name, failed.train, failed.filter) == ("focus-failed", TRAIN.name, "L")  # type: ignore[attr-defined]
    assert (failed.position, failed.reason) == (24920.0, "no minimum within the samples")  # type: ignore[attr-defined]
    assert telescope.moves[8] == telescope.moves[9] == telescope.moves[-1] == 24920.0
    assert len(telescope.exposed) == 14


@pytest.mark.parametrize("run_s", [None, 60.0])
def test_it_is_measured_only_where_there_is_time_but_for_a_second(tmp_path: Path, run_s: float | None) -> None:
    takes_s = 7 * (4.0 + TRAIN.camera.download + 5.0) if run_s is None else run_s
    for early_s, runs in ((1.0, 1), (1.001, 0)):
        telescope = Telescope(tmp_path)
        telescope.refresh(("L", DUSK + timedelta(seconds=takes_s - early_s), run_s))
        assert len(telescope.exposed) == 7 * runs
        assert telescope.moves[0] == 24920.0


def test_without_a_drift_no_temperature_is_asked_for(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path, drift=0.0, warmth=1e9)
    telescope.refresh(("R", DUSK, None))
    assert telescope.moves == [25005.0]


def test_a_camera_that_fails_ends_the_run_and_says_in_what(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path)
    telescope.fails = "the camera does not answer"
    with pytest.raises(DeviceError, match="the focus run stopped: the camera does not answer"):
        telescope.refresh(("L", FAR, None))


def test_a_frame_that_somebody_has_taken_away_meanwhile_is_not_missed(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path)
    submit = telescope.submit
    telescope.submit = lambda work, path: (submit(work, path), path.unlink())[0]  # type: ignore[method-assign]
    assert [each.name for each in telescope.refresh(("L", FAR, None))] == ["focused"]


def test_a_train_without_a_focuser_has_no_focus_to_keep(tmp_path: Path) -> None:
    telescope = Telescope(tmp_path)
    telescope.loop.close()
    bare = TRAIN.model_copy(update={"focuser": None})
    for devices in (replace(telescope.devices, focuser=None), replace(telescope.devices, train=bare)):
        with pytest.raises(ValueError, match="has no focuser"):
            FocusKeeper(telescope.clock, devices, telescope.told.append)


@pytest.mark.parametrize(("after", "runs"), [("flip", 2), (None, 1)])
def test_after_a_flip_it_focuses_again_where_that_is_declared(tmp_path: Path, after: str | None, runs: int) -> None:
    telescope = Telescope(tmp_path, after=after)

    async def play() -> None:
        for flips in (False, False, True):
            if flips:
                telescope.keeper.note_flip()
            await telescope.keeper.refresh("L", FAR, None)

    with asyncio.Runner(loop_factory=lambda: telescope.loop) as runner:
        runner.run(play())
    assert [each.name for each in telescope.told] == ["focused"] * runs
