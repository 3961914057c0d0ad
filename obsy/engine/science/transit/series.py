"""A night's frames of one field, measured alike: each recognised anew, for mounts drift, and some turn over."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sep
from numpy.typing import NDArray

from obsy.engine.reduce.asterism import nearest, recognise
from obsy.engine.reduce.plane import pixels
from obsy.engine.reduce.pointing import recognised
from obsy.engine.reduce.product import filled, read
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.solution import Near, Solution
from obsy.engine.reduce.star_light import rings, sums
from obsy.engine.reduce.stars import Image, detect
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.saturation import brightest, full_level
from obsy.errors import FrameError, UserError

MESH, THRESHOLD, REACH_PX = 64, 5.0, 12
LISTED = 100
"""Brightest stars by which a frame is recognised."""
MEASURED = 60
"""Brightest stars of the first frame that are measured in each, with the target."""
APERTURES = 1.2, 1.5, 1.8, 2.2, 2.7
"""Radii that are tried, in widths (FWHM) of the night's stars."""
USUAL = 1
"""Which of them is taken where nothing tells."""
RING = 4.0, 6.5
"""Of the sky, in the same."""
FEWEST_MATCHES = 8
RECENTRED_PX = 3.0
"""A star that is seen so near to where it is expected stands where it is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenFrame:
    """The stars of one frame."""

    counts: Image
    """(rows, columns), ADU."""
    places: Floats
    """(stars, 2): x, y, brightest first."""
    fwhm: float
    """Median of its stars, px."""


@dataclass(frozen=True, slots=True, eq=False)
class SeriesLight:
    """What was measured; the target is star 0. NaN where a star was not to be measured."""

    used: tuple[int, ...]
    """Which of the files were recognised, in their order."""
    refused: dict[str, str]
    """By name of a file, why it was not."""
    radii: tuple[float, ...]
    flux: Floats
    """(radii, frames, stars), ADU, sky taken off."""
    sky: Floats
    """(frames,), ADU a pixel around the target."""
    x: Floats
    """(frames,), px, of the target."""
    y: Floats
    fwhm: Floats
    """(frames,), px."""
    is_turned: NDArray[np.bool_]
    """(frames,): whether the frame stands on its head beside the first."""
    places: Floats
    """(stars, 2): x, y in the first frame."""
    is_target_full: bool


def seen_frame(path: Path) -> SeenFrame:
    """Return the stars of a file. Raises FrameError if it holds no picture, or nothing but what is no star."""
    counts = filled(read(path)[0].astype(np.float32))
    bare = counts - sep.Background(counts, bw=MESH, bh=MESH).back()
    found = detect(bare, THRESHOLD, MESH, np.zeros(counts.shape, dtype=bool))
    x, y = found.x[:LISTED].copy(), found.y[:LISTED].copy()
    if not len(x):
        raise FrameError("no-stars", "no star is seen")
    shaped = shapes(bare, x, y, REACH_PX)
    known = np.isfinite(shaped.fwhm)
    if not known.any():
        raise FrameError("no-stars", "nothing that is seen has the shape of a star")
    x[known], y[known] = shaped.x[known], shaped.y[known]
    return SeenFrame(counts, np.column_stack([x, y]), float(np.nanmedian(shaped.fwhm)))


def target_in(
    first: SeenFrame, believed: tuple[float, float], scale_arcsec: float, star: tuple[float, float]
) -> Floats:
    """Return x, y of a star (ra, dec, degrees) in a frame whose middle is believed to lie somewhere.

    Raises UserError if the frame is not recognised there, or does not show the star.
    """
    rows, columns = first.counts.shape
    found = recognised(first.places, Near(*believed, scale_arcsec, (rows, columns)))
    if not isinstance(found, Solution):
        raise UserError(
            f"it is not recognised near {believed[0]:.3f}, {believed[1]:+.3f} deg at {scale_arcsec:.3f} "
            f"arcsec a pixel: {found}; say its scale with '--scale'"
        )
    place = pixels(found.plane, np.array([star[0]]), np.array([star[1]]))[0]
    if not ((place > 0) & (place < (columns - 1, rows - 1))).all():
        raise UserError(f"the star lies at x {place[0]:.0f}, y {place[1]:.0f}: the frame does not show it")
    return np.asarray(place)


def measure(paths: Sequence[Path], first: SeenFrame, target: Floats) -> SeriesLight:
    """Return the light of the target and its neighbours in each file that shows the field of one of them.

    target: x, y in that one. Raises UserError if fewer than half of the files are recognised.
    """
    apart = np.hypot(*(first.places - target).T)
    own = first.places[apart.argmin()] if apart.min() < RECENTRED_PX else target
    places = np.vstack([own, first.places[apart > RECENTRED_PX][:MEASURED]])
    radii, ring = tuple(first.fwhm * each for each in APERTURES), (RING[0] * first.fwhm, RING[1] * first.fwhm)
    rows, used, refused = [], [], {}
    for number, path in enumerate(paths):
        try:
            rows.append(_measured(seen_frame(path), first, places, (radii, ring)))
            used.append(number)
        except FrameError as fault:
            refused[path.name] = str(fault)
    if len(used) < len(paths) / 2:
        name, why = next(iter(refused.items()))
        raise UserError(f"{len(refused)} of {len(paths)} frames do not show the same field: {name}: {why}")
    flux, here, sky, fwhm, turned, bright = (np.array(each) for each in zip(*rows, strict=True))
    full = bright[:, :, 0] >= full_level(bright, float(np.median(fwhm)))
    flux[np.broadcast_to((full & (np.arange(len(places)) > 0))[:, None, :], flux.shape)] = np.nan
    return SeriesLight(
        tuple(used),
        refused,
        radii,
        np.moveaxis(flux, 1, 0),
        sky,
        here[:, 0],
        here[:, 1],
        fwhm,
        turned,
        places,
        bool(full[:, 0].any()),
    )


Row = tuple[Floats, Floats, float, float, bool, Floats]


def _measured(
    seen: SeenFrame, first: SeenFrame, stars: Floats, how: tuple[tuple[float, ...], tuple[float, float]]
) -> Row:
    """Return fluxes (radii, stars), where the target is, its sky, the width, whether it is turned, and what is bright.

    That is the brightest pixels of each star in its widest aperture, (stars, pixels), the target's neighbours too.
    """
    pose = recognise(seen.places, first.places)
    if pose is None or pose.matches < FEWEST_MATCHES:
        raise FrameError("not-recognised", f"{pose.matches if pose else 0} of its stars are those of the first frame")
    places = stars @ pose.matrix.T + pose.shift
    mine, theirs = nearest(seen.places, places, RECENTRED_PX)
    places[theirs] = seen.places[mine]
    x, y = places.T
    radii, ring = how
    sky = rings(seen.counts, x, y, ring)
    none_full = np.zeros(seen.counts.shape, dtype=bool)
    flux = np.empty((len(radii), len(stars)))
    for n, radius in enumerate(radii):
        found = sums(seen.counts, none_full, (x, y), radius, sky.level)
        flux[n] = np.where(found.outside | found.hole, np.nan, found.flux)
    bright = brightest(seen.counts, (x, y), radii[-1])
    return flux, places[0], float(sky.level[0]), seen.fwhm, bool(pose.matrix[0, 0] < 0), bright
