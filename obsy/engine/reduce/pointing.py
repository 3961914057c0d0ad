"""Where a telescope points, from one short exposure."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sep

from obsy.engine.devices.ports import Pointing, SolvedPointing
from obsy.engine.reduce.plane import sky, tangent, touched, up_deg
from obsy.engine.reduce.product import filled, read
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.solution import Floats, Near, Solution, solve
from obsy.engine.reduce.stars import detect
from obsy.engine.sky.catalogue import cone
from obsy.errors import FrameError

MESH, THRESHOLD = 64, 5.0
DETECTED, LISTED, MEASURED = 400, 1500, 200
REACH_PX = 15
STEP = 0.8
"""From one place that is searched to the next, in shorter edges of the frame."""
FEW, FEW_AROUND, MANY = 7, 10, 15
"""Pairs that a solution needs where it is believed to be, and where eight more places are tried; so many prove it."""
CLOSE_PX = 0.5
"""Fewer than that must lie so close: of 50 fields of 100 random stars 6 "solve", by 6 pairs and an rms of 0.36 to 0.94
pixels; true ones have 0.03 to 0.25."""


def pointed(path: Path, believed: Pointing, scale_arcsec: float) -> Pointing | str:
    """Return the middle of a frame, or in words why it is not known.

    It is looked for where it is believed to be, and then around there, up to a frame away.
    """
    try:
        counts = read(path)[0].astype(np.float32)
    except FrameError as fault:
        return str(fault)
    if not np.isfinite(counts[::4, ::4]).any():
        return "the frame is empty"
    counts = filled(counts)
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    stars = detect(bare, THRESHOLD, MESH, np.zeros(counts.shape, dtype=bool))
    x, y = stars.x[:DETECTED].copy(), stars.y[:DETECTED].copy()
    found = shapes(bare, x[:MEASURED], y[:MEASURED], REACH_PX)
    known = np.flatnonzero(np.isfinite(found.fwhm))
    x[known], y[known] = found.x[known], found.y[known]  # neighbours pull regions, not shapes
    near = Near(believed.ra_deg, believed.dec_deg, scale_arcsec, (counts.shape[0], counts.shape[1]))
    placed = recognised(np.column_stack([x, y]), near)
    return (
        SolvedPointing(*touched(placed.plane), up_deg=up_deg(placed.plane)) if isinstance(placed, Solution) else placed
    )


def recognised(seen: Floats, near: Near) -> Solution | str:
    """Return the first solution that chance cannot have made, or in words why there is none where it should be.

    A telescope is slewed by it: it has to prove itself more than that of a frame, which lies where it was taken.
    """
    why = ""
    for number, place in enumerate(_around(near)):
        radius = math.hypot(*near.shape) * near.scale_arcsec / 3600 * 0.75
        listed = cone(place.ra_deg, place.dec_deg, radius)
        placed = solve(seen, listed.ra_deg[:LISTED], listed.dec_deg[:LISTED], place)
        if isinstance(placed, Solution):
            placed = _trusted(placed, FEW_AROUND if number else FEW)
        if isinstance(placed, Solution):
            return placed
        why = why or placed
    return why


def _trusted(found: Solution, needed: int) -> Solution | str:
    pairs = len(found.seen)
    if pairs < needed:
        return f"only {pairs} stars fall on the catalogue's, at least {needed} are needed to slew by them"
    if pairs < MANY and found.rms_px > CLOSE_PX:
        return f"{pairs} stars fall on the catalogue's, but {found.rms_px:.1f} px off: that may be chance"
    return found


def _around(near: Near) -> Iterator[Near]:
    """The place itself, then the eight around it."""
    step_deg = STEP * min(near.shape) * near.scale_arcsec / 3600
    plane = tangent(near.ra_deg, near.dec_deg, (0.0, 0.0), np.eye(2) * step_deg)
    ways = sorted(((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)), key=lambda way: (math.hypot(*way), way))
    for way in ways:
        yield Near(*sky(plane, *way), near.scale_arcsec, near.shape)
