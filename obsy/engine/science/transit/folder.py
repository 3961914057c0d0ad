"""A folder of frames of one star, whoever took them, as a light curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from obsy.engine.frames.fact import amount
from obsy.engine.frames.fits import Cards
from obsy.engine.frames.header import exposed_of, whole_cards
from obsy.engine.frames.pointing import position
from obsy.engine.frames.start import taken_at
from obsy.engine.reduce.mid_exposure import mid_exposure
from obsy.engine.science.transit.curve import MeasuredCurve, RelativeFlux
from obsy.engine.science.transit.relative import best_aperture
from obsy.engine.science.transit.series import SeriesLight, measure, seen_frame, target_in
from obsy.engine.science.transit.where_taken import where_taken
from obsy.errors import FrameError, UserError
from obsy.schemas.site import Location

ENDINGS = ".fits", ".fit", ".fts"
SCALES = "PIXSCALE", "SECPIX", "IM_SCALE", "SCALE"
"""Cards that say arcseconds a pixel."""
RADIAN = 206.264806
"""Arcseconds in a thousandth of a radian: micrometres over millimetres."""


@dataclass(frozen=True, slots=True)
class SaidBeside:
    """What a person says where headers do not, or are wrong."""

    scale_arcsec: float | None = None
    place: Location | None = None


def folder_curve(folder: Path, star: tuple[float, float], said: SaidBeside) -> MeasuredCurve:
    """Return the light of a star (ra, dec, degrees) over its neighbours' in each frame of a folder.

    Raises UserError if its headers do not say enough, its stars are not recognised, or none can be compared with.
    """
    headers, refused = _headers(folder)
    paths = sorted(headers, key=lambda path: headers[path][1])
    if not paths:
        name, why = next(iter(refused.items()), ("", f"no file ends in {', '.join(ENDINGS)}"))
        raise UserError(f"{folder} holds no frame that says when it was taken: {name} {why}")
    cards, began, _ = headers[paths[0]]
    place = said.place or where_taken(cards, began)
    if place is None:
        raise UserError(f"{paths[0].name} does not say where it was taken: name the site with '--site'")
    light = measure(paths, target_in(seen_frame(paths[0]), _believed(cards, star), _scale(cards, said), star))
    chosen = best_aperture(light.flux)
    if chosen is None:
        raise UserError("no star beside the target is seen whole, and not full, in nearly all frames: none compares")
    number, relative = chosen
    times = [mid_exposure(*headers[paths[n]][1:], star, place) for n in light.used]
    trends = {"airmass": np.array([each.airmass for each in times]), "x": light.x, "y": light.y}
    trends |= {"fwhm": light.fwhm, "sky": light.sky, "flip": light.is_turned.astype(float)}
    curve = RelativeFlux(
        np.array([each.bjd_tdb for each in times]),
        relative.flux,
        np.full(len(times), relative.scatter),
        trends,
        float(np.median([headers[paths[n]][2] for n in light.used])),
        np.array([each.jd_utc for each in times]),
    )
    stars = tuple((float(x), float(y)) for x, y in light.places[list(relative.stars)])
    doubts = tuple(_doubts(light, stars))
    return MeasuredCurve(curve, stars, light.radii[number], len(paths), refused | light.refused, doubts, place)


def _headers(folder: Path) -> tuple[dict[Path, tuple[Cards, datetime, float]], dict[str, str]]:
    """Return cards, start and exposure (s) of each frame, and why others have none."""
    found, refused = {}, {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in ENDINGS:
            continue
        try:
            with path.open("rb") as stream:
                cards = whole_cards(stream)
            exposure = exposed_of(cards)
            if exposure is None:
                raise FrameError("no-exposure", "the header says no exposure")
            found[path] = cards, taken_at(cards).value, exposure.value
        except (FrameError, OSError) as fault:
            refused[path.name] = str(fault)
    return found, refused


def _believed(cards: Cards, star: tuple[float, float]) -> tuple[float, float]:
    """Return where the first frame points by its header; at the star where it does not say."""
    ra, dec = position(cards).value
    return star if ra is None or dec is None else (ra, dec)


def _scale(cards: Cards, said: SaidBeside) -> float:
    if said.scale_arcsec is not None:
        return said.scale_arcsec
    if scale := amount(cards, *SCALES):
        return scale[0]
    pixel, focal = amount(cards, "XPIXSZ", "PIXSIZE1"), amount(cards, "FOCALLEN")
    if pixel is None or focal is None or focal[0] <= 0:
        raise UserError("the first frame says neither scale nor focal length: say '--scale 1.5', arcsec a pixel")
    return pixel[0] / focal[0] * RADIAN


def _doubts(light: SeriesLight, stars: Sequence[tuple[float, float]]) -> list[str]:
    told = [f"{len(light.refused)} frames were not recognised"] if light.refused else []
    if light.is_target_full:
        told.append("the star itself reaches the largest value of a frame: it may be saturated")
    if len(stars) == 1:
        told.append("it is compared with one star alone, which nothing vouches for")
    if light.is_turned.any() and not light.is_turned.all():
        told.append("the field turned over in between: 'flip' is among the trends that were tried")
    return told
