"""A folder of frames of one star, whoever took them, as a light curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import amount
from obsy.engine.frames.header import binning
from obsy.engine.frames.pointing import position
from obsy.engine.frames.taken_with import SCALES
from obsy.engine.reduce.mid_exposure import MidExposure, mid_exposure
from obsy.engine.science.transit.best_aperture import best_aperture
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.flat_fielded import flat_doubts
from obsy.engine.science.transit.folder_frames import DatedFrame, alike, dated_frames
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.outside import Outside
from obsy.engine.science.transit.relative import RelativeLight, star_doubts
from obsy.engine.science.transit.series import USUAL, SeenFrame, SeriesLight, measure, seen_frame, target_in
from obsy.engine.science.transit.where_taken import where_taken
from obsy.errors import FrameError, UserError
from obsy.schemas.site import Location

TRIED = 7
"""Frames of which one has to show where the target is."""
"""Cards that say arcseconds a pixel."""
FINEST, COARSEST = 0.01, 1000.0
"""Arcseconds a pixel of what has stars in it."""
RADIAN = 206.264806
"""Arcseconds in a thousandth of a radian: micrometres over millimetres."""


@dataclass(frozen=True, slots=True)
class SaidBeside:
    """What a person says where headers do not, or are wrong."""

    scale_arcsec: float | None = None
    place: Location | None = None


def folder_curve(
    folder: Path, star: tuple[float, float], said: SaidBeside, outside: Outside | None = None
) -> MeasuredCurve:
    """Return the light of a star (ra, dec, degrees) over its neighbours' in each frame of a folder.

    outside: tells which points lie outside of a transit; by these the aperture is chosen. Raises UserError if its
    headers do not say enough, its stars are not recognised, or none can be compared with.
    """
    if said.scale_arcsec is not None:
        _checked(said.scale_arcsec, "--scale")
    dated, refused = dated_frames(folder)
    frames, others = alike(dated)
    shown, first, target = _first(frames, star, said)
    place = said.place or where_taken(shown.cards, shown.began)
    if place is None:
        raise UserError(f"{shown.path.name} does not say where it was taken: name the site with '--site'")
    light = measure([frame.path for frame in frames], first, target)
    used = [frames[n] for n in light.used]
    times = [mid_exposure(frame.began, frame.exposure_s, star, place) for frame in used]
    bends = np.array([[each.airmass, turned] for each, turned in zip(times, light.is_turned, strict=True)], dtype=float)
    is_outside = outside(np.array([each.bjd_tdb for each in times])) if outside else None
    fluxes = dict(zip(light.radii, light.flux, strict=True))
    chosen = best_aperture(fluxes, light.radii[USUAL], is_outside, bends)
    if chosen is None:
        raise UserError("no star beside the target is seen whole, and not full, in nearly all frames: none compares")
    relative = chosen.light
    curve = _curve(light, relative, times, float(np.median([frame.exposure_s for frame in used])))
    stars = tuple((float(x), float(y)) for x, y in light.places[list(relative.stars)])
    doubts = [f"{len(others)} frames of another camera, filter or exposure were left out"] if others else []
    doubts += [*_doubts(light, relative), *flat_doubts([frame.cards for frame in frames])]
    told = refused | others | light.refused
    return MeasuredCurve(curve, stars, chosen.radius, len(dated), told, tuple(doubts), place, apertures=chosen.scatter)


def _first(
    frames: list[DatedFrame], star: tuple[float, float], said: SaidBeside
) -> tuple[DatedFrame, SeenFrame, Floats]:
    """Return the frame by which all others are recognised, its stars, and where the target is in it.

    The first that shows the target, of some that are spread over the night: flats and clouds come at its ends.
    """
    why = ""
    for number in sorted({round(each) for each in np.linspace(0, len(frames) - 1, TRIED)}):
        frame = frames[number]
        try:
            seen = seen_frame(frame.path)
            return frame, seen, target_in(seen, _believed(frame.cards, star), _scale(frame.cards, said), star)
        except (FrameError, UserError) as fault:
            why = why or f"{frame.path.name}: {fault}"
    raise UserError(f"no frame of {min(TRIED, len(frames))} that were tried shows the star; {why}")


def _curve(
    light: SeriesLight, relative: RelativeLight, times: Sequence[MidExposure], exposure_s: float
) -> RelativeFlux:
    """Return the light curve of the frames that were used; times: of their middles."""
    trends = {"airmass": np.array([each.airmass for each in times]), "x": light.x, "y": light.y}
    trends |= {"fwhm": light.fwhm, "sky": light.sky, "flip": light.is_turned.astype(float)}
    return RelativeFlux(
        np.array([each.bjd_tdb for each in times]),
        relative.flux,
        np.full(len(times), relative.scatter),
        trends,
        exposure_s,
        np.array([each.jd_utc for each in times]),
    )


def _believed(cards: Cards, star: tuple[float, float]) -> tuple[float, float]:
    """Return where the first frame points by its header; at the star where it does not say."""
    ra, dec = position(cards).value
    return star if ra is None or dec is None else (ra, dec)


def _scale(cards: Cards, said: SaidBeside) -> float:
    """Return arcseconds a pixel. Raises UserError if neither a person nor the header says them."""
    if said.scale_arcsec is not None:
        return said.scale_arcsec
    if scale := amount(cards, *SCALES):
        return _checked(*scale)
    pixel, focal, across = amount(cards, "XPIXSZ", "PIXSIZE1"), amount(cards, "FOCALLEN"), binning(cards)
    if pixel is None or focal is None or focal[0] <= 0:
        raise UserError("it says neither scale nor focal length: say '--scale 1.5', arcsec a pixel")
    side = (
        across[0] if across and pixel[1] == "PIXSIZE1" else 1
    )  # which is of the sensor's pixels, XPIXSZ of the frame's
    return _checked(pixel[0] * side / focal[0] * RADIAN, f"{pixel[1]} over {focal[1]}")


def _checked(scale: float, called: str) -> float:
    if not FINEST <= scale <= COARSEST:
        raise UserError(f"{called} {scale:g} is no scale of stars: say '--scale 1.5', arcsec a pixel")
    return scale


def _doubts(light: SeriesLight, relative: RelativeLight) -> list[str]:
    told = [f"{len(light.refused)} frames were not recognised"] if light.refused else []
    if light.is_target_full:
        told.append("the star itself reaches the value at which stars of these frames are cut off: it may be saturated")
    told += star_doubts(relative, lambda star: f"x {light.places[star][0]:.0f}, y {light.places[star][1]:.0f}")
    if light.is_turned.any() and not light.is_turned.all():
        told.append("the field turned over in between: 'flip' is among the trends that were tried")
    return told
