"""The signal to noise of many frames, and how many more it takes."""

from dataclasses import replace
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from obsy.engine.signal import WITHIN, Signal, in_frame, more
from obsy.schemas.proof import Proof, Shown

A_FRAME = {"fwhm_px": 4.0, "fwhm_arcsec": 6.0, "zero_point": 20.0, "noise_adu": 10.0, "electrons_per_adu": 1.5}
STAR, CLOUD = Shown(magnitude="12 mag"), Shown(surface="21 mag/arcsec2")


def asked(snr: float, of: Shown | None = None) -> Proof:
    return Proof(snr=snr, of=of)


def test_a_star_of_a_magnitude_by_hand() -> None:
    """20 - 12 mag at 60 s are 60 x 10^3.2 ADU, 15/16 of it in pi 4^2 pixels of 10 ADU each."""
    light = 15 / 16 * 60 * 10**3.2
    by_hand = light / sqrt(light / 1.5 + pi * 16 * 100)
    assert in_frame(A_FRAME, 60.0, STAR) == pytest.approx(by_hand)
    assert WITHIN == 15 / 16


def test_spread_out_light_is_that_of_a_square_arcsecond() -> None:
    light = 60 * 10 ** (-0.4)  # of 1.5 arcsec pixels, 4/9 to the square arcsecond
    assert in_frame(A_FRAME, 60.0, CLOUD) == pytest.approx(light / sqrt(light / 1.5 + 100 / 1.5**2))


def test_scales_by_time_as_the_sky_does_and_by_the_root_of_it() -> None:
    """Where the sky rules, four frames are twice as good as one, and so is one of four times the time and light."""
    faint = Shown(magnitude="19 mag")
    one, long = (in_frame(A_FRAME | {"noise_adu": noise}, time, faint) for time, noise in ((60.0, 10.0), (240.0, 20.0)))
    assert one is not None and long is not None
    assert long == pytest.approx(2 * one, rel=1e-3)


@pytest.mark.parametrize("lacks", [*A_FRAME])
def test_a_frame_that_lacks_a_measure_tells_nothing(lacks: str) -> None:
    measures = {key: value for key, value in A_FRAME.items() if key != lacks}
    told = [in_frame(measures, 60.0, of) for of in (STAR, CLOUD)]
    assert None in told
    assert in_frame(measures, 60.0) is None
    assert Signal(4.0, 2).with_frame(measures, 60.0) == Signal(4.0, 2, untold=1)


def test_noise_alone_proves_nothing_however_many_frames_there_are() -> None:
    dice = np.random.default_rng(5)
    found = Signal()
    for flux in dice.normal(0, 7.0, 4000):
        found = found.with_frame({"target_adu": flux, "target_error_adu": 7.0}, 60.0)
    assert abs(found.squared) < 3 * sqrt(2 * 4000)
    assert found.hidden
    assert more(found, asked(100)) is None


def test_what_hides_in_each_frame_shows_in_many_with_its_true_signal_to_noise() -> None:
    """Frames of S/N 1.5 each: a hundred of them are one of 15."""
    dice = np.random.default_rng(6)
    found = Signal()
    for flux in dice.normal(3.0, 2.0, 10000):
        found = found.with_frame({"target_adu": flux, "target_error_adu": 2.0}, 60.0)
    assert found.to_noise == pytest.approx(150.0, rel=0.02)
    assert not found.hidden


@given(st.floats(0.5, 500), st.integers(1, 400), st.floats(1, 3000))
def test_so_many_more_reach_what_is_asked_and_one_fewer_do_not(each: float, frames: int, wanted: float) -> None:
    so_far = Signal(frames * each**2, frames)
    left = more(so_far, asked(wanted, STAR))
    assert left is not None
    assert sqrt((frames + left) * each**2) >= wanted * (1 - 1e-6)
    assert left == 0 or sqrt((frames + left - 1) * each**2) < wanted * (1 + 1e-6)


