"""The light of stars and their neighbours together: the frame's own star shape fitted to all of a group at once."""

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from astropy.table import Table
from numpy.typing import NDArray
from scipy import ndimage

from obsy.engine.reduce.around import around, steps_between
from obsy.engine.reduce.star_light import Image

if TYPE_CHECKING:
    from photutils.psf import ImagePSF  # noqa: PLC0415  a third of a second, where shapes are asked for

REACH, TOGETHER, MOVED = 1.5, 3.0, 0.7
"""Star widths: to which pixels count, within which stars are fitted together, and by which one may move."""
APART = 0.5
"""Star widths between two stars that are told from one another."""
FAILED = 0xFFF & ~(1 | 4)
"""photutils' flags of a fit that says nothing of a star: all but few pixels and a flux that is none."""
STEPS = 1000
"""In which a fit has to settle: a group takes some hundred for each star."""
LOBE, SURE, TIMES = 0.04, 5.0, 3.0
"""What one star leaves where there are two: a share of its peak, in sigmas, and so many times what others leave."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class FittedStars(NamedTuple):
    """Where stars are, pixels; about how bright, and the sky around them, ADU."""

    x: Floats
    y: Floats
    flux: Floats
    sky: Floats


class Fitted(NamedTuple):
    """What a fit says of each star, ADU; NaN where it says nothing."""

    flux: Floats
    error: Floats
    is_apart: Mask
    """Whether another star was fitted together with it."""


class Pixels(NamedTuple):
    """A frame as it is fitted."""

    counts: Image
    """(rows, columns), ADU, NaN where there is no value."""
    noise: Floats
    """Standard deviation of each pixel, ADU."""
    barred: Mask
    """Pixels that do not count."""


def pixels_of(counts: Image, full: Mask, sky: tuple[float, float], gain: float) -> Pixels:
    """Return a frame as it is fitted; sky: its level and noise a pixel, ADU; gain: electrons an ADU.

    A pixel's variance is the sky's and that of the light above it, of which the mean of nine is taken: one pixel's own
    would weigh what is low by chance more, and lose an electron of each.
    """
    level, noise = sky
    barred = full | ~np.isfinite(counts)
    light = ndimage.uniform_filter(np.where(barred, level, counts).astype(np.float64) - level, size=3)
    return Pixels(counts, np.sqrt(noise**2 + np.maximum(light, 0.0) / gain), barred)


def psf_light(seen: Pixels, psf: "ImagePSF", stars: FittedStars, beside: FittedStars, fwhm: float) -> Fitted:
    """Return the light of stars, fitted with what lies beside them and with each other.

    fwhm: of a star, pixels. Where one star leaves two lobes, as the lonely ones do not, there are two: the second is
    put where most is left, and all are fitted anew.
    """
    every = _joined(stars, beside, fwhm)
    found = _fit(seen, psf, every, fwhm)
    lobes = _lobes(seen, psf, every, found, fwhm)
    if len(lobes.x):
        every = FittedStars(*(np.concatenate(pair) for pair in zip(every, lobes, strict=True)))
        found = _fit(seen, psf, every, fwhm)
    many = len(stars.x)
    failed = (np.asarray(found["flags"]) & FAILED) != 0
    flux, error = (np.where(failed, np.nan, np.asarray(found[name], dtype=float)) for name in ("flux_fit", "flux_err"))
    error = error * _counted_twice(every, np.asarray(found["group_id"]), fwhm)
    return Fitted(flux[:many], error[:many], np.asarray(found["group_size"])[:many] > 1)


def _counted_twice(stars: FittedStars, together: NDArray[np.int64], fwhm: float) -> Floats:
    """Return by how much errors are larger than photutils says: pixels in the squares of two stars count twice there.

    The root of how many squares of its group a star's pixels lie in, on average.
    """
    side = _side(fwhm)
    across = np.maximum(side - np.abs(stars.x[:, None] - stars.x), 0.0)
    down = np.maximum(side - np.abs(stars.y[:, None] - stars.y), 0.0)
    shared = np.where(together[:, None] == together, across * down, 0.0)
    return np.asarray(np.sqrt(shared.sum(axis=1) / side**2))


def _side(fwhm: float) -> int:
    return 2 * int(np.ceil(REACH * fwhm)) + 1


def _joined(stars: FittedStars, more: FittedStars, fwhm: float) -> FittedStars:
    """Stars, and those of some more that are neither one of them nor one of each other."""
    every = FittedStars(*(np.concatenate(pair) for pair in zip(stars, more, strict=True)))
    places, kept = np.column_stack(every[:2]), list(range(len(stars.x)))
    for number in range(len(stars.x), len(places)):
        if np.hypot(*(places[kept] - places[number]).T).min(initial=np.inf) > APART * fwhm:
            kept.append(number)
    return FittedStars(*(each[kept] for each in every))


def _fit(seen: Pixels, psf: "ImagePSF", stars: FittedStars, fwhm: float) -> Table:
    from photutils.psf import PSFPhotometry, SourceGrouper  # noqa: PLC0415  a third of a second, where shapes are asked for

    together = SourceGrouper(TOGETHER * fwhm)(stars.x, stars.y)
    side = _side(fwhm)
    first = Table({"x": stars.x, "y": stars.y, "flux": np.maximum(stars.flux, 1.0), "group_id": together})
    fitter = PSFPhotometry(psf, (side, side), xy_bounds=MOVED * fwhm, fitter_maxiters=STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its flags say the same of each star
        return fitter(_bare(seen, stars, together, side), mask=seen.barred, error=seen.noise, init_params=first)


def _bare(seen: Pixels, stars: FittedStars, together: NDArray[np.int64], side: int) -> Floats:
    """The frame, less the sky around each group in that group's pixels."""
    rows, columns = seen.counts.shape
    bare = np.zeros((rows, columns))
    for group in np.unique(together):
        mine = together == group
        level = float(np.nanmean(stars.sky[mine])) if np.isfinite(stars.sky[mine]).any() else np.nan
        for x, y in zip(np.round(stars.x[mine]).astype(int), np.round(stars.y[mine]).astype(int), strict=True):
            part = (
                slice(max(0, y - side // 2 - 1), min(rows, y + side // 2 + 2)),
                slice(max(0, x - side // 2 - 1), min(columns, x + side // 2 + 2)),
            )
            bare[part] = seen.counts[part] - level
    return bare


def _lobes(seen: Pixels, psf: "ImagePSF", stars: FittedStars, found: Table, fwhm: float) -> FittedStars:
    """What single stars leave that are two: places where most is left, if that is more than what other stars leave."""
    x, y, flux = (np.asarray(found[f"{name}_fit"], dtype=float) for name in ("x", "y", "flux"))
    right, down = steps_between(0.0, REACH * fwhm)
    good = np.isfinite(x) & np.isfinite(y) & (flux > 0) & (np.asarray(found["group_size"]) == 1)
    if good.sum() < 2:  # noqa: PLR2004 (others to be unlike)
        return FittedStars(*(np.zeros(0) for _ in FittedStars._fields))
    x, y, flux, sky = x[good], y[good], flux[good], stars.sky[good]
    column, row = np.round(x)[:, None] + right, np.round(y)[:, None] + down
    shape = psf.evaluate(column - x[:, None], row - y[:, None], 1.0, 0.0, 0.0)
    left = around(seen.counts, x, y, right, down) - sky[:, None] - flux[:, None] * shape
    noise = around(seen.noise, x, y, right, down)
    left, peak = np.nan_to_num(left), flux * shape.max(axis=1)
    at = np.arange(len(x)), left.argmax(axis=1)
    share = left[at] / peak
    told = (share > max(LOBE, TIMES * float(np.median(np.abs(share))))) & (left[at] > SURE * noise[at])
    there = FittedStars(column[at], row[at], flux / 2, sky)
    return FittedStars(*(each[told] for each in there))
