"""How a star looks in one frame, as its own bright and lonely stars show it."""

import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy.nddata import NDData
from astropy.table import Table
from numpy.typing import NDArray
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from photutils.psf import ImagePSF  # noqa: PLC0415  a third of a second, where shapes are asked for

FEWEST, MOST = 6, 30
"""Stars that a shape is made of."""
CLEAR = 50.0
"""Signal to noise that such a star has at least."""
REACH, ALONE = 3.0, 4.0
"""Star widths to which the shape goes, and within which no other star may lie."""
ROUNDS, KERNEL = 4, "quadratic"
SHARP, FINE, COARSE = 2.5, 4, 2
"""Below how wide a star, pixels, the shape is drawn how finely, and from there on; coarse, 1.6 px lost 0.034 mag."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def lonely(places: tuple[Floats, Floats], others: tuple[Floats, Floats], fwhm: float) -> Mask:
    """Return which places have no other star near; others: all that are known, these too."""
    every = cKDTree(np.column_stack(others))
    near = every.query_ball_point(np.column_stack(places), ALONE * fwhm, return_length=True)
    return np.asarray(near <= 1)


def frame_psf(bare: Floats, places: tuple[Floats, Floats], fwhm: float) -> "ImagePSF | None":
    """Return the shape, summing to 1, of the stars at some places, the best first; None where too few are whole.

    bare: (rows, columns), sky taken off, NaN where there is no value. The library's effective PSF: Anderson & King
    2000, PASP 112, 1360, by photutils.
    """
    from photutils.psf import EPSFBuilder, extract_stars  # noqa: PLC0415  a third of a second, where shapes are asked for

    reach = int(np.ceil(REACH * fwhm))
    rows, columns = bare.shape
    x, y = places
    whole = np.array(
        [
            reach < a < columns - 1 - reach
            and reach < b < rows - 1 - reach
            and bool(
                np.isfinite(
                    bare[round(b) - reach : round(b) + reach + 1, round(a) - reach : round(a) + reach + 1]
                ).all()
            )
            for a, b in zip(x, y, strict=True)
        ],
        dtype=bool,
    )
    kept = np.flatnonzero(whole)[:MOST]
    if len(kept) < FEWEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of stars that the library leaves out by itself
        cut = extract_stars(NDData(np.nan_to_num(bare)), Table({"x": x[kept], "y": y[kept]}), size=2 * reach + 1)
        finely = FINE if fwhm < SHARP else COARSE
        build = EPSFBuilder(oversampling=finely, maxiters=ROUNDS, smoothing_kernel=KERNEL, progress_bar=False)
        try:
            made: ImagePSF = build(cut)[0]
        except ValueError:  # the library's, where stars have no common shape
            return None
    return made
