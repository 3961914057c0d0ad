"""Magnitudes of a target against an ensemble of declared comparison stars, and what its check star says of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from obsy.engine.reduce.star_table import FAINTEST, Flag, StarTable
from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.same_stars import Floats, Mask, SameStars, beside_arcsec, same_stars
from obsy.engine.science.zero_points import FEWEST, ZeroPoints, zero_points
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonStar, ComparisonTable, KnownMagnitude

WITHIN_ARCSEC = 5.0
"""So near to its declared place a star is itself: catalogues' epochs differ, and a pixel may be 4 arcsec."""
UNSAID_ERROR = 0.05
"""Of a catalogue's magnitude without an error, mag."""
LEAST_ERROR = 0.002
"""No catalogue is better than this."""
VARIES_SIGMA, VARIES_MAG = 3.0, 0.015
"""A star that scatters over the night by more than so many times its errors, and by more than so much, varies."""
CONTRADICTS_SIGMA, CONTRADICTS_MAG = 5.0, 0.15
"""A star that differs from the others by so much over the night is not what the catalogue says."""
DEVIATES_SIGMA, DEVIATES_MAG = 3.0, 0.05
"""A check star that differs by more than both from its catalogue refuses the report."""
MISPLACED_ARCSEC = 2.0
"""So far from its place the target's aperture may miss some of its light."""
_UNSEEN = "in no frame whole, alone and bright enough"
FRAME_SIGMA = 4.0
"""A frame in which the check star differs by more, and by more than DEVIATES_MAG, from its own mean is left out."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The check star over a night."""

    name: str
    known: float
    """By its catalogue, mag."""
    known_error: float
    measured: float
    """Weighted mean, mag; NaN where it was never seen whole."""
    error: float
    """Of the mean, with what the ensemble's catalogue leaves uncertain."""
    scatter: float
    """Standard deviation of its points, mag."""

    @property
    def deviation(self) -> float:
        """Measured less known, mag."""
        return self.measured - self.known

    @property
    def refusal(self) -> str:
        """Why nothing may be reported; empty where it comes out as it should."""
        if not np.isfinite(self.measured):
            return f"the check star {self.name} was not seen whole in any frame: name another by 'check'"
        allowed = max(DEVIATES_MAG, DEVIATES_SIGMA * float(np.hypot(self.error, self.known_error)))
        if abs(self.deviation) <= allowed:
            return ""
        return (
            f"the check star {self.name} is {self.deviation:+.3f} mag from its catalogue, more than {allowed:.3f}: "
            "see whether filter, comparison stars and the place of each are right"
        )


@dataclass(frozen=True, slots=True, eq=False)
class EnsembleResult:
    """What a night says of its target in one filter."""

    curve: LightCurve
    check: CheckResult
    compared: tuple[str, ...]
    """The comparison stars that count."""
    left_out: tuple[str, ...]
    """Stars and frames that do not, and why."""
    doubts: tuple[str, ...]
    common_error: float
    """Of the zero point in all frames alike, by the catalogue, mag."""

    @property
    def mean(self) -> tuple[float, float]:
        """The mean magnitude of the points where it was seen, and its error, to which the catalogue adds once."""
        seen = ~self.curve.is_limit
        if not seen.any():
            return float("nan"), float("nan")
        own = self.curve.error[seen] ** 2 - self.common_error**2
        return float(self.curve.magnitude[seen].mean()), float(np.sqrt(own.mean() / seen.sum() + self.common_error**2))

    @property
    def scatter(self) -> float:
        """Standard deviation of the points where it was seen, mag; NaN of fewer than two."""
        seen = ~self.curve.is_limit
        return float(self.curve.magnitude[seen].std(ddof=1)) if seen.sum() > 1 else float("nan")


def ensemble(
    tables: Sequence[StarTable],
    declared: ComparisonTable,
    band: Band,
    target: tuple[float, float],
    variables: Sequence[str] = (),
) -> EnsembleResult:
    """Return the target's magnitudes in one band, by the comparison stars that are declared.

    target: right ascension and declination, degrees, ICRS. variables: names of the comparison stars that vary.
    Raises UserError, with the cure, if nothing can be compared: no frames, no star with that band or in the frames.
    """
    tables = sorted((each for each in tables if each.observation.jd_utc is not None), key=_time)
    if not tables:
        raise UserError("no frame has a table of stars with a time: process the night with the pipeline 'photometry'")
    stars, left_out = _candidates(declared, band, variables)
    light = same_stars(tables, *_places([target, *((star.ra, star.dec) for star in stars)]), WITHIN_ARCSEC)
    found, compared, varying = _solved(light, stars, band)
    left_out += varying
    curve, spoilt = _curve(tables, light, found)
    known = _known(stars[0], band)
    check = _checked(declared.check, curve, known, found.common_error)
    curve, off = _agreeing(curve, check)
    doubts = _doubts(compared, light, curve)
    if (away := beside_arcsec(tables, target, WITHIN_ARCSEC)) > MISPLACED_ARCSEC:
        doubts.append(f"the target's light was summed {away:.1f} arcsec from its place: some of it may be lost")
    again = _checked(declared.check, curve, known, found.common_error)
    return EnsembleResult(
        curve, again, tuple(compared), tuple([*left_out, *spoilt, *off]), tuple(doubts), found.common_error
    )


