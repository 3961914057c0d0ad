"""The stars of one frame: where each lies, how bright it is and what is doubtful about it. Science reads these."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import IntFlag
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from astropy import units
from astropy.table import Table
from numpy.typing import NDArray

from obsy.engine.disk import write_whole
from obsy.engine.reduce.star_ways import WayLight, columns, ways_in
from obsy.errors import FrameError

Floats = NDArray[np.float64]


class Flag(IntFlag):
    """What is doubtful about a star's light. Bits; a star may have several, and without any it is good."""

    SATURATED = 1
    """A full pixel lies in its aperture: it is brighter than it says."""
    EDGE = 2
    """Its aperture reaches over the frame's edge."""
    BLENDED = 4
    """A neighbour's light lies in its aperture too."""
    HOLE = 8
    """A pixel without a value lies in its aperture."""
    FAINT = 16
    """Its light is less than `FAINTEST` times its error."""


FAINTEST = 3.0
"""Signal to noise below which a star is not seen: what is reported of it is an upper limit."""
PSF = "psf"
"""The way of measuring that fits the frame's own star shape to each star and its neighbours together."""
LOSING = Flag.SATURATED | Flag.EDGE | Flag.HOLE
"""Flags of a star whose light is not all counted."""
UNITS = {
    "x": units.pix,
    "y": units.pix,
    "ra": units.deg,
    "dec": units.deg,
    "flux": units.electron,
    "flux_error": units.electron,
    "sky": units.electron / units.pix,
    "fwhm": units.pix,
    "flags": None,
    "star": None,
}
"""The columns, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Observation:
    """How and when the frame of a star table was taken; None where it is not known."""

    frame: str
    """The light's own hash."""
    exposure_s: float
    aperture_px: float
    """Radius of every star's aperture."""
    annulus_px: tuple[float, float]
    """Inner and outer radius of the ring of sky around it."""
    gain: float
    """Electrons per ADU."""
    aperture_fwhm: float | None = None
    """The same radius in the frame's own star width."""
    method: str = "aperture"
    """What the pipeline asks for: aperture, psf, or auto."""
    way: str = ""
    """By which of its `ways` the light is that the table shows; empty of the aperture that the pipeline declares."""
    filter: str | None = None
    train: str | None = None
    plan: str | None = None
    object: str | None = None
    jd_utc: float | None = None
    """Middle of the exposure, days."""
    hjd_utc: float | None = None
    """The same as the Sun's middle sees it, for the target or else for the middle of the frame, days."""
    bjd_tdb: float | None = None
    """The same at the solar system's barycentre, in TDB, days."""
    airmass: float | None = None
    """Of the target, or else of the middle of the frame, at the middle of the exposure."""
    scintillation: float | None = None
    """By which share of itself each star's light scatters in the air, as `flux_error` has it, by a law.

    0 where what the law needs (the telescope's aperture, the site, the exposure) is not known.
    """
    target: tuple[float, float] | None = None
    """Right ascension and declination of the plan's target, degrees, ICRS; None where it has no one place."""


_WORDS = frozenset(("frame", "method", "way", "filter", "train", "plan", "object"))
_PAIRS = frozenset(("annulus_px", "target"))
_MAY_BE_UNKNOWN = frozenset(each.name for each in fields(Observation) if each.default is None)


