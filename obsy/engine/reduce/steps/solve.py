"""Find the frame among the catalogue's stars."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.solution import Near, Solution
from obsy.engine.reduce.solution import solve as solve_stars
from obsy.engine.reduce.target_star import with_target
from obsy.engine.reduce.zero_point import zero_point
from obsy.engine.sky.catalogue import CatalogueStars, cone
from obsy.errors import FrameError
from obsy.schemas.pipeline import Solve

ASTRAY = 0.25
"""How far the mount may have missed, as a share of the frame's diagonal."""
DETECTED = 400
LISTED = 1500


def run(light: LightFrame, settings: Solve) -> LightFrame:
    """The light with its tangent plane and zero point, or with the reason why it could not be placed."""
    if light.order.trails:
        return replace(light, unplaced="its stars are meant to leave trails")
    frame = light.order.frame
    if frame.ra_deg is None or frame.dec_deg is None:
        return replace(light, unplaced="the header does not say where the telescope pointed")
    if light.stars is None:
        return replace(light, unplaced="the pipeline solves before it measures")
    near = Near(
        frame.ra_deg % 360.0,
        frame.dec_deg,
        light.order.optics.scale_arcsec,
        (light.counts.shape[0], light.counts.shape[1]),
    )
    radius = math.hypot(*near.shape) * near.scale_arcsec / 3600 * (0.5 + ASTRAY)
    catalogue = cone(near.ra_deg, near.dec_deg, radius)
    seen = np.column_stack([light.stars.x, light.stars.y])[:DETECTED]
    found = solve_stars(seen, catalogue.ra_deg[:LISTED], catalogue.dec_deg[:LISTED], near)
    return replace(light, unplaced=found) if isinstance(found, str) else _placed(light, found, catalogue)


def _placed(light: LightFrame, found: Solution, catalogue: CatalogueStars) -> LightFrame:
    """The light with the solution and, from its matched unsaturated stars, the zero point."""
    measures = replace(light.measures, matched=len(found.seen), solution_rms_px=found.rms_px)
    flux = _fluxes(light)[found.seen]
    point = zero_point(flux, catalogue.mag[found.listed], light.exposure_s)
    if point is not None:
        measures = replace(measures, zero_point=point[0], zero_point_error=point[1], zero_point_stars=point[2])
    return with_target(replace(light, plane=found.plane, measures=measures), found.plane)


def _fluxes(light: LightFrame) -> NDArray[np.float64]:
    """The aperture flux of each detected star, ADU; NaN for those that are full or whose light was not measured."""
    if light.stars is None:
        raise FrameError("not-measured", "not-measured: stars are solved for only after the step 'measure'")
    flux = np.full(len(light.stars), np.nan)
    if light.fluxes is not None:
        flux[: len(light.fluxes)] = light.fluxes
    return np.where(light.stars.full, np.nan, flux)
