"""Signal to noise and timing are what a fit of light curves drawn by chance finds."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.choice.depth import StarSeen, scatter
from obsy.engine.choice.transits.exposure import Defocus, TransitExposure
from obsy.engine.choice.transits.worth import timing_error_s, worth
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.transiting_planet import TransitingPlanet
from obsy.engine.schedule.cover import CONTACT
from obsy.engine.sky.transit import PARTS, Transit

PLANET = TransitingPlanet("Ours", "b", 80.0, 40.0, Ephemeris(2461000.0, 3.0, 3.0), 0.012, 12.0)
EXPOSURE = TransitExposure("R", 60.0, 0.3)
MIDDLE = datetime(2026, 12, 11, tzinfo=UTC)
WHOLE = dict.fromkeys(PARTS, 1.0)


@pytest.fixture(scope="module")
def observatory(root) -> Observatory:
    return declare(root)


def valued(observatory, shares=WHOLE, error=timedelta(), under=(1.2, 1.0), exposure=EXPOSURE, **changed):
    half = timedelta(hours=1.5)
    transit = Transit(MIDDLE - half, MIDDLE, MIDDLE + half, error)
    where = (observatory.site, *under)
    train = observatory.instruments[0].train
    return worth(PLANET._replace(**changed), (transit, shares), exposure, train, where)


def drawn(times_s: np.ndarray, late_s: float, depth: float) -> np.ndarray:
    """A transit of straight sides, three hours long."""
    contact = CONTACT * 3 * 3600
    return 1 - depth * np.clip((1.5 * 3600 - np.abs(times_s - late_s)) / contact, 0, 1)


def test_its_numbers_are_those_of_fits_of_light_curves_drawn_by_chance(observatory) -> None:
    train, found = observatory.instruments[0].train, valued(observatory)
    each_s = EXPOSURE.exposure_s + train.camera.download
    seen = StarSeen(observatory.site.sky, observatory.site.elevation, 1.2)
    noise = scatter(train, "R", 60.0, 12.0, seen)
    times = np.arange(-2.25 * 3600, 2.25 * 3600, each_s)
    step = 1.0
    columns = [
        drawn(times, 0, 0.012 + 1e-4) - drawn(times, 0, 0.012 - 1e-4),
        drawn(times, step, 0.012) - drawn(times, -step, 0.012),
        np.ones_like(times),
    ]
    slopes = np.stack(columns, axis=1) / [2e-4, 2 * step, 1]
    dice = np.random.default_rng(11)
    curves = drawn(times, 0, 0.012)[:, None] + dice.normal(0, noise, (times.size, 2000))
    fits = np.linalg.lstsq(slopes, curves - drawn(times, 0, 0.012)[:, None], rcond=None)[0]
    assert found.snr == pytest.approx(0.012 / fits[0].std(), rel=0.1)
    assert found.timing_s == pytest.approx(fits[1].std(), rel=0.1)
    assert found.frames == pytest.approx(times.size, abs=2)


@given(lost=st.sampled_from(PARTS), share=st.floats(0, 1))
def test_what_is_missing_makes_nothing_better(observatory, lost, share) -> None:
    all_of_it, part = valued(observatory), valued(observatory, WHOLE | {lost: share})
    assert part.snr <= all_of_it.snr + 1e-9 and part.timing_s >= all_of_it.timing_s and part.score <= all_of_it.score


@given(st.floats(1, 5000), st.floats(1, 5000))
def test_a_worse_ephemeris_is_worth_more_and_gains_more(observatory, one_s, other_s) -> None:
    one, other = (valued(observatory, error=timedelta(seconds=each)) for each in sorted((one_s, other_s)))
    assert one.gain <= other.gain <= 1 and one.score <= other.score
    error_s = max(one_s, other_s)
    left = 1 / (1 / error_s**2 + 1 / other.timing_s**2)  # of two measurements of one thing
    assert 1 - left / error_s**2 == pytest.approx(other.gain, rel=1e-6)


def test_what_nobody_knows_is_said_so_and_is_worth_less(observatory) -> None:
    known = valued(observatory)
    assert known.gain is None  # an ephemeris without errors
    for unknown in (valued(observatory, depth=None), valued(observatory, mag=None)):
        assert (unknown.snr, unknown.timing_s) == (None, None) and 0 < unknown.score < known.score
    none_of_it = valued(observatory, WHOLE | {"ingress": 0.0, "egress": 0.0})
    assert none_of_it.timing_s is None and timing_error_s(1.0, 1.0, 0.0, 1.0) is None


def test_more_air_the_moon_and_a_wide_disc_each_cost_signal(observatory) -> None:
    best = valued(observatory, under=(1.0, 1.0), mag=14.0)
    spread = EXPOSURE._replace(defocus=Defocus(60.0, 12.0, 0.6), is_in_focus=False)
    worse = [
        valued(observatory, under=(2.0, 1.0), mag=10.0).snr / valued(observatory, under=(1.0, 1.0), mag=10.0).snr,
        valued(observatory, under=(1.0, 0.1), mag=14.0).snr / best.snr,
        valued(observatory, under=(1.0, 1.0), mag=14.0, exposure=spread).snr / best.snr,
    ]
    assert max(worse) < 0.85


def test_the_order_is_by_what_pen_and_paper_say(observatory) -> None:
    # A signal to noise of 20 is as good as any, one that nobody knows as good as 6; all of a gain doubles the worth,
    # and one that nobody knows counts for 0.3: (1 + 0.3) / 2 = 0.65. Of the five parts each is a fifth.
    deep, shallow = valued(observatory), valued(observatory, depth=0.006)
    assert deep.snr > 20 > shallow.snr > 5
    assert deep.score == pytest.approx(0.65)
    assert shallow.score == pytest.approx(0.65 * shallow.snr / 20)
    assert valued(observatory, depth=None).score == pytest.approx(0.3 * 0.65)
    assert valued(observatory, WHOLE | {"baseline after": 0.5}).score == pytest.approx(0.9 * 0.65)
    known = valued(observatory, error=timedelta(seconds=deep.timing_s * 3))  # known ten times better with it
    assert known.gain == pytest.approx(0.9)
    assert known.score == pytest.approx(0.95)
