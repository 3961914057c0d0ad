"""How faint a star shows, against frames drawn by chance, and how much a bright one twinkles."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from obsy.engine.choice.depth import SIGNIFICANT, StarSeen, faintest_mag, scatter
from obsy.engine.choice.ranking import Sky, ranked
from obsy.engine.choice.sights import Sight
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.sense.brightness import SHARPNESS_ARCSEC, electrons, sky_electrons
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.schemas.target import Comet
from obsy.schemas.train import Train
from tests.unit.engine.choice.test_ranking import HIGH, NEW, sky

SKY_MAG, EXPOSURE_S, DRAWS = 21.0, 60.0, 3000
OPPOSITE = {"perihelion": "2026-12-10 TT", "distance": "3 au", "eccentricity": 0.1, "inclination": "5 deg"}
OPPOSITE |= {"node": "0 deg", "argument": "78 deg"}
"""A comet that stands opposite to the Sun on 10 December 2026."""


@pytest.fixture(scope="module")
def observatory(root) -> Observatory:
    return declare(root)


def measured(train: Train, mag: float) -> tuple[float, float]:
    """The mean and the scatter of a star's light in frames of Poisson's noise, weighed as by Naylor 1998."""
    dice, half = np.random.default_rng(8), 12
    sigma = SHARPNESS_ARCSEC / (8 * np.log(2)) ** 0.5 / train.scale
    begun = ndtr((np.arange(-half, half + 2) - 0.2) / sigma)  # not quite in the middle of a pixel
    shape = np.outer(np.diff(begun), np.diff(begun))
    light, ground = electrons(train, "V", mag), sky_electrons(train, "V", SKY_MAG)
    assert light is not None and ground is not None
    level = (ground + train.camera.dark_current * train.camera.binning**2) * EXPOSURE_S
    frames = dice.poisson(light * EXPOSURE_S * shape + level, (DRAWS, *shape.shape)) - level
    frames = frames + dice.normal(0.0, train.camera.read_noise, frames.shape)
    weight = shape / (light * EXPOSURE_S * shape + level + train.camera.read_noise**2)
    found = (frames * weight).sum(axis=(1, 2)) / (shape * weight).sum()
    return float(found.mean()), float(found.std())


def test_the_faintest_star_stands_five_times_over_its_noise(observatory: Observatory) -> None:
    train = observatory.instruments[0].train
    faintest = faintest_mag(train, "V", EXPOSURE_S, SKY_MAG)
    assert faintest is not None
    light, noise = measured(train, faintest)
    assert light / noise == pytest.approx(SIGNIFICANT, rel=0.1)


def test_a_star_scatters_as_frames_drawn_by_chance_do_and_twinkles_besides(observatory: Observatory) -> None:
    train = observatory.instruments[0].train
    light, noise = measured(train, 15.0)
    still = scatter(train, "V", EXPOSURE_S, 15.0, StarSeen(SKY_MAG, 1e6))  # above all air
    assert still == pytest.approx(noise / light, rel=0.1)
    bright = scatter(train, "V", EXPOSURE_S, 3.0, StarSeen(SKY_MAG, 0.0))
    # Young's rule, 0.09 D^(-2/3) X^1.75 / sqrt(2 t) of Dravins et al. 1998 (D in cm), within the 1.5 of Osborn's sites
    young = 0.09 * (train.telescope.aperture / 10) ** (-2 / 3) * 1.3**1.75 / (2 * EXPOSURE_S) ** 0.5
    assert bright is not None and 1.0 < bright / young < 2.0


@pytest.mark.parametrize(("mag", "expected"), [(12.0, 3.470e-3), (17.0, 6.117e-2)])
def test_the_scatter_of_a_binned_camera_at_2000_m_is_what_pen_and_paper_say(
    observatory: Observatory, mag: float, expected: float
) -> None:
    # 200 mm, 800 mm, 13 um binned by 2: 6.704 arcsec a pixel; a star's picture counts on
    # 4 pi (0.3561 / 5.545 + 1 / 12) = 1.854 of them. 1.408e8 e/s of V = 0, so 25.2 of the sky; 4 x 2 of the dark.
    # V = 12: 133,900 e, beside 1.854 (60 x 33.2 + 30^2) = 5,360: 7.77e-6; twinkling 1e-5 x 1.5^2 x 0.2^(-4/3) / 60
    # x 1.3^3 x exp(-1/2) = 4.27e-6; together 1.204e-5, the square of 3.470e-3. V = 17: 1,339 e, so 3.742e-3.
    train = observatory.instruments[0].train
    camera = train.camera.model_copy(update={"binning": 2, "dark_current": 2.0, "read_noise": 30.0})
    found = scatter(train.model_copy(update={"camera": camera}), "V", 60.0, mag, StarSeen(21.0, 2000.0))
    assert found == pytest.approx(expected, rel=0.01)


@pytest.fixture(scope="module")
def passed(observatory: Observatory) -> tuple[Sky, Sight]:
    """A night with the filters L and R, and a host of V = 11 whose planet passes amid it for 2 h, 0.02 mag deep."""
    at = sky(observatory, NEW, "L", "R")
    middle = (at.grid.start + (at.grid.end - at.grid.start) / 2).timestamp() / 86400 + 2440587.5
    passes = ("b", Ephemeris(middle, 300.0, 2.0))
    return at, replace(HIGH, kind="star with a planet", size_arcmin=None, transit=passes, swing_mag=0.02, mag=11.0)


def test_how_far_a_transit_stands_over_its_noise_is_what_pen_and_paper_say(passed: tuple[Sky, Sight]) -> None:
    # In R, 90 nm: 336,300 e of the star in 60 s and 1,500 of the sky: 2.99e-6; twinkling at 1,650 m 4.66e-6: 2.766e-3.
    # 7,200 s / (60 + 2) s = 116.1 frames, whose root is 10.78; 0.02 x 10.78 / 2.766e-3 = 77.9.
    (found,) = ranked([passed[1]], passed[0])
    assert found.significance == pytest.approx(77.9, rel=0.01)


def test_a_transit_50_times_over_its_noise_is_as_good_as_any_and_half_of_that_half_as_good(
    passed: tuple[Sky, Sight],
) -> None:
    at, host = passed
    scores = [ranked([replace(host, swing_mag=deep)], at)[0].score for deep in (0.04, 0.02, 25 / 77.9 * 0.02)]
    assert scores[0] == scores[1]
    assert scores[2] == pytest.approx(scores[0] / 2, rel=0.01)


def test_of_a_host_that_saturates_nobody_knows_how_far_its_transit_stands_over_its_noise(
    passed: tuple[Sky, Sight],
) -> None:
    at, host = passed
    (bright,), (fainter,) = (ranked([replace(host, mag=mag)], at) for mag in (6.0, 6.1))
    assert bright.significance is None and fainter.significance is not None


def test_a_shallow_transit_of_a_faint_star_is_lost_and_a_deep_one_is_counted(passed: tuple[Sky, Sight]) -> None:
    at, host = passed
    assert len(ranked([host], at)) == 1
    assert ranked([replace(host, swing_mag=0.0002, mag=15.0)], at) == []
    (unknown,) = ranked([replace(host, mag=None)], at)
    assert unknown.significance is None


def test_a_star_that_does_not_show_is_not_offered(observatory: Observatory) -> None:
    at = sky(observatory, NEW)
    assert at.faintest_mag is not None
    fades = Sight("fades", 80.0, 40.0, "variable star M", None, at.faintest_mag - 0.1, 3.0)
    assert len(ranked([fades, replace(fades, mag=at.faintest_mag + 0.1)], at)) == 1


@pytest.mark.parametrize(("brighter", "offered"), [(2.1, 1), (1.9, 0)])
def test_a_comet_is_offered_that_is_two_magnitudes_brighter_than_the_faintest_star(
    observatory: Observatory, brighter: float, offered: int
) -> None:
    at, elements = sky(observatory, NEW), Comet.model_validate(OPPOSITE)
    assert at.faintest_mag is not None
    comet = Sight("opposite", 0.0, 0.0, "comet", elements=elements, absolute=(0.0, 4.0))
    (near,) = ranked([comet], at)
    assert near.sight.mag is not None
    fades = replace(comet, absolute=(at.faintest_mag - brighter - near.sight.mag, 4.0))
    assert len(ranked([fades], at)) == offered
