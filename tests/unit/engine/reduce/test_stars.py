import numpy as np
import pytest
import sep
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.stars import PIXELS_AT_ONCE, detect


def found(counts, full=None, threshold=5.0):
    counts = counts.astype(np.float32)
    bare = counts - sep.Background(counts, bw=64, bh=64).back()
    return detect(bare, threshold, 64, np.zeros(counts.shape, dtype=bool) if full is None else full)


def test_every_made_star_is_found_where_it_is(sky):
    made = sky(count=60)
    stars = found(made.counts())
    assert len(stars) == 60
    gaps = np.hypot(stars.x[:, None] - made.x, stars.y[:, None] - made.y).min(axis=0)
    assert gaps.max() < 0.35  # centroids of regions; shapes refine them


def test_photutils_finds_the_same_stars(sky):
    from photutils.segmentation import SourceCatalog, detect_sources  # noqa: PLC0415 - slow to load, and many processes collect this file

    made = sky(count=60)
    counts = made.counts() - made.level
    segments = detect_sources(counts, 3 * made.noise, n_pixels=5)
    centroids = SourceCatalog(counts, segments).centroid
    stars = found(made.counts())
    assert len(stars) == len(centroids)
    near = np.hypot(stars.x[:, None] - centroids[:, 0], stars.y[:, None] - centroids[:, 1]).min(axis=1)
    assert near.max() < 0.5


def test_noise_alone_holds_no_stars(sky):
    assert len(found(sky(count=0, shape=(1024, 1024)).counts())) <= 1


def test_a_hot_pixel_is_no_star(sky):
    counts = sky(count=0).counts()
    counts[100, 200] += 30000
    assert len(found(counts)) == 0


TOGETHER = {
    "a pair": [(0, 0), (0, 1)],
    "a pair askew": [(0, 0), (1, 1)],
    "a pair with a gap": [(0, 0), (0, 2)],
    "a pair with a wider gap": [(0, 0), (1, 3)],
    "three in a row": [(0, 0), (0, 1), (0, 2)],
    "three in a corner": [(0, 0), (0, 1), (1, 0)],
}


@pytest.mark.parametrize("weaker", [1.0, 0.4])
@pytest.mark.parametrize("place", [(100, 200), (0, 0)])
def test_hot_pixels_together_are_no_star_however_hot_and_where_they_lie(sky, place, weaker):
    told = {}
    for name, pixels in TOGETHER.items():
        counts = sky(count=0, shape=(256, 256)).counts()
        for number, (down, right) in enumerate(pixels):
            counts[place[0] + down, place[1] + right] += 9000 * weaker**number
        told[name] = len(found(counts, full=counts > 9000))
    assert told == dict.fromkeys(TOGETHER, 0)


def test_stars_are_found_as_before_among_150_pairs_of_hot_pixels(sky):
    made = sky(count=40)
    counts, dice = made.counts(), np.random.default_rng(3)
    for number in dice.permutation(28 * 28)[:150]:
        row, column = 8 + number // 28 * 18 + dice.integers(8), 8 + number % 28 * 18 + dice.integers(8)
        counts[row, column : column + 2] += dice.uniform(500, 40000)
    stars = found(counts)
    assert len(stars) == 40
    assert np.hypot(stars.x[:, None] - made.x, stars.y[:, None] - made.y).min(axis=0).max() < 0.35


@pytest.mark.parametrize("fwhm", [1.3, 1.5, 1.8])
def test_a_star_as_sharp_as_the_seeing_of_good_nights_is_found_wherever_in_its_pixel_it_lies(draw_stars, fwhm):
    counts = np.random.default_rng(4).normal(800, 12, (520, 520))
    across, down = (each.ravel() for each in np.mgrid[0:10, 0:10])
    sigma = fwhm / 2.3548
    counts += draw_stars((520, 520), 30 + across * 50.1, 30 + down * 50.1, np.full(100, 3000.0), (sigma, sigma, 0.0))
    assert len(found(counts)) == 100


def test_a_star_with_a_full_pixel_is_marked(sky):
    made = sky(count=10)
    full = np.zeros(made.shape, dtype=bool)
    full[round(made.y[0]), round(made.x[0])] = True
    stars = found(made.counts(), full)
    assert stars.full.tolist() == [True] + [False] * 9


def test_the_brightest_come_first(sky):
    assert (np.diff(found(sky().counts()).flux) <= 0).all()


@pytest.mark.parametrize("angle", [0.0, 0.7])
def test_a_trail_is_one_star(sky, angle):
    stars = found(sky(count=12, sigma=(6.0, 1.7, angle), faintest=40000.0).counts())
    assert len(stars) == 12


@pytest.mark.long
def test_a_galaxy_of_half_a_million_pixels_is_one_thing(sky):
    counts = sky(count=0, shape=(1000, 1000)).counts().astype(np.float32) - 800
    counts[100:850, 100:850] += 4000
    assert counts.size > PIXELS_AT_ONCE
    assert len(detect(counts, 5.0, 64, np.zeros(counts.shape, dtype=bool))) == 1


@given(st.integers(8, 90), st.integers(8, 90))
def test_a_frame_of_any_size_without_noise_holds_nothing(rows, columns):
    nothing = np.zeros((rows, columns), dtype=np.float32)
    assert len(detect(nothing, 5.0, 64, nothing > 0)) == 0
