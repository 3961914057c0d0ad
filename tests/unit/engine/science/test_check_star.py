"""A check star vouches for a night only where it comes out as its catalogue says, and as in all frames."""

import numpy as np
import pytest

from obsy.engine.science.check_star import CheckResult, checked, frames_off
from obsy.engine.science.light_curve import ARRAYS, LightCurve
from obsy.schemas.comparison import KnownMagnitude

KNOWN = KnownMagnitude(12.0, 0.02)


def curve(points, error=0.01):
    """Return a light curve whose check star has these magnitudes, all with one error or each with its own."""
    nothing = np.full(len(points), np.nan)
    check = {"check": np.array(points, dtype=float), "check_error": np.broadcast_to(error, len(points)).astype(float)}
    return LightCurve(**dict.fromkeys(ARRAYS, nothing) | check, frame=("",) * len(points))


def result(points, error=0.01, common=0.0, varies=""):
    return checked("A", KNOWN, curve(points, error), common, varies)


@pytest.mark.parametrize(
    ("known_error", "error", "off", "is_refused"),
    [
        (0.01, 0.01, 0.049, False),
        (0.01, 0.01, 0.051, True),
        (0.02, 0.02, 0.08, False),
        (0.02, 0.02, 0.09, True),
        (0.4, 0.01, 0.29, False),
        (0.4, 0.01, -0.31, True),
        (0.01, 5.0, 0.31, True),
    ],
)
def test_no_error_however_large_lets_a_check_star_be_far_from_its_catalogue(known_error, error, off, is_refused):
    found = CheckResult("000-AAA-001", 12.0, known_error, 12.0 + off, error, 0.01)
    assert found.deviation == pytest.approx(off) and bool(found.refusal) is is_refused


def test_an_error_that_nobody_says_is_none():
    assert checked("A", KnownMagnitude(12.0), curve([12.0]), 0.0).known_error == 0.0


def test_at_just_what_is_allowed_it_is_well():
    assert CheckResult("A", 0.0, 0.4, 0.3, 0.01, 0.01).refusal == ""


def test_its_magnitude_is_the_mean_weighted_by_errors():
    found = result([12.0, 12.03], error=np.array([0.01, 0.02]))
    assert found.measured == pytest.approx((12.0 / 1 + 12.03 / 4) / 1.25) and found.known_error == 0.02
    assert found.scatter == pytest.approx(np.std([12.0, 12.03], ddof=1))


def test_its_error_is_that_of_photons_or_of_its_scatter_and_the_catalogues_once():
    calm = result([12.0] * 4, error=0.01)
    assert calm.error == pytest.approx(0.005) and calm.scatter == 0.0 and calm.refusal == ""
    wild = result([12.0, 12.04, 11.96, 12.0], error=0.01, common=0.03)
    assert wild.error == pytest.approx(np.hypot(np.std([12, 12.04, 11.96, 12], ddof=1) / 2, 0.03))
    two = result([12.0, 12.04], error=0.01)
    assert two.error == pytest.approx(0.02) and two.varies == ""
    alone = result([12.0], error=0.01)
    assert alone.error == 0.01 and np.isnan(alone.scatter) and alone.refusal == ""


def test_one_that_is_never_seen_refuses():
    found = result([np.nan, np.nan])
    assert np.isnan(found.measured) and "A was not seen whole in any frame" in found.refusal
    assert np.isnan(result([12.0], error=0.0).measured)
    assert (
        result([np.nan], varies="is a known variable").refusal
        == "the check star A is a known variable: name another by 'check'"
    )


@pytest.mark.parametrize(
    ("points", "error", "varies"),
    [
        ([12.0, 12.02] * 10, 0.002, False),
        ([12.0, 12.024] * 10, 0.002, True),
        ([12.0, 12.024] * 10, 0.008, False),
        ([12.0, 12.06] * 10, 0.0145, True),
        ([12.0] * 16 + [12.3] * 4, 0.01, False),
        ([12.0] * 15 + [12.3] * 5, 0.01, True),
        ([12.0, 12.0, 12.3], 0.01, False),
        ([12.0, 12.3], 0.01, True),
        ([12.0] * 5 + [12.3] * 2, 0.01, True),
        ([12.0] * 12 + [12.3] * 4 + [np.nan] * 40, 0.01, True),
    ],
)
def test_one_that_scatters_or_is_wrong_in_too_many_frames_varies(points, error, varies):
    assert bool(result(points, error).varies) is varies


def test_how_it_varies_is_said_in_numbers():
    assert result([12.0, 12.04] * 10, 0.002).varies == "varies, by 0.030 mag where 0.002 is expected"
    assert "in 5 of 20 frames: it varies, or clouds" in result([12.0] * 15 + [12.3] * 5).varies


@pytest.mark.parametrize(
    ("off", "error", "is_off"), [(0.049, 0.001, False), (0.051, 0.001, True), (0.07, 0.02, False), (0.09, 0.02, True)]
)
def test_a_frame_is_off_by_a_twentieth_and_four_sigmas(off, error, is_off):
    points = [12.0, 12.0, 12.0, 12.0 + off, np.nan]
    assert list(frames_off(curve(points, error))) == [False, False, False, is_off, False]


def test_where_it_was_never_seen_no_frame_is_off():
    assert not frames_off(curve([np.nan, np.nan])).any()
