import numpy as np
import pytest

from obsy.engine.reduce.plane import pixels, tangent
from obsy.engine.reduce.solution import Near, Solution, solve

SCALE = 1.9
SHAPE = (1024, 1024)


def made(listed, turn, mirror=1.0, missed_deg=0.0, seed=1):
    """A frame of random catalogue stars: detected places, catalogue, belief and truth."""
    rng = np.random.default_rng(seed)
    side = 1.5 * SHAPE[0] * SCALE / 3600
    dec = 40.0 + rng.uniform(-side / 2, side / 2, 4 * listed)
    ra = 100.0 + rng.uniform(-side / 2, side / 2, 4 * listed) / np.cos(np.radians(40.0))
    angle = np.radians(turn)
    matrix = SCALE / 3600 * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * (mirror, 1.0)
    truth = tangent(100.0, 40.0, (511.5, 511.5), matrix)
    places = pixels(truth, ra, dec)
    inside = np.flatnonzero(((places > 5) & (places < 1018)).all(axis=1))[:listed]
    others = np.setdiff1d(np.flatnonzero(~((places > 5) & (places < 1018)).all(axis=1)), inside)
    kept = np.sort(np.concatenate([inside, others]))
    seen = places[inside] + rng.normal(0, 0.1, (len(inside), 2))
    extra = rng.uniform(5, 1018, (len(inside), 2))
    seen = np.concatenate([seen, extra])[np.argsort(np.tile(np.arange(len(inside)), 2), kind="stable")]
    return seen, ra[kept], dec[kept], Near(100.0 + missed_deg, 40.0 - missed_deg, SCALE * 1.009, SHAPE), truth


@pytest.mark.once
@pytest.mark.parametrize("turn", [0.0, 30.0, 91.0, 180.0, 271.3])
@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_any_turn_and_flip_is_recognised(turn, mirror):
    seen, ra, dec, near, truth = made(40, turn, mirror, missed_deg=0.05)
    found = solve(seen, ra, dec, near)
    assert isinstance(found, Solution)
    assert found.plane.wcs.cd == pytest.approx(truth.wcs.cd, abs=SCALE / 3600 * 1e-3)
    assert tuple(found.plane.wcs.crval) == pytest.approx((100.0, 40.0), abs=0.1 / 3600 * 2)
    assert found.rms_px < 0.25
    assert len(found.seen) >= 38


@pytest.mark.parametrize("seed", range(8))
def test_eight_catalogue_stars_among_as_many_strangers_are_enough(seed):
    seen, ra, dec, near, _ = made(8, 180.0, missed_deg=0.03, seed=seed)
    found = solve(seen, ra, dec, near)
    assert isinstance(found, Solution)
    assert tuple(found.plane.wcs.crval) == pytest.approx((100.0, 40.0), abs=0.3 / 3600)


def test_a_mount_a_tenth_of_the_field_astray_is_caught():
    seen, ra, dec, near, _ = made(30, 5.0, missed_deg=0.1 * SHAPE[0] * SCALE / 3600)
    assert isinstance(solve(seen, ra, dec, near), Solution)


@pytest.mark.once
@pytest.mark.parametrize("seed", range(5))
def test_another_field_is_not_recognised(seed):
    seen, _, _, near, _ = made(40, 0.0, seed=seed)
    _, ra, dec, _, _ = made(40, 0.0, seed=seed + 100)
    assert "fall on the catalogue's" in solve(seen, ra, dec, near)


def test_too_few_stars_say_so():
    _, ra, dec, near, _ = made(40, 0.0)
    assert solve(np.zeros((3, 2)), ra, dec, near) == "3 stars are too few to be recognised, at least 6 are needed"


def test_an_empty_catalogue_is_no_solution():
    seen, _, _, near, _ = made(40, 0.0)
    assert isinstance(solve(seen, np.zeros(0), np.zeros(0), near), str)
