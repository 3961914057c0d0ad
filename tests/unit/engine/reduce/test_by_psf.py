"""Stars and their neighbours fitted together, on made frames: an aperture holds both, the fit tells them apart."""

import numpy as np
import pytest

from obsy.engine.reduce.plane import sky
from obsy.engine.reduce.star_table import Flag
from tests.unit.engine.reduce.steps.test_photometry import FIELD, GAIN, LEVEL, OPTICS, PLANE, SHAPE, SIGMA, table_of

FWHM = 2.3548 * SIGMA
LIGHT = 20000.0
APART = {1.0: (95, 95), 1.3: (235, 95), 2.0: (95, 235), 3.0: (235, 235)}
"""Where pairs are, by how many star widths they are apart; the second star has half of the light, but equal at 1.0."""


def frame(draw_stars, stars, sigma=SIGMA, seed=1):
    """A frame of stars (x, y, ADU)."""
    x, y, flux = np.array(stars, dtype=float).T
    dice = np.random.default_rng(seed)
    truth = LEVEL + draw_stars(SHAPE, x, y, flux, (sigma, sigma, 0.0))
    return (dice.poisson(truth * GAIN) + dice.normal(0, OPTICS.read_noise_e, SHAPE)) / GAIN


def with_pairs(fwhm=FWHM):
    pairs = []
    for n, (apart, (x, y)) in enumerate(APART.items()):
        step = apart * fwhm * np.array([np.cos(n), np.sin(n)])
        pairs += [(x, y, LIGHT), (x + step[0], y + step[1], LIGHT if apart == 1.0 else LIGHT / 2)]
    return [*FIELD, *pairs]


def shares(table, way, x, y, light):
    """The light of the star nearest to a place over its truth, beside that of all lonely ones; and its error."""
    told = table.by(way)
    usual = np.median([near(told, *star[:2])[0] / star[2] for star in FIELD])
    flux, error = near(told, x, y)
    return flux / usual / light, error / usual / light


def near(table, x, y):
    away = np.hypot(table.x - x, table.y - y) + np.where(np.isfinite(table.flux), 0, 99)
    row = int(away.argmin())
    return table.flux[row], table.flux_error[row]


@pytest.fixture(scope="module")
def pairs(draw_stars):
    return table_of(frame(draw_stars, with_pairs()), method="psf")


@pytest.mark.long
@pytest.mark.parametrize("apart", list(APART))
def test_stars_of_a_pair_are_told_apart_where_an_aperture_holds_both(pairs, apart):
    share, error = shares(pairs, "psf", *APART[apart], LIGHT)
    assert share == pytest.approx(1.0, abs=4 * error) and error < 0.015
    in_aperture, _ = shares(pairs, "", *APART[apart], LIGHT)
    assert apart == 3.0 or in_aperture > 1.03


@pytest.mark.long
def test_lonely_stars_scatter_by_their_errors(pairs):
    pulls = [(share - 1) / error for share, error in (shares(pairs, "psf", *star) for star in FIELD)]
    assert 0.7 < np.std(pulls) < 1.4


@pytest.mark.long
def test_who_was_told_from_a_neighbour_is_not_blended(pairs):
    row = int(np.hypot(pairs.x - 235, pairs.y - 95).argmin())
    assert pairs.flags[row] & int(Flag.BLENDED)
    assert not pairs.by("psf").flags[row] & int(Flag.BLENDED)


@pytest.mark.long
def test_a_frame_is_fitted_with_its_own_shape_whatever_was_fitted_before(draw_stars, pairs):
    """The library kept that of the first frame for all groups that followed: the light of pairs was 4 % off."""
    wide = [(x, y, light) for x, y, light in with_pairs(1.2 * FWHM)]
    table = table_of(frame(draw_stars, wide, 1.2 * SIGMA), method="psf")
    share, error = shares(table, "psf", *APART[2.0], LIGHT)
    assert share == pytest.approx(1.0, abs=4 * error) and error < 0.015


@pytest.mark.long
def test_few_lonely_stars_tell_no_shape(draw_stars):
    assert "psf" not in table_of(frame(draw_stars, FIELD[:5]), method="psf").ways


@pytest.mark.long
@pytest.mark.parametrize(("aim", "fitted"), [(APART[1.3], True), ((60.0, 60.0), False)])
def test_left_open_shapes_are_fitted_where_the_target_has_a_neighbour(draw_stars, aim, fitted):
    table = table_of(frame(draw_stars, with_pairs()), aim=sky(PLANE, *aim), method="auto")
    assert ("psf" in table.ways) is fitted


@pytest.mark.long
def test_sharp_stars_keep_all_of_their_light(draw_stars):
    """Drawn at half pixels the shape of stars 1.6 pixels wide was not true, and they came out 0.034 mag too bright."""
    moved = np.random.default_rng(3).uniform(-0.5, 0.5, (len(FIELD), 2))
    stars = [(x + right, y + down, LIGHT) for (x, y, _), (right, down) in zip(FIELD, moved, strict=True)]
    told = table_of(frame(draw_stars, stars, 0.68), method="psf").by("psf")
    shares = [near(told, x, y)[0] / LIGHT / GAIN for x, y, _ in stars]
    assert np.median(shares) == pytest.approx(1.0, abs=0.015)


@pytest.mark.long
def test_of_a_frame_with_too_many_stars_to_fit_the_aperture_stays(draw_stars, monkeypatch):
    monkeypatch.setattr("obsy.engine.reduce.by_psf.MOST", len(FIELD))
    table = table_of(frame(draw_stars, with_pairs()), method="psf")
    assert "psf" not in table.ways and np.isfinite(table.flux[: len(FIELD)]).all()
