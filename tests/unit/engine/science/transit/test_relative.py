"""Of comparison stars: those that vary or leave the frame are left out, and clouds cancel."""

import numpy as np
import pytest

from obsy.engine.science.transit.relative import relative, star_doubts


def night(count=200, scatter=0.003, seed=3):
    """Fluxes of a target and seven stars as bright, through clouds; the target dims by 2 % in the middle."""
    dice = np.random.default_rng(seed)
    clouds = 1 - 0.5 * np.abs(np.sin(np.linspace(0, 9, count)))
    flux = np.outer(clouds, np.full(8, 1000.0)) * (1 + dice.normal(0, scatter, (count, 8)))
    flux[count // 3 : 2 * count // 3, 0] *= 0.98
    return flux


def test_clouds_cancel_and_the_transit_stays():
    found = relative(night())
    assert found.scatter == pytest.approx(0.003 * np.sqrt(1 + 1 / 7), rel=0.25)
    assert np.median(found.flux[70:130]) / np.median(np.r_[found.flux[:60], found.flux[140:]]) == pytest.approx(
        0.98, abs=2e-3
    )


def test_a_star_that_flickers_is_left_out():
    flux = night()
    flux[:, 3] *= 1 + np.random.default_rng(9).normal(0, 0.1, len(flux))
    found = relative(flux)
    assert 3 not in found.stars and len(found.stars) >= 4


def test_a_star_that_leaves_the_frame_is_left_out():
    flux = night()
    flux[150:, 5] = np.nan
    found = relative(flux)
    assert 5 not in found.stars and np.isfinite(found.flux).all()


def test_of_two_stars_the_one_that_flickers_is_left_out():
    flux = night()[:, :3]
    flux[:, 2] *= 1 + np.random.default_rng(9).normal(0, 0.1, len(flux))
    assert relative(flux).stars == (1,)


def test_two_stars_that_flicker_are_both_left_out():
    flux = night()
    flux[:, [3, 6]] *= 1 + np.random.default_rng(9).normal(0, 0.1, (len(flux), 2))
    assert not {3, 6} & set(relative(flux).stars)


@pytest.mark.parametrize(("lost", "counts"), [(3, True), (4, False)])
def test_a_star_may_be_lost_in_three_frames_of_two_hundred(lost, counts):
    flux = night()[:, :2]
    flux[50 : 50 + lost, 1] = np.nan
    found = relative(flux)
    assert (found is not None) is counts
    assert not counts or np.isnan(found.flux).sum() == lost


def test_frames_without_the_target_do_not_count_against_its_neighbours():
    flux = night()
    flux[:60] = np.nan
    assert relative(flux).scatter < 0.004 and np.isnan(relative(flux).flux[:60]).all()


def test_one_star_is_compared_with_where_there_is_no_other():
    assert relative(night()[:, :2]).stars == (1,)


def test_of_many_stars_the_fifteen_brightest_are_tried():
    """The fifteenth and sixteenth, stars 6 and 5, do not scatter, and would stay."""
    flux = np.outer(np.ones(50), np.r_[100.0, np.arange(50.0, 70.0)])
    noisy = [n for n in range(21) if n not in {5, 6}]
    flux[:, noisy] *= 1 + np.random.default_rng(2).normal(0, 0.003, (50, 19))
    stars = relative(flux).stars
    assert stars[-1] == 6 and stars[0] > 15


@pytest.mark.parametrize(("light", "counts"), [(100.0, False), (101.0, True)])
def test_a_star_has_to_have_more_than_a_tenth_of_the_light_of_the_target(light, counts):
    flux = np.outer(1 + np.arange(20) % 2 / 100, [1000.0, light])
    assert (relative(flux) is not None) is counts
    assert relative(np.outer(np.ones(20), [1000.0, 1.0, 50.0])) is None


def test_a_faint_star_is_not_compared_with():
    flux = night()
    flux[:, 2] *= 0.05
    assert 2 not in relative(flux).stars


def test_without_a_comparison_star_there_is_nothing():
    assert relative(night()[:, :1]) is None


def wave(count=200, phase=0.0):
    """A star that varies by 3 % either way, once and a half in the night."""
    return 1 + 0.03 * np.sin(np.linspace(0, 3 * np.pi, count) + phase)


@pytest.mark.parametrize("phase", [0.0, 1.6, 3.1, 4.7])
def test_a_star_that_varies_slowly_is_left_out_and_named(phase):
    flux = night()
    flux[:, 4] *= wave(phase=phase)
    found = relative(flux)
    assert found.varying == (4,) and 4 not in found.stars and len(found.stars) >= 4
    assert star_doubts(found, lambda n: f"place {n}") == ["the star at place 4 varies slowly: it is not compared with"]


def test_an_eclipse_of_a_third_of_the_night_is_slow_and_a_satellite_is_not():
    flux = night()
    flux[20:90, 2] *= 0.95
    flux[[40, 41], 5] *= 3
    assert relative(flux).varying == (2,)


def test_the_brightest_star_of_all_may_be_the_one_that_varies():
    flux = night() * np.r_[1.0, 1.0, 10.0, np.ones(5)]
    flux[:, 2] *= wave()
    assert relative(flux).varying == (2,)


def test_a_star_that_flickers_hides_none_that_varies_slowly():
    flux = night()
    flux[:, 3] *= 1 + np.random.default_rng(9).normal(0, 0.3, len(flux))
    flux[:, 6] *= wave()
    found = relative(flux)
    assert found.varying == (6,) and not {3, 6} & set(found.stars)


def test_a_red_star_that_follows_the_air_mass_stays():
    flux, air = night(), 1 + np.linspace(-0.6, 1, 200) ** 2
    flux[:, 4] *= np.exp(-0.05 * air)
    assert relative(flux, air[:, None]).varying == () and relative(flux, np.zeros((200, 1))).varying == (4,)
    unknown = np.full((200, 1), np.nan)
    assert relative(flux, unknown).varying == relative(flux).varying == ()


def test_of_two_stars_nothing_tells_which_varies():
    flux = night()[:, :3]
    assert not relative(flux).is_split
    flux[:, 2] *= wave()
    found = relative(flux)
    assert found.is_split and found.varying == ()
    assert star_doubts(found, str)[0].startswith("its last two comparison stars vary against each other")


def test_twenty_frames_tell_slow_from_fast_and_nineteen_do_not():
    flux = night(20, scatter=0.0003)
    flux[7:13, 4] *= 0.97
    assert relative(flux).varying == (4,) and relative(flux[:19]).varying == ()


def test_that_nothing_tells_which_varies_stays_said_where_one_is_left():
    flux = night()[:, :3]
    flux[:, 2] *= wave() ** 2 * (1 + np.random.default_rng(9).normal(0, 0.01, len(flux)))
    found = relative(flux)
    assert found.stars == (1,) and found.is_split
    assert star_doubts(found, str)[1:] == ["it is compared with one star alone, which nothing vouches for"]


def test_steady_stars_leave_nothing_to_say():
    assert star_doubts(relative(night()), str) == star_doubts(relative(night()[:, :3]), str) == []
