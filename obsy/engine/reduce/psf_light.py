"""The light of stars and their neighbours together: the frame's own star shape fitted to all of a group at once."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from obsy.engine.reduce.around import around, steps_between
from obsy.engine.reduce.group_fit import REACH, GroupFit, group_fit, shape_at
from obsy.engine.reduce.star_groups import star_groups
from obsy.engine.reduce.star_light import Image

if TYPE_CHECKING:
    from photutils.psf import ImagePSF  # noqa: PLC0415  a third of a second, where shapes are asked for

TOGETHER, FELT = 3.0, 5.0
"""Star widths within which stars are fitted together, and to which the light of other groups is taken off."""
APART = 0.5
"""Star widths between two stars that are told from one another."""
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
    put where most is left, and what is near is fitted anew.
    """
    every = _joined(stars, beside, fwhm)
    found, near = _fit(seen, psf, every, fwhm)
    lobes = _lobes(seen, psf, every, (found, near), fwhm)
    many = len(stars.x)
    one, beside_it = GroupFit(*(each[:many].copy() for each in found)), near[:many].copy()
    if len(lobes.x):
        away = cKDTree(np.column_stack(lobes[:2])).query(np.column_stack(every[:2]))[0]
        anew = np.flatnonzero(away < 2 * FELT * fwhm)
        both = FittedStars(*(np.concatenate([old[anew], new]) for old, new in zip(every, lobes, strict=True)))
        two, near = _fit(seen, psf, both, fwhm)
        for number, star in enumerate(anew[anew < many]):
            if two.flux[number] > SURE * two.error[number]:  # else there was one after all
                for old, new in zip(one, two, strict=True):
                    old[star] = new[number]
                beside_it[star] = near[number]
    return Fitted(one.flux, one.error, beside_it > 1)


def _joined(stars: FittedStars, more: FittedStars, fwhm: float) -> FittedStars:
    """Stars, and those of some more that are neither one of them nor one of each other."""
    every = FittedStars(*(np.concatenate(pair) for pair in zip(stars, more, strict=True)))
    places, kept = np.column_stack(every[:2]), list(range(len(stars.x)))
    for number in range(len(stars.x), len(places)):
        if np.hypot(*(places[kept] - places[number]).T).min(initial=np.inf) > APART * fwhm:
            kept.append(number)
    return FittedStars(*(each[kept] for each in every))


def _fit(seen: Pixels, psf: "ImagePSF", stars: FittedStars, fwhm: float) -> tuple[GroupFit, NDArray[np.int64]]:
    """Return what is fitted of each star, and how many stars were fitted near it, itself one of them.

    A group has a bounded number of stars, so others may lie near it: all groups are fitted, then those near others once
    more, with the light of these taken off.
    """
    places = cKDTree(np.column_stack(stars[:2]))
    felt = places.query_ball_point(places.data, FELT * fwhm)
    found = GroupFit(*np.full((4, len(stars.x)), np.nan))
    groups = star_groups(stars.x, stars.y, TOGETHER * fwhm)
    for is_again in (False, True):
        before = np.array(found[:3])
        for mine in groups:
            others = np.setdiff1d(np.concatenate([felt[each] for each in mine]), mine).astype(int)
            light = before[:, others][:, np.isfinite(before[2, others])]
            if light.size or not is_again:
                one = _fit_one(seen, psf, FittedStars(*(each[mine] for each in stars)), light, fwhm)
                for part, told in zip(found, one, strict=True):
                    part[mine] = told
    seen_too = found.flux > SURE * found.error
    together = places.query_ball_point(places.data, TOGETHER * fwhm)
    return found, np.array([int(seen_too[each].sum()) for each in together], dtype=int)


def _fit_one(seen: Pixels, psf: "ImagePSF", stars: FittedStars, others: Floats, fwhm: float) -> GroupFit:
    """What is fitted of a group; others: x, y and light of those whose light is taken off first."""
    rows, columns = seen.counts.shape
    reach = int(np.ceil(REACH * fwhm)) + 1
    left, top = (max(0, int(each.min()) - reach) for each in stars[:2])
    part = (
        slice(top, min(rows, int(stars.y.max()) + reach + 2)),
        slice(left, min(columns, int(stars.x.max()) + reach + 2)),
    )
    level = float(np.nanmean(stars.sky)) if np.isfinite(stars.sky).any() else np.nan
    bare = np.where(seen.barred[part], np.nan, seen.counts[part]) - level
    row, column = np.mgrid[part]
    for x, y, flux in others.T:
        bare -= flux * shape_at(psf, column - x, row - y)[0]
    about = stars.x - left, stars.y - top, np.maximum(stars.flux, 1.0)
    fit = group_fit(bare, seen.noise[part], psf, about, fwhm)
    return fit._replace(x=fit.x + left, y=fit.y + top)


def _lobes(
    seen: Pixels, psf: "ImagePSF", stars: FittedStars, found: tuple[GroupFit, NDArray[np.int64]], fwhm: float
) -> FittedStars:
    """What single stars leave that are two: places where most is left, if that is more than what other stars leave."""
    (x, y, flux, _), near = found
    right, down = steps_between(0.0, REACH * fwhm)
    good = (flux > 0) & (near == 1)
    if good.sum() < 2:  # noqa: PLR2004 (others to be unlike)
        return FittedStars(*(np.zeros(0) for _ in FittedStars._fields))
    x, y, flux, sky = x[good], y[good], flux[good], stars.sky[good]
    column, row = np.round(x)[:, None] + right, np.round(y)[:, None] + down
    shape = shape_at(psf, column - x[:, None], row - y[:, None])[0]
    left = around(seen.counts, x, y, right, down) - sky[:, None] - flux[:, None] * shape
    noise = around(seen.noise, x, y, right, down)
    left, peak = np.nan_to_num(left), flux * shape.max(axis=1)
    at = np.arange(len(x)), left.argmax(axis=1)
    share = left[at] / peak
    told = (share > max(LOBE, TIMES * float(np.median(np.abs(share))))) & (left[at] > SURE * noise[at])
    there = FittedStars(column[at], row[at], flux / 2, sky)
    return FittedStars(*(each[told] for each in there))