def test_where_every_other_frame_cannot_be_measured_twice_as_many_are_needed() -> None:
    assert more(Signal(1000.0, 10), asked(100, STAR)) == 90
    assert more(Signal(1000.0, 10, untold=10), asked(100, STAR)) == 180


def test_before_the_first_measured_frame_nobody_knows() -> None:
    assert more(Signal(), asked(100)) is None
    assert more(Signal(), asked(100, STAR)) is None
    assert Signal(-5.0, 10).to_noise == 0.0
    assert in_frame({**A_FRAME, "electrons_per_adu": 0.0}, 60.0, STAR) is None


@pytest.mark.once
@pytest.mark.parametrize("frames", [1, 10, 100])
def test_of_a_thousand_empty_places_one_shows(frames: int) -> None:
    """Source: SciPy's chi squared distribution."""
    least = next(each for each in np.arange(0.0, 200.0, 0.01) if not Signal(each, frames, summed=1.0).hidden)
    assert float(chi2.sf(least + frames, frames)) == pytest.approx(0.001, rel=0.2)


def test_a_place_that_is_darker_than_the_sky_around_it_shows_no_star() -> None:
    """Its ring has the light of other stars in it: ten frames of S/N -3 prove nothing, and are not done at S/N 5."""
    found = Signal()
    for _ in range(10):
        found = found.with_frame({"target_adu": -30.0, "target_error_adu": 10.0}, 60.0)
    assert (found.squared, found.summed) == (80.0, -30.0)
    assert found.hidden
    assert found.to_noise == 0.0
    assert more(found, asked(5)) is None


def test_a_star_of_which_ten_frames_tell_little_is_vague_until_many_tell() -> None:
    faint, bright = (Signal(10 * each**2, 10) for each in (1.5, 10.0))
    assert (faint.vague, bright.vague) == (True, False)
    assert not Signal(100 * 1.5**2, 100).vague


@pytest.mark.parametrize("said", [float("nan"), float("inf"), -float("inf"), 1e200, 10**400, None, "3"])
@pytest.mark.parametrize(("lost", "of"), [("target_adu", None), ("zero_point", STAR), ("zero_point", CLOUD)])
def test_a_frame_whose_row_is_damaged_tells_nothing_and_is_not_done(lost: str, of: Shown | None, said: object) -> None:
    """The goal's other frames go on counting."""
    so_far = Signal(40.0, 10, summed=20.0)
    damaged: Any = {**A_FRAME, "target_error_adu": 1.0, lost: said}
    found = so_far.with_frame(damaged, 60.0, of)
    assert found == replace(so_far, untold=1) or (lost == "zero_point" and found.squared == pytest.approx(40.0))
    assert (more(found, asked(10, of)) or 0) > 0


def star_frames(found: Signal, count: int, exposure_s: float, each: float) -> Signal:
    for _ in range(count):
        found = found.with_frame({"target_adu": each, "target_error_adu": 1.0}, exposure_s)
    return found


def test_once_ten_frames_of_a_changed_exposure_tell_what_is_left_is_told_by_them_alone() -> None:
    """Two hundred frames of S/N² 12 each, and then of 120: S/N 100 is 6400 more, so 54 frames and not 286."""
    before = star_frames(Signal(), 200, 10.0, sqrt(13))
    few, ten = (star_frames(before, count, 100.0, 11.0) for count in (9, 10))
    assert (few.present, ten.present.frames) == (few, 10)
    assert (more(few, asked(100)), more(ten, asked(100))) == (392, 54)
    assert star_frames(ten, 10, 100.4, 11.0).present.frames == 20


def test_a_star_that_shows_in_longer_exposures_is_not_hidden_by_the_shorter_ones_before() -> None:
    longer = star_frames(star_frames(Signal(), 400, 1.0, 1.0), 10, 60.0, 3.0)
    assert longer.hidden
    assert more(longer, asked(20)) == 40
    assert more(star_frames(longer, 10, 1.0, 0.1), asked(20)) is None
    assert more(star_frames(star_frames(Signal(), 20, 60.0, 5.0), 10, 1.0, 0.1), asked(20)) == 0
