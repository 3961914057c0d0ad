"""The frame's own star shape fitted to all stars of a group at once: where they are, and how bright."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from obsy.engine.reduce.around import steps_between

if TYPE_CHECKING:
    from photutils.psf import ImagePSF  # noqa: PLC0415  a third of a second, where shapes are asked for

REACH, MOVED = 1.5, 0.7
"""Star widths: to which pixels count, and by which a star may move."""
ROUNDS, SETTLED = 40, 1e-3
"""Steps in which a group has to settle: when chi squared falls by no more than this any more."""
SEEN = 5.0
"""Sigmas of light from which a star is moved."""
DIM = 0.05
"""The share of the brightest star's light with which each begins at least: what has none is led nowhere."""
SOFT, EASED, HARDENED = 1e-3, 0.1, 10.0
"""How stiff the first step is, and by how much the next one is easier after a good one, and harder after a bad one."""
Floats = NDArray[np.float64]
Steps = NDArray[np.int64]


class GroupFit(NamedTuple):
    """What the fit says of a group's stars; NaN where it says nothing."""

    x: Floats
    y: Floats
    flux: Floats
    error: Floats
    """Of the light, with what is not known of places and of the other stars."""


def group_fit(
    bare: Floats, noise: Floats, psf: "ImagePSF", about: tuple[Floats, Floats, Floats], fwhm: float
) -> GroupFit:
    """Return places, pixels, and light, ADU, of stars that are fitted together.

    bare: (rows, columns), ADU, sky taken off, NaN where a pixel does not count; noise: each pixel's deviation, ADU;
    about: x and y, pixels, and light, ADU, from which is begun. A pixel counts once, of however many stars it is near.
    Source of the steps: Marquardt 1963, SIAM J. 11, 431; of errors: the inverse of the curvature matrix.
    """
    many = len(about[0])
    row, column = _near(bare, about[0], about[1], fwhm)
    if len(row) < 3 * many:
        return GroupFit(*np.full((4, many), np.nan))
    light, weight = bare[row, column], 1 / noise[row, column]
    first = np.concatenate(about)
    reach = np.repeat([MOVED * fwhm, MOVED * fwhm, np.inf], many)
    shape = _model(psf, first.reshape(3, many), row, column)[1][:, 2 * many :] * weight[:, None]
    first[2 * many :] = nnls(shape, light * weight)[0]
    first[2 * many :] = np.maximum(first[2 * many :], DIM * first[2 * many :].max(initial=1.0))

    def asked(at: Floats) -> tuple[Floats, Floats]:
        """What is left, and how it changes with each number, in sigmas."""
        model, slope = _model(psf, at.reshape(3, many), row, column)
        return (light - model) * weight, slope * weight[:, None]

    at, stiff, settled = first, SOFT, False
    left, slope = asked(at)
    for _ in range(ROUNDS):
        curve, push = slope.T @ slope, slope.T @ left
        dim = at[2 * many :] < SEEN * np.diag(curve)[2 * many :] ** -0.5
        free = ~np.concatenate([dim, dim, np.zeros(many, dtype=bool)])  # what has no light has no place to be found
        free &= (np.abs(at - first) < reach) | (push * (at - first) < 0)  # what is pushed beyond its reach stays there
        step = np.zeros(3 * many)
        eased = curve + stiff * np.diag(np.diag(curve))
        step[free] = np.linalg.lstsq(eased[np.ix_(free, free)], push[free])[0]
        new = np.clip(at + step, first - reach, first + reach)
        new_left, new_slope = asked(new)
        gained = float(left @ left - new_left @ new_left)
        settled = abs(gained) < SETTLED
        if gained >= 0:
            at, left, slope, stiff = new, new_left, new_slope, stiff * EASED
        else:
            stiff *= HARDENED
        if settled:
            break
    says = settled & ~(np.abs(at - first) >= reach * (1 - 1e-9)).reshape(3, many).any(axis=0)
    variance = np.diag(np.linalg.pinv(slope.T @ slope))[2 * many :]
    says &= variance > 0
    return GroupFit(*(np.where(says, each, np.nan) for each in (*at.reshape(3, many), np.sqrt(np.abs(variance)))))


def _near(bare: Floats, x: Floats, y: Floats, fwhm: float) -> tuple[Steps, Steps]:
    """Rows and columns of the pixels near a group's stars that count, each once."""
    right, down = steps_between(0.0, REACH * fwhm)
    rows, columns = bare.shape
    column, row = np.round(x).astype(int)[:, None] + right, np.round(y).astype(int)[:, None] + down
    there = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    each = np.unique(row[there] * columns + column[there])
    return np.divmod(each[np.isfinite(bare.ravel()[each])], columns)


def _model(psf: "ImagePSF", at: Floats, row: Steps, column: Steps) -> tuple[Floats, Floats]:
    """A group's light in some pixels, and its slopes by x, y and light of each star: (pixels, 3 stars)."""
    x, y, flux = at
    shape, by_x, by_y = shape_at(psf, column[:, None] - x, row[:, None] - y)
    return shape @ flux, np.hstack([-by_x * flux, -by_y * flux, shape])


def shape_at(psf: "ImagePSF", right: Floats, down: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the shape so far from its middle, pixels, any shape of array, and its slopes to the right and down."""
    (fine_y, fine_x), (middle_x, middle_y) = psf.oversampling, psf.origin
    rows, columns = psf.data.shape
    x, y = right * fine_x + middle_x, down * fine_y + middle_y
    within = (x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)
    found = np.zeros((3, *right.shape))
    spline = psf.interpolator
    for part, (dx, dy, fine) in zip(found, ((0, 0, 1), (1, 0, fine_x), (0, 1, fine_y)), strict=True):
        part[within] = fine * spline(x[within], y[within], dx=dx, dy=dy, grid=False)
    return found[0], found[1], found[2]
