"""A star's light against that of its neighbours over a night, and what may have bent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.transit.model import Floats
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.site import Location


@dataclass(frozen=True, slots=True, eq=False)
class RelativeFlux:
    """Fluxes of a target divided by those of its comparison stars, in order of time."""

    bjd_tdb: Floats
    """Middles of the exposures, days, (times,)."""
    flux: Floats
    """In any unit: a fit divides by its baseline. Not detrended."""
    error: Floats
    """One standard deviation, in the same unit."""
    trends: Mapping[str, Floats] = field(default_factory=dict)
    """What may have bent it, by name, (times,): `airmass`, `x`, `y`, `fwhm`, `sky`, `flip` (0 before, 1 after)."""
    exposure_s: float = 0.0
    """Of each frame; 0 where nobody says."""
    jd_utc: Floats | None = None
    """The same middles by the clock of the observatory, days; None where only the barycentre's are known."""

    def __len__(self) -> int:
        return len(self.bjd_tdb)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Whether each point has a time, a flux and an error, (times,)."""
        numbers = np.isfinite(self.bjd_tdb) & np.isfinite(self.flux) & np.isfinite(self.error)
        return np.asarray(numbers & (self.flux > 0) & (self.error > 0))

    def ordered(self) -> "RelativeFlux":
        """Return its usable points in order of time; a trend that lacks a value at one of them is left out."""
        kept = np.flatnonzero(self.usable)
        order = kept[np.argsort(self.bjd_tdb[kept], kind="stable")]
        trends = {name: values[order] for name, values in self.trends.items()}
        whole = {name: values for name, values in trends.items() if np.isfinite(values).all()}
        utc = None if self.jd_utc is None else self.jd_utc[order]
        times, flux, error = self.bjd_tdb[order], self.flux[order], self.error[order]
        return replace(self, bjd_tdb=times, flux=flux, error=error, trends=whole, jd_utc=utc)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredCurve:
    """A light curve, and what it is made of."""

    curve: RelativeFlux
    comparison_stars: tuple[tuple[float, float], ...]
    """x, y in one of the frames."""
    aperture_px: float
    frames: int
    refused: dict[str, str]
    """By name of a file, or by what is wrong with some, why they were not used."""
    doubts: tuple[str, ...]
    place: Location | None = None
    """Where it was taken, where that was found out."""
    night: date | None = None
    """Whose evening's date it is, where that is known."""
    apertures: Mapping[float, float] = field(default_factory=dict)
    """By radius, px: by how much its points scatter outside of the transit; empty where nothing was chosen by it."""
    sides_s: tuple[float, float] = (BASELINE_S, BASELINE_S)
    """How much was to be taken before the first and after the last contact; the usual where no plan says."""
    role: str = ""
    """The filter, as its train calls it; empty where nobody says."""
    train: str = ""