@dataclass(frozen=True, slots=True, eq=False)
class StarTable:
    """The stars of one frame, one entry each, brightest first. Pixels count from 0 at the middle of the first one."""

    x: Floats
    y: Floats
    ra: Floats
    """Degrees, ICRS."""
    dec: Floats
    flux: Floats
    """Electrons in the exposure within the aperture, sky taken off; NaN where nothing could be summed."""
    flux_error: Floats
    """Its standard error, by the CCD equation and scintillation."""
    sky: Floats
    """Electrons a pixel in the ring around it."""
    fwhm: Floats
    """NaN where its shape could not be measured."""
    flags: NDArray[np.int64]
    """Sums of `Flag`."""
    star: NDArray[np.str_]
    """Its name, as `TYC2 J214042.8+433510`: the shipped Tycho-2 has places, no numbers; empty if it is not in it."""
    observation: Observation
    ways: Mapping[str, WayLight] = field(default_factory=dict)
    """The light of the same stars measured otherwise: in a radius of so many star widths ('1.25'), or by 'psf'."""

    def __len__(self) -> int:
        return len(self.x)

    @property
    def good(self) -> NDArray[np.bool_]:
        """Whether each star has no flag and a flux."""
        good: NDArray[np.bool_] = (self.flags == 0) & np.isfinite(self.flux) & (self.flux_error > 0)
        return good

    def by(self, way: str) -> "StarTable":
        """Return the table as it was measured another way, without the others. Raises KeyError if it was not."""
        if way == self.observation.way:
            return self
        light, seen = self.ways[way], self.observation
        radius = seen.aperture_px
        if way != PSF and seen.aperture_fwhm:
            radius *= float(way) / seen.aperture_fwhm
        about = replace(seen, way=way, aperture_px=radius, aperture_fwhm=None if way == PSF else float(way))
        return replace(self, **light._asdict(), observation=about, ways={})

    def nearest(self, ra_deg: float, dec_deg: float, within_arcsec: float) -> int | None:
        """Return which star is nearest to a place (degrees, ICRS), or None if none is so near."""
        if not len(self):
            return None
        far = _separation_arcsec(self, ra_deg, dec_deg)
        found = int(np.argmin(np.where(np.isfinite(far), far, np.inf)))
        return found if far[found] <= within_arcsec else None

    def write(self, path: Path) -> str:
        """Write it as ECSV, whole or not at all, the same bytes for the same stars; return the file's SHA-256.

        Raises OSError if the disk refuses.
        """
        meta = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self.observation).items()
        }
        told = {name: getattr(self, name) for name in UNITS} | columns(self.ways)
        given = {name: unit for name, unit in UNITS.items() if unit}
        given |= {name: units.electron for name in told if name not in UNITS and not name.startswith("flags")}
        text = io.StringIO()
        Table(told, units=given, meta=meta).write(text, format="ascii.ecsv")
        content = text.getvalue().encode()
        write_whole(path, content)
        return hashlib.sha256(content).hexdigest()

    @classmethod
    def read(cls, path: Path) -> "StarTable":
        """Return the table in a file.

        Raises FrameError with code 'not-a-star-table' if there is none to be had.
        """
        try:
            told = Table.read(path.read_text(encoding="utf-8"), format="ascii.ecsv")
            own = {name: _column(told, name) for name in UNITS}
            return cls(**own, observation=_observation(told.meta), ways=ways_in(told))
        except (OSError, ValueError, TypeError, KeyError) as fault:
            raise FrameError("not-a-star-table", f"{path.name} holds no table of stars: {fault}") from fault


def _column(told: Table, name: str) -> NDArray[Any]:
    """A column in the type that the table holds it in: an empty file does not say whether it has words."""
    kind = {"flags": np.int64, "star": np.str_}.get(name, np.float64)
    return np.array(np.ma.filled(np.ma.asanyarray(told[name]), "" if kind is np.str_ else np.nan), dtype=kind)


def _observation(meta: Mapping[str, Any]) -> Observation:
    """How the frame was taken, of the file's head; what later versions add to it is passed over."""
    known = {each.name: meta[each.name] for each in fields(Observation) if each.name in meta}
    wrong = [name for name, value in known.items() if not _fits(name, value)]
    if wrong:
        raise ValueError(", ".join(f"its head says {name}: {known[name]!r}" for name in wrong))
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Observation(**whole)


def _fits(name: str, value: object) -> bool:
    """Whether a word of the head is one, a number finite, and a pair two of these; what may be unknown may be None."""
    if value is None:
        return name in _MAY_BE_UNKNOWN
    if name in _WORDS:
        return isinstance(value, str)
    numbers = value if name in _PAIRS and isinstance(value, list) else [value]
    is_number = all(isinstance(each, int | float) and not isinstance(each, bool) and isfinite(each) for each in numbers)
    return is_number and len(numbers) == (2 if name in _PAIRS else 1)


def _separation_arcsec(stars: StarTable, ra_deg: float, dec_deg: float) -> Floats:
    """The angle from each star to a place. Source: the haversine formula, Sinnott 1984, Sky & Telescope 68, 158."""
    ra, dec = np.radians(stars.ra), np.radians(stars.dec)
    there_ra, there_dec = np.radians(ra_deg), np.radians(dec_deg)
    half = np.sin((dec - there_dec) / 2) ** 2 + np.cos(dec) * np.cos(there_dec) * np.sin((ra - there_ra) / 2) ** 2
    away: Floats = np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))) * 3600
    return away