def _time(table: StarTable) -> float:
    return table.observation.jd_utc or 0.0


def _places(places: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    ra, dec = np.array(places, dtype=float).T
    return ra, dec


def _known(star: ComparisonStar, band: Band) -> KnownMagnitude:
    said = star.magnitudes[band]
    return KnownMagnitude(said.value, UNSAID_ERROR if said.error is None else max(said.error, LEAST_ERROR))


def _candidates(
    declared: ComparisonTable, band: Band, variables: Sequence[str]
) -> tuple[list[ComparisonStar], list[str]]:
    """Return the check star, then those that may be compared with; and why others may not."""
    check = declared.check_star
    bands = sorted({each for star in declared.stars for each in star.magnitudes})
    if band not in check.magnitudes:
        raise UserError(
            f"the check star {check.name} of comparison '{declared.name}' has no magnitude in '{band}': "
            f"name one that has as 'check', or take another chart; its stars have {', '.join(bands)}"
        )
    kept, left = [check], []
    for star in (each for each in declared.stars if each.name != check.name):
        if star.name in variables:
            left.append(f"{star.name}: it is a known variable")
        elif band not in star.magnitudes:
            left.append(f"{star.name}: its magnitude in {band} is not known")
        else:
            kept.append(star)
    if len(kept) == 1:
        raise UserError(
            f"no star of comparison '{declared.name}' is left to compare with in '{band}' "
            f"({'; '.join(left) or 'it has the check star alone'}): take a chart with that filter, or a wider field"
        )
    return kept, left


def _solved(light: SameStars, stars: list[ComparisonStar], band: Band) -> tuple[ZeroPoints, list[str], list[str]]:
    """Return the zero points, the stars that they rest on, and why others do not: the worst is left out each time."""
    usable, left = light.usable[:, 2:].copy(), []
    names = [star.name for star in stars[1:]]
    saturated = (light.flags[:, 2:] & int(Flag.SATURATED) != 0).any(axis=0)
    unseen = ~usable.any(axis=0)
    for why, which in (("saturated", unseen & saturated), (_UNSEEN, unseen & ~saturated)):
        if which.any():
            left.append(f"{', '.join(np.array(names)[which])}: {why}")
    if unseen.all():
        raise UserError(
            f"no comparison star can be measured ({'; '.join(left)}): take a shorter or longer exposure, or other stars"
        )
    known = np.array([_known(star, band) for star in stars[1:]], dtype=float)
    magnitude, error = light.magnitude[:, 2:], light.error[:, 2:]
    while True:
        found = zero_points(magnitude, error, usable, known[:, 0], known[:, 1])
        used = np.flatnonzero(found.counted.any(axis=0))
        worst, why = _worst(found, error, known[:, 1])
        if worst is None or len(used) <= FEWEST - 1:
            return found, [names[each] for each in used], left
        left.append(f"{names[worst]}: {why}")
        usable[:, worst] = False


def _worst(found: ZeroPoints, error: Floats, known_error: Floats) -> tuple[int | None, str]:
    """Return which star contradicts the others most, and how; None if none does."""
    seen = np.isfinite(found.residual)
    many = seen.sum(axis=0)
    scatter = np.sqrt(np.where(seen, found.residual**2, 0.0).sum(axis=0) / np.maximum(many - 1, 1))
    photons = np.sqrt(np.where(seen, error**2, 0.0).sum(axis=0) / np.maximum(many, 1))
    varies = np.where((many >= FEWEST) & (scatter > VARIES_MAG), scatter / np.hypot(photons, 0.003), 0.0)
    offset = np.abs(found.offset)
    differs = np.where((many > 0) & (offset > CONTRADICTS_MAG), offset / known_error, 0.0)
    if varies.max(initial=0.0) > VARIES_SIGMA:
        star = int(np.argmax(varies))
        return star, f"it varies, by {scatter[star]:.3f} mag where {photons[star]:.3f} is expected"
    if differs.max(initial=0.0) > CONTRADICTS_SIGMA:
        star = int(np.argmax(differs))
        return star, f"it is {-found.offset[star]:+.2f} mag from its catalogue, by the others"
    return None, ""


def _curve(tables: Sequence[StarTable], light: SameStars, found: ZeroPoints) -> tuple[LightCurve, list[str]]:
    """Return the target's points, and why some frames have none."""
    flux, error, flags = light.flux[:, 0], light.flux_error[:, 0], light.flags[:, 0]
    is_faint = (flags & int(Flag.FAINT) != 0) | (flux < FAINTEST * error)
    with np.errstate(invalid="ignore", divide="ignore"):
        limit = -2.5 * np.log10(FAINTEST * error)
    instrumental = np.where(is_faint, limit, light.magnitude[:, 0])
    own = np.hypot(np.hypot(light.error[:, 0], found.error), found.common_error)
    about = [table.observation for table in tables]
    curve = LightCurve(
        jd_utc=_column(each.jd_utc for each in about),
        hjd_utc=_column(each.hjd_utc for each in about),
        bjd_tdb=_column(each.bjd_tdb for each in about),
        magnitude=instrumental + found.value,
        error=np.where(is_faint, np.nan, own),
        is_limit=np.asarray(is_faint),
        instrumental=instrumental,
        airmass=_column(each.airmass for each in about),
        zero_point=found.value,
        check=np.where(light.usable[:, 1], light.magnitude[:, 1] + found.value, np.nan),
        check_error=np.hypot(light.error[:, 1], found.error),
        check_instrumental=light.magnitude[:, 1],
        compared_with=found.counted.sum(axis=1).astype(float),
        exposure_s=_column(each.exposure_s for each in about),
        frame=tuple(each.frame for each in about),
    )
    why = (
        ("the target is saturated: take shorter exposures", flags & int(Flag.SATURATED) != 0),
        ("the target lies at the edge or on a pixel without a value", flags & int(Flag.EDGE | Flag.HOLE) != 0),
        ("no comparison star is seen: clouds, or another field", ~np.isfinite(found.value)),
        ("the target's place is not in its table: see the plan's target and the frame's solution", ~np.isfinite(error)),
    )
    return _without(curve, why)


def _without(curve: LightCurve, why: Sequence[tuple[str, Mask]]) -> tuple[LightCurve, list[str]]:
    left, told = np.zeros(len(curve), dtype=bool), []
    for words, which in why:
        if many := int((which & ~left).sum()):
            told.append(f"{many} of {len(curve)} frames: {words}")
        left |= which
    left |= ~np.isfinite(curve.magnitude)
    return curve.only(~left), told


def _column(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if each is None else each for each in values], dtype=np.float64)


