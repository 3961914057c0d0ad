"""In which aperture a night's points scatter least: asked of the stars beside the target, never of its own points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from obsy.engine.reduce.star_table import LOSING, PSF, Flag, StarTable
from obsy.engine.science.beyond_photons import beyond_photons
from obsy.engine.science.same_stars import PER_SHARE, Floats, SameStars, same_stars
from obsy.engine.science.zero_points import ZeroPoints, zero_points

FEWEST_FRAMES, FEWEST_STARS = 5, 3
"""Of fewer nothing is told of how they scatter, and the declared aperture stays."""
WORTH = 0.95
"""Another aperture is taken where a point's error falls to this share or less: errors are not known better."""
SURE = 1.645
"""Errors of both errors by which it has to be less: of two that are alike one is taken by chance in 1 of 20."""
MEDIAN_ERRS = 1.17
"""Times the root of so many points: by how much the scatter errs that a median tells."""
AS_MANY = 0.98
"""Another aperture shows so many of the comparison stars that the declared one shows."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one aperture says, mag."""

    radius: float
    """In the frame's own star width."""
    error: float
    """Of a point of the target: photons, zero point, stars' scatter beside them, and what differs over the field."""
    field: float
    """By how much the share of a star's light within it differs from place to place, beside the widest."""
    check: float
    """What the check star scatters by, one standard deviation."""
    unsure: float = 0.0
    """Of that error: one standard deviation, as a share, for the stars' scatter is told by so many points."""

    def serves(self, declared: "Tried") -> bool:
        """Return whether a point's error is less than in the declared aperture, by more than chance."""
        chance = SURE * float(np.hypot(self.unsure, declared.unsure))
        return self.error <= min(WORTH, 1 - chance) * declared.error


@dataclass(frozen=True, slots=True)
class WaySearch:
    """Which apertures were tried, and which was taken."""

    taken: str
    """As a star table calls it; empty of the declared one."""
    tried: tuple[Tried, ...]
    """From the narrowest to the widest; none where too little tells."""
    why: str = ""
    """Why the declared one stays where nothing was tried."""

    declared: float = 0.0
    """Radius of that one, in the frame's own star width."""

    @property
    def words(self) -> str:
        """Return which way was taken, with a point's error in each radius; empty where there is nothing to choose."""
        if self.taken == PSF:
            return "none: the frame's own star shape was fitted to each star and its neighbours (psf)"
        by_radius = {each.radius: each.error for each in self.tried}
        if len(by_radius) < 2:  # noqa: PLR2004 (there is another)
            return ""
        taken = float(self.taken or self.declared)
        others = ", ".join(f"{error:.4f} in {each:g}" for each, error in by_radius.items() if each != taken)
        return f"{taken:g} star widths, where a point's error is {by_radius[taken]:.4f} mag; {others}"

    def shape(self) -> dict[str, Any]:
        """Return it for a machine: magnitudes, radii in star widths."""
        each = [{"radius_fwhm": one.radius, "error": one.error, "check_scatter": one.check} for one in self.tried]
        return {"taken": self.taken, "declared": self.declared, "tried": each, "why_not": self.why}


def common_ways(tables: Sequence[StarTable]) -> list[str]:
    """Return the other apertures in which all tables measured, where they agree on the declared one; else none."""
    declared = {each.observation.aperture_fwhm for each in tables}
    if len(declared) != 1 or None in declared:
        return []
    first, *others = tables
    return [way for way in first.ways if way != PSF and all(way in each.ways for each in others)]


