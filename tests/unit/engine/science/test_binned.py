"""Several frames as one point: the truth within the error, at the middle of what was exposed."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.binned import PointOf, binned, point_of
from obsy.engine.science.ensemble import ensemble
from obsy.errors import UserError
from tests.unit.engine.science.star_fields import TARGET, StarField

FAINT = {"target": 15.5, "frames": 400}


def night(**field):
    made = StarField(**field)
    return ensemble(made.tables(), made.declared(), "V", TARGET), made


def own(found):
    return np.sqrt(found.curve.error**2 - found.common_error**2)


def test_points_scatter_by_their_errors_and_less_than_frames():
    single, _ = night(**FAINT)
    found = binned(single, PointOf(frames=5))
    assert len(found.curve) == 80 and (found.curve.of_frames == 5).all() and (found.curve.exposure_s == 300).all()
    assert 0.8 < np.std((found.curve.magnitude - 15.5) / own(found)) < 1.2
    assert found.scatter == pytest.approx(single.scatter / 5**0.5, rel=0.2)
    assert found.mean[0] == pytest.approx(15.5, abs=4 * found.mean[1])


def test_its_time_is_the_middle_of_its_frames():
    single, _ = night(frames=12)
    curve = binned(single, PointOf(frames=4)).curve
    for name in ("jd_utc", "hjd_utc", "bjd_tdb"):
        middles = getattr(single.curve, name).reshape(3, 4).mean(axis=1)
        assert getattr(curve, name) == pytest.approx(middles, abs=2 / 86400)
    assert curve.frame == single.curve.frame[::4]


def test_a_span_has_the_frames_whose_middles_lie_within_it():
    """One a minute: six in five minutes. A gap ends a point."""
    single, _ = night(frames=24)
    assert binned(single, point_of("5 min")).curve.of_frames.tolist() == [6, 6, 6, 6]
    gap = single.curve.only(np.r_[0:3, 12:24])
    assert binned(replace(single, curve=gap), point_of("5 min")).curve.of_frames.tolist() == [3, 6, 6]


def test_scatter_beyond_the_errors_is_owned_up_to():
    """Of a star that flickers within each point."""
    flicker = {0: 0.2 * (-1.0) ** np.arange(40)}
    found = binned(night(shift=flicker)[0], PointOf(frames=8))
    assert np.median(own(found)) > 0.2 / 8**0.5 * 0.9


def test_frames_that_do_not_show_the_star_stay_single():
    """A mean of those that do would be too bright."""
    single, _ = night(target=20.0, frames=40)
    assert 0 < single.curve.is_limit.sum() < 40
    found = binned(single, PointOf(frames=40))
    np.testing.assert_array_equal(found.curve.magnitude, single.curve.magnitude)


def test_the_last_point_has_what_is_left():
    assert binned(night(frames=11)[0], PointOf(frames=4)).curve.of_frames.tolist() == [4, 4, 3]


def test_the_check_star_is_measured_alike():
    single, _ = night(frames=40)
    found = binned(single, PointOf(frames=10))
    pulls = (found.curve.check - 11.5) / np.hypot(found.curve.check_error, found.common_error)
    assert np.abs(pulls).max() < 4
    assert found.curve.check_instrumental + found.curve.zero_point == pytest.approx(found.curve.check)


def test_the_report_says_of_how_many_frames_a_point_is():
    single, field = night(frames=10)
    text = aavso_extended(binned(single, PointOf(frames=5)), field.declared(), ReportAbout("XYZ", "V", "V", "obsy"))
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(rows) == 2 and all("; mean of 5 frames (300 s)|NOBS=5|" in row for row in rows)


@pytest.mark.parametrize(
    ("said", "means"), [("5", PointOf(5)), ("5 min", PointOf(0, 300.0)), ("90 s", PointOf(0, 90.0))]
)
def test_frames_and_spans_are_read(said, means):
    assert point_of(said) == means


@pytest.mark.parametrize("said", ["1", "0", "-5 min", "five", "5 mag", "", "²"])
def test_what_is_neither_is_refused_with_the_cure(said):
    with pytest.raises(UserError, match="write '5' .two or more. or '5 min'"):
        point_of(said)


def test_what_a_point_is_made_of_needs_no_other_delimiter():
    single, field = night(frames=10)
    text = aavso_extended(binned(single, PointOf(frames=5)), field.declared(), ReportAbout("XYZ", "V", "V", "obsy"))
    assert "#DELIM=," in text
