"""How much a stack gains, against what is the most that can be had of its frames: weights by signal over variance."""

from dataclasses import dataclass

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.reduce.alike import alike
from obsy.engine.reduce.apertures import CircularAperture
from obsy.engine.reduce.combine import FrameSet, combined
from obsy.engine.reduce.orders import LiveOrder, StackOrder
from obsy.engine.reduce.work import add_live, combine_stack

SHAPE, GAIN, SIGMA = (400, 400), 1.2, 1.6
COLOUR_MAG = 0.6
"""How far a catalogue's magnitude lies from what an unfiltered sensor sees, from star to star."""
LISTED = 3, 8
"""So many stars of the catalogue are found in a frame, now these, now others: at least, and fewer than."""
BLOCK = 8
"""Noise is measured in sums of so many pixels a side, so that nothing that links neighbours flatters it."""


@dataclass
class Made:
    """Frames of one night, of stars that do not change."""

    paths: tuple
    clear: np.ndarray
    """The share of the light that each frame shows."""
    noise: np.ndarray
    """Of a sky pixel of each, ADU."""
    stars: tuple
    """x, y and flux."""

    @property
    def ideal(self):
        """Signal over noise, of a star of 1 ADU in one pixel."""
        return np.sqrt(((self.clear / self.noise) ** 2).sum())


@pytest.fixture
def night(draw_stars, save):
    def make(clear, levels, seed=3, seconds=None):
        rng = np.random.default_rng(seed)
        x, y = (axis.ravel() + rng.uniform(-6, 6, 81) for axis in np.meshgrid(*[np.linspace(30, 370, 9)] * 2))
        flux = np.geomspace(60000.0, 900.0, 81)
        picture = draw_stars(SHAPE, x, y, flux, (SIGMA, SIGMA, 0.0))
        colour = rng.normal(0, COLOUR_MAG, 81)
        paths, noise = [], []
        for number, (share, level) in enumerate(zip(clear, levels, strict=True)):
            counts = rng.poisson((picture * share + level) * GAIN) / GAIN - level
            listed = rng.choice(60, rng.integers(*LISTED), replace=False)
            zero = 20 + 2.5 * np.log10(share) + np.median(colour[listed])
            noise.append(np.sqrt(level / GAIN))
            cards = {"EXPTIME": 60.0 if seconds is None else seconds[number], "NOISE": noise[-1], "ZEROPT": zero}
            paths.append(save(f"{number}.fits", counts, raw=False, fwhmpx=2.355 * SIGMA, **cards))
        return Made(tuple(paths), np.array(clear), np.array(noise), (x, y, flux))

    return make


@pytest.fixture
def stack(tmp_path):
    def make(made):
        order = StackOrder(made.paths, tmp_path / "stack.fits", tmp_path / "stack.png")
        combine_stack(order)
        return fits.getdata(order.target), fits.getheader(order.target)

    return make


def gain(counts, stars):
    """Signal over noise of a star of 1 ADU: how bright stars of known light are, over the noise beside them."""
    x, y, flux = stars
    places = np.column_stack([x, y])
    seen = CircularAperture(places, 8).do_photometry(counts)[0]
    bright = flux > np.median(flux)
    scale = float(np.median(seen[bright] / flux[bright]))
    beside = counts.copy()
    for mask in CircularAperture(places, 12).to_mask(method="center"):
        rows, columns = mask.get_overlap_slices(counts.shape)[0]
        beside[rows, columns][mask.data[: rows.stop - rows.start, : columns.stop - columns.start] > 0] = np.nan
    blocks = beside.reshape(SHAPE[0] // BLOCK, BLOCK, SHAPE[1] // BLOCK, BLOCK).sum(axis=(1, 3))
    blocks = blocks[np.isfinite(blocks)]
    return scale / (float(np.std(blocks)) / BLOCK)


EVEN, SKY = np.ones(12), np.full(12, 900.0)
CLOUDS = np.array([1, 1, 0.9, 0.8, 0.6, 0.5, 0.7, 0.9, 1, 1, 0.95, 1])
MOON = np.linspace(600, 3000, 12)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    ("clear", "levels"),
    [(EVEN, SKY), (EVEN, MOON), (CLOUDS, SKY), (CLOUDS, MOON)],
    ids=["even", "moon", "cloud", "both"],
)
def test_a_stack_gains_what_can_be_had_whatever_the_catalogue_says_or_if_it_is_not_asked(night, stack, clear, levels):
    made = night(clear, levels)
    told, _ = stack(made)
    for path in made.paths:
        fits.delval(path, "ZEROPT")
    untold, _ = stack(made)
    assert [gain(each, made.stars) for each in (told, untold)] == pytest.approx([made.ideal] * 2, rel=0.05)