def _checked(name: str, curve: LightCurve, known: KnownMagnitude, common_error: float) -> CheckResult:
    """Return the check star's weighted mean over the frames; its error is at least that of its scatter."""
    seen = np.isfinite(curve.check) & (curve.check_error > 0)
    nothing = CheckResult(name, known.value, known.error or UNSAID_ERROR, float("nan"), float("nan"), float("nan"))
    if not seen.any():
        return nothing
    weight, many = 1 / curve.check_error[seen] ** 2, int(seen.sum())
    mean = float(np.sum(weight * curve.check[seen]) / weight.sum())
    scatter = float(curve.check[seen].std(ddof=1)) if many > 1 else float("nan")
    own = max(1 / np.sqrt(weight.sum()), (scatter if many > 1 else 0.0) / np.sqrt(many))
    return replace(nothing, measured=mean, error=float(np.hypot(own, common_error)), scatter=scatter)


def _agreeing(curve: LightCurve, check: CheckResult) -> tuple[LightCurve, list[str]]:
    """Return the points of frames in which the check star is as in the others."""
    seen = np.isfinite(curve.check)
    if not seen.any():
        return curve, []
    away = np.abs(curve.check - np.nanmedian(curve.check))
    off = seen & (away > np.maximum(DEVIATES_MAG, FRAME_SIGMA * curve.check_error))
    return _without(curve, [(f"the check star {check.name} is not as in the others: clouds, or a bad frame", off)])


def _doubts(compared: list[str], light: SameStars, curve: LightCurve) -> list[str]:
    told = []
    if len(compared) < FEWEST:
        told.append(f"{len(compared)} comparison star{'s' if len(compared) > 1 else ''}: none could be told to vary")
    if (many := int((light.flags[:, 0] & int(Flag.BLENDED) != 0).sum())) > 0:
        told.append(f"in {many} frames a neighbour's light lies in the target's aperture")
    zero = curve.zero_point
    if len(zero) > 1 and (lost := float(zero.max() - zero.min())) > 1:
        told.append(f"the zero point moved by {lost:.1f} mag: clouds, or dew")
    return told
