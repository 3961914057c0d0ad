"""One place of what moves: where it was in a frame, how well that is known, and how bright it was."""

from dataclasses import dataclass
from math import hypot

import erfa
import numpy as np

from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.science.astrometry.centroid import centroid_errors
from obsy.engine.science.astrometry.star_fit import ARCSEC, Rows, StarFit
from obsy.engine.science.same_stars import PER_SHARE, Floats

NARROWEST, WIDEST, WIDEST_COMA = 0.55, 2.5, 12.0
"""A detection so much narrower or wider than the frame's stars is a hot pixel, a trail or a galaxy; a coma is wide."""


@dataclass(frozen=True, slots=True)
class SkyPosition:
    """Where something was in the middle of an exposure."""

    frame: str
    """The light's own hash."""
    jd_utc: float
    exposure_s: float
    filter: str | None
    train: str | None
    x: float
    y: float
    ra_deg: float
    """ICRS."""
    dec_deg: float
    centroid_arcsec: float
    """One standard deviation in either coordinate, of the middle of its light alone."""
    fit_arcsec: float
    """And of the fit to the stars, which frames of the same stars have mostly in common."""
    east_arcsec: float
    """Observed less computed, on the sky; NaN where nothing was computed."""
    north_arcsec: float
    vt_magnitude: float
    """Against the catalogue's VT, whatever the filter; NaN where no star tells it."""
    magnitude_error: float
    """Of photons and of the zero point."""
    signal_to_noise: float
    seeing_arcsec: float
    stars: int
    """Of the catalogue, in the fit."""
    rms_arcsec: float
    """Of these in one coordinate."""
    degree: int

    @property
    def error_arcsec(self) -> float:
        """Return one standard deviation in either coordinate, of both."""
        return hypot(self.centroid_arcsec, self.fit_arcsec)


def looks_like_a_star(table: StarTable, widest: float = WIDEST) -> Rows:
    """Return the rows of a table whose light has a star's shape, or is so much wider, and lies whole in the frame."""
    shaped = np.isfinite(table.fwhm) & np.isfinite(centroid_errors(table)) & (table.flux > 0)
    whole = table.flags & int(Flag.EDGE | Flag.HOLE | Flag.FAINT) == 0
    if not shaped.any():
        return np.zeros(0, dtype=np.int64)
    relative = table.fwhm / np.median(table.fwhm[shaped])
    return np.flatnonzero(shaped & whole & (relative > NARROWEST) & (relative < widest))


def position(table: StarTable, row: int, fit: StarFit) -> SkyPosition:
    """Return the position of a row of a table; what was computed is where the fit touches the sky."""
    told, at = table.observation, np.array([row])
    x, y = table.x[at], table.y[at]
    (ra,), (dec,) = fit.sky(x, y)
    ((east, north),) = fit.offset(x, y)
    zero, zero_error = zero_point(table, fit)
    light, light_error = float(table.flux[row]), float(table.flux_error[row])
    return SkyPosition(
        frame=told.frame,
        jd_utc=told.jd_utc or float("nan"),
        exposure_s=told.exposure_s,
        filter=told.filter,
        train=told.train,
        x=float(x[0]),
        y=float(y[0]),
        ra_deg=float(ra),
        dec_deg=float(dec),
        centroid_arcsec=float(centroid_errors(table)[row]) * fit.scale,
        fit_arcsec=float(fit.error(x, y)[0]),
        east_arcsec=float(east),
        north_arcsec=float(north),
        vt_magnitude=zero - 2.5 * float(np.log10(light / told.exposure_s)),
        magnitude_error=float(np.hypot(PER_SHARE * light_error / light, zero_error)),
        signal_to_noise=light / light_error,
        seeing_arcsec=float(np.nanmedian(table.fwhm)) * fit.scale,
        stars=fit.stars,
        rms_arcsec=fit.rms,
        degree=fit.degree,
    )


def zero_point(table: StarTable, fit: StarFit) -> tuple[float, float]:
    """Return Tycho VT of a star that gives an electron a second, and its error by how much the stars scatter."""
    rows, magnitude = fit.used
    each = magnitude + 2.5 * np.log10(table.flux[rows] / table.observation.exposure_s)
    middle = float(np.median(each))
    scatter = 1.4826 * float(np.median(np.abs(each - middle)))
    return middle, 1.2533 * scatter / np.sqrt(len(each))  # of a median: Kendall & Stuart, 10.11


def directions(places: Floats, towards: tuple[float, float]) -> Floats:
    """Return places (right ascension and declination, degrees, (places, 2)) on the plane that touches one, arcsec."""
    east, north = erfa.tpxes(*np.radians(places.T), *np.radians(towards))
    return np.asarray(np.column_stack([east, north]) * ARCSEC, dtype=np.float64)
