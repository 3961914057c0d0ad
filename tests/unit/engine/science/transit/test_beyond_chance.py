"""Of curves that scatter alike none is taken for luck; one that is better is."""

import numpy as np
import pytest

from obsy.engine.science.transit.best_aperture import best_aperture
from obsy.engine.science.transit.beyond_chance import scatters_less
from obsy.engine.science.transit.model import exposed_flux
from tests.support.transits import LIMB, ORBIT

NIGHTS, POINTS, STARS = 200, 105, 6
RADII, USUAL = (1.2, 1.5, 1.8, 2.2, 2.7), 1.5
AFTER = np.linspace(-0.085, 0.085, POINTS)
"""Days after the middle: ten points on either side lie outside, as in the manual's night."""
TRUE, LATER = (exposed_flux(AFTER - late, 60.0, 0.12, ORBIT, LIMB) for late in (0.0, 0.0005))
OUTSIDE = np.abs(AFTER) > np.sort(np.abs(AFTER))[-21]
SLOPE = (LATER - TRUE) / 0.0005


def made(seed, better=1.0, flicker=1.0):
    """Light in five apertures that share most of their photons; one may scatter by a share of what the others do."""
    dice = np.random.default_rng(seed)
    scatter = np.r_[np.full(STARS + 1, 0.004)] * np.where(np.arange(STARS + 1) == 2, flicker, 1.0)
    both = dice.normal(size=(POINTS, STARS + 1))
    flux = {}
    for radius in RADII:
        own = dice.normal(size=both.shape)
        noise = scatter * (np.sqrt(0.8) * both + np.sqrt(0.2) * own) * (better if radius == 2.2 else 1.0)
        flux[radius] = (1 + noise) * np.where(np.arange(STARS + 1) == 0, TRUE[:, None], 1.0)
    return flux


def middle(light):
    """How late a curve is over its error, and by how much it scatters."""
    design = np.column_stack([TRUE, SLOPE])
    (level, late), *_ = np.linalg.lstsq(design, light, rcond=None)
    left = (light - design @ [level, late]).std(ddof=2)
    return late / (left * np.sqrt(np.linalg.inv(design.T @ design)[1, 1])), left


def played(nights=NIGHTS, **noise):
    """Of each night: aperture, number of stars, whether the second is one, pull, scatter; and both in the usual one."""
    told, usually = [], []
    for seed in range(nights):
        flux = made(seed, **noise)
        found = best_aperture(flux, USUAL, OUTSIDE)
        told.append((found.radius, len(found.light.stars), 2 in found.light.stars, *middle(found.light.flux)))
        usually.append(middle(flux[USUAL][:, 0] / flux[USUAL][:, 1:].mean(axis=1)))
    return np.array(told).T, np.array(usually).T


@pytest.mark.slow
@pytest.mark.once
def test_over_apertures_alike_the_usual_one_and_all_stars_stay_and_nothing_is_worse():
    """The least of five scatters took another one in three nights of four, and left out four stars of ten."""
    (radius, stars, _, pull, scatter), (usual_pull, usual_scatter) = played()
    assert (radius == USUAL).mean() > 0.8 and stars.mean() > 0.9 * STARS
    assert pull.std() < 1.05 * usual_pull.std() and scatter.mean() < 1.01 * usual_scatter.mean()


@pytest.mark.slow
@pytest.mark.once
def test_an_aperture_that_is_better_is_taken_and_a_star_that_flickers_is_left_out():
    """Of scatter 0.6, which twenty points show in most nights; nothing else is taken in its stead."""
    (radius, *_, scatter), (_, usual_scatter) = played(better=0.6)
    assert (radius == 2.2).mean() > 0.6 and np.isin(radius, (USUAL, 2.2)).mean() > 0.95
    assert scatter.mean() < 0.8 * usual_scatter.mean()
    _, stars, kept, *_ = played(60, flicker=10.0)[0]
    assert kept.mean() < 0.25 and stars.mean() > 0.75 * STARS


@pytest.mark.parametrize("alike", [0.0, 0.9, 0.99])
def test_of_two_that_scatter_alike_one_passes_by_chance_in_twenty_however_alike_they_are(alike):
    dice, passed = np.random.default_rng(3), 0
    for _ in range(300):
        both, one, other = dice.normal(0, 0.003, (3, 40))
        passed += scatters_less(*(1 + np.sqrt(alike) * both + np.sqrt(1 - alike) * each for each in (one, other)))
    assert 2 <= passed <= 28  # 15 are expected, 3.8 either way


def test_one_frame_that_something_hit_does_not_decide():
    flux = 1 + np.random.default_rng(1).normal(0, 0.003, (2, 40))
    flux[0, 20] = 3.0
    assert not scatters_less(*flux)


def test_half_the_scatter_is_less_and_twice_is_not_and_gaps_do_not_count():
    dice = np.random.default_rng(2)
    wide, narrow = 1 + dice.normal(0, 0.004, 60), 1 + dice.normal(0, 0.002, 60)
    wide[30], narrow[[5, 40]] = np.nan, np.nan
    assert scatters_less(wide, narrow) and not scatters_less(narrow, wide)
    assert not scatters_less(wide[:10], narrow[:10])