@pytest.mark.long
@pytest.mark.once
def test_a_stack_s_stars_are_as_bright_to_each_other_as_they_are(night, stack):
    made = night(CLOUDS, MOON)
    counts, header = stack(made)
    x, y, flux = made.stars
    bright = flux > 20000
    seen = CircularAperture(np.column_stack([x, y])[bright], 8).do_photometry(counts)[0]
    assert np.std(seen / flux[bright]) / np.mean(seen / flux[bright]) < 0.005
    assert header["REJECTED"] < 0.01


def aperture_light(counts, stars):
    """The light of each star over the mean of the ring about it, by photutils."""
    circles = [CircularAperture(np.column_stack(stars[:2]), radius) for radius in (8, 14, 20)]
    light, inner, outer = (each.do_photometry(counts)[0] for each in circles)
    return light - (outer - inner) / (circles[2].area - circles[1].area) * circles[0].area


def with_rays(made, per_megapixel, seed):
    """Let cosmic rays hit each frame."""
    rng = np.random.default_rng(seed)
    for path in made.paths:
        with fits.open(path, mode="update") as hdus:
            counts = hdus[0].data
            hits = tuple(rng.integers(0, side, round(per_megapixel * counts.size / 1e6)) for side in SHAPE)
            counts[hits] += rng.exponential(2000.0, len(hits[0])).astype(np.float32)
    return made


def too_bright(made, draw_stars):
    """By what share the stars of the frames' stack are brighter than in its reference; the frames are removed."""
    frames = FrameSet(made.paths)
    like = alike(frames)
    x, y, flux = made.stars
    truth = made.clear[like.reference] * draw_stars(SHAPE, x, y, flux, (SIGMA, SIGMA, 0.0))
    mean, _ = combined(frames, like.footing, 3.0)
    seen = aperture_light(mean, made.stars) / aperture_light(truth, made.stars)
    for path in made.paths:
        path.unlink()
    return float(np.median(seen[flux > np.median(flux)]) - 1)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    ("clear", "level", "rays", "within"),
    [
        (EVEN, 900.0, 0, 0.003),
        (EVEN, 3000.0, 0, 0.004),  # under a bright sky the luckiest frame was 2.4 % off
        (EVEN, 900.0, 800, 0.006),  # cosmic rays a megapixel
        (np.linspace(1.0, 0.9, 12), 900.0, 0, 0.013),  # a frame a little dimmer is taken to show the same
    ],
    ids=["even", "bright-sky", "rays", "slope"],
)
def test_the_stars_of_a_stack_are_as_bright_as_in_its_reference_and_not_as_in_its_luckiest_frame(  # noqa: PLR0913, PLR0917
    night, draw_stars, clear, level, rays, within
):
    off = []
    for seed in (3, 4, 5):
        made = with_rays(night(clear, np.full(len(clear), level), seed=seed), rays, seed)
        off.append(too_bright(made, draw_stars))
    assert float(np.mean(off)) == pytest.approx(0.0, abs=within)


@pytest.mark.slow
@pytest.mark.once
def test_frames_count_for_the_light_by_how_well_it_is_known_and_by_what_they_would_show_of_its_length(
    night, draw_stars
):
    clear, seconds = np.array([2.0] + [1.0] * 11), [120.0] + [60.0] * 11
    levels = [8000.0] + [3000.0] * 6 + [90000.0] * 5
    off = [too_bright(night(clear, levels, seed=seed, seconds=seconds), draw_stars) for seed in (3, 4, 5)]
    assert off == pytest.approx([0.0] * 3, abs=0.003)


@pytest.mark.slow
@pytest.mark.once
def test_stars_of_a_live_stack_stay_as_bright_as_in_its_first_frame(night, tmp_path):
    made = night(CLOUDS, MOON)
    for number, path in enumerate(made.paths):
        live = LiveOrder(path, f"{number:064d}", tmp_path / "live.fits", tmp_path / "live.png")
        add_live(live)
    x, y, flux = made.stars
    bright = flux > 20000
    seen = CircularAperture(np.column_stack([x, y])[bright], 8).do_photometry(fits.getdata(live.stack))[0]
    assert seen / flux[bright] == pytest.approx(1.0, abs=0.02)