def best_way(
    tables: Sequence[StarTable],
    places: tuple[Floats, Floats],
    known: tuple[Floats, Floats],
    within_arcsec: float,
) -> WaySearch:
    """Return in which aperture a point of the target has the least error.

    places: right ascensions and declinations of the target, the check star and those compared with, degrees. known:
    magnitudes and errors of these last. Of the target counts how bright it is, not how it scatters: its error is that
    of its photons, of the zero points, and what comparison stars scatter by beside their photons; so what it does
    itself, such as a minimum, chooses nothing. A narrow aperture loses more of a wide star: where the share differs
    from star to star, beside the widest aperture, that counts as well, for no scatter over a night shows it.
    """
    ways = common_ways(tables)
    if not ways:
        return WaySearch("", (), "its frames were measured in one aperture alone")
    if len(tables) < FEWEST_FRAMES or len(known[0]) < FEWEST_STARS:
        few = f"{len(tables)} frames and {len(known[0])} comparison stars tell too little of how they scatter"
        return WaySearch("", (), few)
    declared = tables[0].observation.aperture_fwhm or 0.0
    light = {way: same_stars([each.by(way) for each in tables], *places, within_arcsec) for way in ("", *ways)}
    radii = {way: float(way or declared) for way in light}
    shown = [way for way in sorted(light, key=lambda each: radii[each]) if not way or _shows(light[way], light[""])]
    tried = {way: _tried(radii[way], light[way], light[shown[-1]], known) for way in shown}
    best = min(tried, key=lambda way: tried[way].error)
    taken = best if best and tried[best].serves(tried[""]) else ""
    return WaySearch(taken, tuple(tried.values()), declared=declared)


def _shows(light: SameStars, declared: SameStars) -> bool:
    """Whether an aperture shows target, check and comparison stars whole and alone as often as the declared one."""

    def whole(each: SameStars, flags: int) -> int:
        return int((np.isfinite(each.flux[:, 0]) & (each.flags[:, 0] & flags == 0)).sum())

    as_often = all(whole(light, each) >= whole(declared, each) for each in (int(LOSING), int(LOSING | Flag.BLENDED)))
    return as_often and bool((light.usable[:, 1:].sum(axis=0) >= AS_MANY * declared.usable[:, 1:].sum(axis=0)).all())


def _tried(radius: float, light: SameStars, widest: SameStars, known: tuple[Floats, Floats]) -> Tried:
    stars = light.only(slice(2, None))
    points = zero_points(stars.magnitude, stars.error, stars.usable, *known)
    photons = PER_SHARE * light.flux_error[:, 0] / max(float(np.nanmedian(light.flux[:, 0])), 1e-9)
    apart = _field(light, widest)
    error = float(np.nanmedian(np.sqrt(photons**2 + points.error**2 + points.beyond**2 + apart**2)))
    seen = light.usable[:, 1] & np.isfinite(points.value)
    check = light.magnitude[seen, 1] + points.value[seen]
    scatter = float(check.std(ddof=1)) if len(check) > 1 else float("nan")
    return Tried(radius, error, apart, scatter, _unsure(points, error))


def _unsure(points: ZeroPoints, error: float) -> float:
    """Return one standard deviation of a point's error, as a share of it.

    Photons are known; what stars scatter by beside them, and zero points by that, is told by the median of what is left
    of each star in each frame when offset and zero point took theirs. Source: such a scatter of n points errs by
    1.17 / sqrt(n).
    """
    frames, stars = points.counted.shape
    left = max(1, int(points.counted.sum()) - frames - stars + 1)
    shared = points.beyond**2 + float(np.nanmedian(points.error)) ** 2
    return min(1.0, shared / error**2) * MEDIAN_ERRS / float(np.sqrt(left))


def _field(light: SameStars, widest: SameStars) -> float:
    """Return by how much an aperture's share of the light differs from star to star, mag, beside the widest one.

    What lies in one aperture and not in another within it scatters by the difference of their variances.
    """
    seen = light.usable & widest.usable
    seen[:, 0] = False
    often = np.asarray(seen.sum(axis=0) >= FEWEST_FRAMES)
    if light is widest or often.sum() < FEWEST_STARS:
        return 0.0
    beside = np.where(seen, light.magnitude - widest.magnitude, np.nan)[:, often]
    variance = np.where(seen, np.abs(widest.error**2 - light.error**2), np.nan)[:, often]
    share = np.nanmean(beside, axis=0)
    told = np.sqrt(np.nanmean(variance, axis=0) / seen[:, often].sum(axis=0))
    return beyond_photons(share - np.median(share), lambda more: np.hypot(told, more))
