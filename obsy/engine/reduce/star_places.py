"""Where light is measured: at a frame's stars, at those of the catalogue that were not detected, and at the target."""

from typing import NamedTuple

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.plane import pixels, touched
from obsy.engine.reduce.product import filled
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.target_star import target_place
from obsy.engine.sky.catalogue import CatalogueStars, cone

MATCH_PX = 2.0
"""A star of the catalogue, and the target, lies no farther from where it is seen."""
LISTED = 200
"""So many of the catalogue's brightest stars in the frame are measured, detected or not."""
REACH_PX, MOVED_PX = 15, 1.0
"""Half of the stamp in which one that was not detected is looked at, and how far its middle may be from its place."""
Floats = NDArray[np.float64]


class StarPlaces(NamedTuple):
    """Where light is summed, pixels, and the width of what lies there; NaN where it is not known."""

    x: Floats
    y: Floats
    fwhm: Floats


def in_frame(light: LightFrame, plane: WCS) -> CatalogueStars:
    """Return the catalogue's stars in and around the frame, brightest first."""
    radius_deg = float(np.hypot(*light.counts.shape)) / 2 * light.order.optics.scale_arcsec / 3600 * 1.05
    return cone(*touched(plane), radius_deg)


def star_places(light: LightFrame, plane: WCS, listed: CatalogueStars) -> StarPlaces:
    """Return the measured stars, brightest first; then the catalogue's that were not detected, and such a target.

    Detection takes sharp stars for hot pixels in one frame and not in the next; light curves need the same in all.
    """
    if light.stars is None or light.shapes is None:
        raise ValueError("stars are placed once they are measured")
    count = len(light.shapes.x)
    found = StarPlaces(light.stars.x[:count], light.stars.y[:count], light.shapes.fwhm)
    expected = _within(light, pixels(plane, listed.ra_deg, listed.dec_deg))[:LISTED]
    found = _joined(found, _recentred(light, _beside(expected, found)))
    if light.order.aim is None:
        return found
    aim = np.array([target_place(light, plane, light.order.aim, light.measures.fwhm_px or 0.0)])
    aim = _beside(_within(light, aim), found)
    return _joined(found, StarPlaces(aim[:, 0], aim[:, 1], np.full(len(aim), np.nan)))


def _joined(some: StarPlaces, more: StarPlaces) -> StarPlaces:
    return StarPlaces(*(np.concatenate(pair) for pair in zip(some, more, strict=True)))


def _within(light: LightFrame, places: Floats) -> Floats:
    """Those of some places, (n, 2), that lie within the frame."""
    rows, columns = light.counts.shape
    with np.errstate(invalid="ignore"):
        kept: Floats = places[((places >= 0) & (places <= (columns - 1, rows - 1))).all(axis=1)]
    return kept


def _beside(places: Floats, found: StarPlaces) -> Floats:
    """Those of some places, (n, 2), where no star was found."""
    if not len(found.x):
        return places
    away, _ = cKDTree(np.column_stack([found.x, found.y])).query(places.reshape(-1, 2))
    left: Floats = places[away > MATCH_PX]
    return left


def _recentred(light: LightFrame, places: Floats) -> StarPlaces:
    """Stars that must be at some places, at the middle of what is there if that has the shape of a star."""
    x, y = places.T
    if not len(x):
        return StarPlaces(x, y, np.zeros(0))
    bare = filled(light.counts) - np.float32(light.measures.background_adu or 0.0)
    seen = shapes(bare, x, y, REACH_PX)
    moved = np.hypot(seen.x - x, seen.y - y)
    there = np.isfinite(seen.fwhm) & (moved < MOVED_PX)
    return StarPlaces(*(np.where(there, new, old) for new, old in ((seen.x, x), (seen.y, y), (seen.fwhm, np.nan))))
