"""How faint a star shows, against frames drawn by chance, and how much a bright one twinkles."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from obsy.engine.choice.depth import SIGNIFICANT, faintest_mag, scatter
from obsy.engine.choice.ranking import ranked
from obsy.engine.choice.sights import Sight
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.sense.brightness import SHARPNESS_ARCSEC, electrons, sky_electrons
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.schemas.train import Train
from tests.unit.engine.choice.test_ranking import HIGH, NEW, sky

SKY_MAG, EXPOSURE_S, DRAWS = 21.0, 60.0, 3000


@pytest.fixture(scope="module")
def observatory(root) -> Observatory:
    return declare(root)


def measured(train: Train, mag: float) -> tuple[float, float]:
    """The mean and the scatter of a star's light in frames of Poisson's noise, weighed as by Naylor 1998."""
    dice, half = np.random.default_rng(8), 12
    sigma = SHARPNESS_ARCSEC / (8 * np.log(2)) ** 0.5 / train.scale
    begun = norm.cdf((np.arange(-half, half + 2) - 0.2) / sigma)  # not quite in the middle of a pixel
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
    still = scatter(train, "V", EXPOSURE_S, 15.0, (SKY_MAG, 1e6))  # above all air
    assert still == pytest.approx(noise / light, rel=0.1)
    bright = scatter(train, "V", EXPOSURE_S, 3.0, (SKY_MAG, 0.0))
    # Young's rule, 0.09 D^(-2/3) X^1.75 / sqrt(2 t) of Dravins et al. 1998 (D in cm), within the 1.5 of Osborn's sites
    young = 0.09 * (train.telescope.aperture / 10) ** (-2 / 3) * 1.3**1.75 / (2 * EXPOSURE_S) ** 0.5
    assert bright is not None and 1.0 < bright / young < 2.0


def test_a_shallow_transit_of_a_faint_star_is_lost_and_a_deep_one_is_counted(observatory: Observatory) -> None:
    at = sky(observatory, NEW)
    middle = (at.grid.start + (at.grid.end - at.grid.start) / 2).timestamp() / 86400 + 2440587.5
    passes = ("b", Ephemeris(middle, 300.0, 2.0))
    host = replace(HIGH, kind="star with a planet", size_arcmin=None, transit=passes, swing_mag=0.02, mag=11.0)
    (deep,) = ranked([host], at)
    assert deep.significance is not None and deep.significance > 30
    assert ranked([replace(host, swing_mag=0.0002, mag=15.0)], at) == []
    (unknown,) = ranked([replace(host, mag=None)], at)
    assert unknown.significance is None


def test_a_star_that_does_not_show_is_not_offered(observatory: Observatory) -> None:
    at = sky(observatory, NEW)
    assert at.faintest_mag is not None
    fades = Sight("fades", 80.0, 40.0, "variable star M", None, at.faintest_mag - 0.1, 3.0)
    assert len(ranked([fades, replace(fades, mag=at.faintest_mag + 0.1)], at)) == 1
