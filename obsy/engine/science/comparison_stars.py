"""Which declared stars a night is compared with, and why others do not count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.check_star import VARIES_MAG, VARIES_SIGMA
from obsy.engine.science.same_stars import Floats, Mask, SameStars
from obsy.engine.science.zero_points import FEWEST, FLOOR_MAG, ZeroPoints, medians, zero_points
from obsy.engine.separation import separation_deg
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonStar, ComparisonTable, KnownMagnitude

WITHIN_ARCSEC = 5.0
"""So near to its declared place a star is itself: catalogues' epochs differ, and a pixel may be 4 arcsec."""
UNSAID_ERROR = 0.05
"""Of a catalogue's magnitude without an error, mag."""
LEAST_ERROR = 0.002
"""No catalogue is better than this."""
CONTRADICTS_SIGMA, CONTRADICTS_MAG = 5.0, 0.15
"""A star that differs from the others by so much over the night is not what the catalogue says."""
TRIED = 8
"""Stars that are left out in turn, those first that scatter most: more would take a crowded field minutes."""
_PAIR = 2
"""Of so few nobody can tell which is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What a night's zero points rest on."""

    points: ZeroPoints
    names: tuple[str, ...]
    """The stars that count."""
    left_out: tuple[str, ...]
    """Those that do not, and why."""
    contradiction: str
    """Why the two that are left say nothing; empty where they agree, or are more."""


def known_magnitude(star: ComparisonStar, band: Band) -> KnownMagnitude:
    """Return what a catalogue says, with an error."""
    said = star.magnitudes[band]
    return KnownMagnitude(said.value, UNSAID_ERROR if said.error is None else max(said.error, LEAST_ERROR))


def candidates(
    declared: ComparisonTable, band: Band, target: tuple[float, float], variables: Sequence[str]
) -> tuple[list[ComparisonStar], list[str]]:
    """Return the check star, then those that may be compared with; and why others may not.

    target: degrees. variables: names of stars that are known to vary.
    Raises UserError, with the cure, if there is nothing to check by, or to compare with.
    """
    check = _check_star(declared, band, target)
    kept, left = [check], []
    for star in (each for each in declared.stars if each.name != check.name):
        place = star.ra, star.dec
        beside = ((each.name, separation_deg(place, (each.ra, each.dec)) * 3600) for each in kept)
        near = [(name, away) for name, away in beside if away <= WITHIN_ARCSEC]
        if star.name in variables:
            left.append(f"{star.name}: it is a known variable")
        elif band not in star.magnitudes:
            left.append(f"{star.name}: its magnitude in {band} is not known")
        elif separation_deg(place, target) * 3600 <= WITHIN_ARCSEC:
            left.append(f"{star.name}: it is the target, by its place")
        elif near:
            left.append(
                f"{star.name}: it lies {near[0][1]:.1f} arcsec from {near[0][0]}, whose light would count twice"
            )
        else:
            kept.append(star)
    if len(kept) == 1:
        raise UserError(
            f"no star of comparison '{declared.name}' is left to compare with in '{band}' "
            f"({'; '.join(left) or 'it has the check star alone'}): take a chart with that filter, or a wider field"
        )
    return kept, left


def _check_star(declared: ComparisonTable, band: Band, target: tuple[float, float]) -> ComparisonStar:
    check = declared.check_star
    bands = sorted({each for star in declared.stars for each in star.magnitudes})
    if band not in check.magnitudes:
        raise UserError(
            f"the check star {check.name} of comparison '{declared.name}' has no magnitude in '{band}': "
            f"name one that has as 'check', or take another chart; its stars have {', '.join(bands)}"
        )
    if separation_deg((check.ra, check.dec), target) * 3600 <= WITHIN_ARCSEC:
        raise UserError(
            f"the check star {check.name} of comparison '{declared.name}' lies at the target's place, "
            "and a star checks nothing of itself: name another as 'check'"
        )
    return check


def compare(light: SameStars, stars: Sequence[ComparisonStar], band: Band) -> Compared:
    """Return the zero points by the stars that agree; of those that do not the worst is left out, one after the other.

    light: of these stars, in their order. Raises UserError if none of them can be measured.
    """
    usable, left = light.usable.copy(), _unseen(light, stars)
    known = np.array([known_magnitude(star, band) for star in stars], dtype=float)
    names = [star.name for star in stars]

    def solved(which: Mask) -> ZeroPoints:
        return zero_points(light.magnitude, light.error, which, known[:, 0], known[:, 1])

    found = solved(usable)
    while usable.any(axis=0).sum() > _PAIR:
        worst, why = _most_varying(found, light, usable, solved)
        if not why:
            worst, why = _contradicting(found, known[:, 1])
        if not why:
            break
        usable[:, worst] = False
        found = solved(usable)
        left.append(f"{names[worst]}: {why}")
    counts = np.asarray(found.counted.any(axis=0))
    left += [
        f"{names[at]}: it agrees with the others in no frame" for at in np.flatnonzero(usable.any(axis=0) & ~counts)
    ]
    used = [name for name, is_used in zip(names, counts, strict=True) if is_used]
    why = _contradicting(found, known[:, 1])[1] if len(used) == _PAIR else ""
    return Compared(found, tuple(used), tuple(left), _pair_apart(used, found) if why else "")


