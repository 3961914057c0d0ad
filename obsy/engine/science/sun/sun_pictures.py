"""A film of the Sun's spectrum becomes pictures: in the line, beside it, in its wings."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.sun.round_disc import SolarDisc, made_round, solar_disc
from obsy.engine.science.sun.ser import SerVideo
from obsy.engine.science.sun.slices import slices, without_stripes
from obsy.engine.science.sun.solar_line import Floats, SolarLine, mean_frame, slit_of, solar_line


@dataclass(frozen=True, slots=True)
class SunPictures:
    """Pictures of one film; each (rows, columns), the Sun round and in the middle."""

    pictures: dict[str, Floats]
    """'line', 'continuum', 'blue', 'red' and 'doppler': (red - blue) / (red + blue), above 0 what approaches."""
    line: SolarLine
    disc: SolarDisc
    middle: tuple[float, float]
    """Of the Sun on the pictures, pixels from 0: column, row."""
    wing: float
    """How many rows of the spectrum the wings lie from the line."""
    shift: float
    slit_along: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedOfSun:
    """What a person wants of a film; all in rows of the spectrum."""

    shift: float = 0.0
    """How far from the line's middle its picture is taken."""
    wing: float | None = None
    """How far the wings lie from it; half the line's width if left out."""
    near: float | None = None
    """Where the line is that is meant; the deepest if left out."""
    is_red_first: bool = False
    """Whether wavelengths grow towards the first row."""


def sun_pictures(video: SerVideo, wanted: WantedOfSun) -> SunPictures:
    """Return the pictures of a film.

    Raises UserError if no line stands out, or the limb is not to be seen.
    """
    slit_along = slit_of(video.frames)
    line = solar_line(mean_frame(video.frames, slit_along), wanted.near)
    away = wanted.wing if wanted.wing is not None else max(line.fwhm / 2, 1.0)
    to_red = -away if wanted.is_red_first else away
    raw = slices(video.frames, line, (line.continuum, wanted.shift, -to_red, to_red), slit_along)
    raw = without_stripes(raw)
    disc = solar_disc(raw[0])
    made, middle = [], (0.0, 0.0)
    for each in raw:
        picture, middle = made_round(each, disc)
        made.append(picture)
    continuum, core, blue, red = made
    lit = continuum > 0.3 * np.percentile(continuum, 90)
    with np.errstate(divide="ignore", invalid="ignore"):
        doppler = np.where(lit, (red - blue) / (red + blue), 0.0)
    doubts = list(video.doubts)
    if disc.rms > 1.0:
        doubts.append(f"the limb lies off its ellipse by {disc.rms:.1f} px: the Sun jumped, or the film did")
    if video.began is None:
        doubts.append("the film does not say when it was taken")
    pictures = {"line": core, "continuum": continuum, "blue": blue, "red": red, "doppler": doppler}
    return SunPictures(pictures, line, disc, middle, away, wanted.shift, slit_along, tuple(doubts))