def _unseen(light: SameStars, stars: Sequence[ComparisonStar]) -> list[str]:
    """Return which stars are usable in no frame, and why; raises UserError if all are."""
    names = np.array([star.name for star in stars])
    unseen, absent = ~light.usable.any(axis=0), ~light.is_there.any(axis=0)
    saturated = (light.flags & int(Flag.SATURATED) != 0).any(axis=0)
    reasons = (
        ("at their places no frame has a star: outside of it, fainter than what is found, or misplaced", absent),
        ("saturated", unseen & saturated),
        ("in no frame whole, alone and bright enough", unseen & ~saturated & ~absent),
    )
    left = [f"{', '.join(names[which])}: {why}" for why, which in reasons if which.any()]
    if absent.all():
        raise UserError(
            f"no frame has a comparison star ({'; '.join(left)}): see whether the plan points at the stars' field, "
            "and whether their places are right"
        )
    if unseen.all():
        raise UserError(
            f"no comparison star can be measured ({'; '.join(left)}): take a shorter or longer exposure, or other stars"
        )
    return left


def _most_varying(
    found: ZeroPoints, light: SameStars, usable: Mask, solved: Callable[[Mask], ZeroPoints]
) -> tuple[int, str]:
    """Return which star varies most for what is expected of it, and by how much; '' if none does.

    solved: the zero points by the stars of a mask. A star is measured by the others alone: what it does to them hides
    neither itself nor, where all scatter beside their photons, a fainter one.
    """
    worst, most, why = 0, 0.0, ""
    for star in _suspects(found, light.error):
        others = usable.copy()
        others[:, star] = False
        scatter, expected = _scatter(solved(others), star, light, usable[:, star])
        if scatter > max(VARIES_MAG, VARIES_SIGMA * expected, most * expected):
            worst, most = star, scatter / expected
            why = f"it varies, by {scatter:.3f} mag where {expected:.3f} is expected"
    return worst, why


def _suspects(found: ZeroPoints, error: Floats) -> list[int]:
    """Return the stars that scatter most for their errors about the medians of frames, that first; no more than tried.

    error: of photons, (frames, stars), mag.
    """
    away = found.residual - medians(found.residual)[:, None]
    variance = np.where(np.isfinite(away), error**2 + max(FLOOR_MAG, found.beyond) ** 2, 0.0)
    with np.errstate(invalid="ignore"):
        most = np.nansum(away**2, axis=0) / variance.sum(axis=0)
    return [int(star) for star in np.argsort(-most)[:TRIED]]


def _scatter(found: ZeroPoints, star: int, light: SameStars, seen: Mask) -> tuple[float, float]:
    """Return a star's scatter against others, and what is expected of it, mag; NaN where too few frames tell.

    found: the zero points without it. seen: the frames in which it is usable.
    """
    seen = seen & np.isfinite(found.value)
    if seen.sum() < FEWEST:
        return np.nan, np.nan
    scatter = np.std(light.magnitude[seen, star] + found.value[seen], ddof=1)
    variance = light.error[seen, star] ** 2 + found.error[seen] ** 2 + max(FLOOR_MAG, found.beyond) ** 2
    return float(scatter), float(np.sqrt(variance.mean()))


def _contradicting(found: ZeroPoints, known_error: Floats) -> tuple[int, str]:
    """Return which star contradicts the middle of the others most, and by how much; '' if none does."""
    used = np.asarray(found.counted.any(axis=0))
    if used.sum() < _PAIR:
        return 0, ""
    sigmas, apart = np.zeros(len(used)), np.zeros(len(used))
    for star in np.flatnonzero(used):
        others = used & (np.arange(len(used)) != star)
        apart[star] = found.offset[star] - np.median(found.offset[others])
        sigmas[star] = abs(apart[star]) / np.hypot(known_error[star], np.median(known_error[others]))
    wrong = (np.abs(apart) > CONTRADICTS_MAG) & (sigmas > CONTRADICTS_SIGMA)
    worst = int(np.argmax(np.where(wrong, sigmas, 0.0)))
    return worst, f"it is {-apart[worst]:+.2f} mag from its catalogue, by the others" if wrong.any() else ""


def _pair_apart(names: Sequence[str], found: ZeroPoints) -> str:
    apart = float(np.ptp(found.offset[found.counted.any(axis=0)]))
    return (
        f"{' and '.join(names)} contradict each other by {apart:.2f} mag, and of two stars nobody can tell "
        "which is wrong: declare more, or remove the one that is"
    )
