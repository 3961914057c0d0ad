"""Magnitudes of a target against an ensemble of declared comparison stars, and what its check star says of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.reduce.star_table import FAINTEST, Flag, StarTable
from obsy.engine.science.best_way import WaySearch
from obsy.engine.science.beyond_photons import beyond_photons
from obsy.engine.science.check_star import VARIES_MAG, VARIES_SIGMA, CheckResult, checked, frames_off
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC, Compared, candidates, compare, known_magnitude
from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.same_stars import Floats, Mask, SameStars, beside_arcsec, same_stars
from obsy.engine.science.zero_points import FEWEST, ZeroPoints
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonTable

MISPLACED_ARCSEC = 2.0
"""So far from its place the target's aperture may miss some of its light."""

UNCHECKED = 0.1
"""The share of a night's points without a check star from which on it is told."""
PAIR_VARIES_MAG = 0.1
"""With two stars that scatter by more, and by more than so many sigmas as vary, nothing is compared."""


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
    beyond: float
    """By how much stars scatter beside their photons, mag: a share of each error."""
    contradiction: str
    """Why the comparison stars say nothing; empty where they agree."""
    search: WaySearch | None = None
    """Which apertures were tried; None where none was."""

    @property
    def refusal(self) -> str:
        """Why nothing may be reported; empty where something may."""
        return self.contradiction or self.check.refusal

    @property
    def mean(self) -> tuple[float, float]:
        """The mean magnitude of the points where it was seen, and its error, to which the catalogue adds once."""
        seen = self.curve.seen
        if not seen.any():
            return float("nan"), float("nan")
        own = self.curve.error[seen] ** 2 - self.common_error**2
        return float(self.curve.magnitude[seen].mean()), float(np.sqrt(own.mean() / seen.sum() + self.common_error**2))

    @property
    def scatter(self) -> float:
        """Standard deviation of the points where it was seen, mag; NaN of fewer than two."""
        seen = self.curve.seen
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
    stars, left_out = candidates(declared, band, target, variables)
    light = same_stars(tables, *_places([target, *((star.ra, star.dec) for star in stars)]), WITHIN_ARCSEC)
    found = compare(light.only(slice(2, None)), stars[1:], band)
    beyond = found.points.beyond if len(found.names) > 1 else _beyond_of(light.only(slice(1, 2)), found.points)
    curve, spoilt = _curve(tables, light, found.points, beyond)
    known, common = known_magnitude(stars[0], band), found.points.common_error
    varies = "is a known variable" if declared.check in variables else ""
    varies = checked(declared.check, known, curve, common, varies).varies
    why = f"the check star {declared.check} is not as in the others: clouds, or a bad frame"
    curve, off = _without(curve, [(why, frames_off(curve))])
    check = checked(declared.check, known, curve, common, varies)
    doubts = _doubts(found, light, curve, beyond)
    varies = "" if check.refusal else _pair_varies(found, light, declared.check, beyond)
    if (away := beside_arcsec(tables, target, WITHIN_ARCSEC)) > MISPLACED_ARCSEC:
        doubts.append(f"the target's light was summed {away:.1f} arcsec from its place: some of it may be lost")
    left = (*left_out, *found.left_out, *spoilt, *off)
    return EnsembleResult(curve, check, found.names, left, tuple(doubts), common, beyond, found.contradiction or varies)


def _time(table: StarTable) -> float:
    return table.observation.jd_utc or 0.0


def _places(places: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    ra, dec = np.array(places, dtype=float).T
    return ra, dec


def _beyond_of(check: SameStars, found: ZeroPoints) -> float:
    """Return by how much the check star scatters beside its photons and the zero points, mag: one star alone cannot."""
    seen = check.usable[:, 0] & np.isfinite(found.value)
    points = check.magnitude[seen, 0] + found.value[seen]
    if len(points) < FEWEST:
        return 0.0
    told = np.hypot(check.error[seen, 0], found.error[seen])
    return beyond_photons(points - np.median(points), lambda beside: np.hypot(told, beside))


def _pair_varies(found: Compared, light: SameStars, check: str, beyond: float) -> str:
    """Return why two stars, or one and the check star, say nothing: they scatter too much; '' of more, or of less.

    light: of the target, the check star and those compared with.
    """
    names = found.names
    if len(names) >= FEWEST or beyond <= PAIR_VARIES_MAG:
        return ""
    is_measured = np.column_stack([light.usable[:, 1], found.points.counted])
    photons = float(np.sqrt(np.mean(light.error[:, 1:][is_measured] ** 2)))
    if beyond <= VARIES_SIGMA * photons:
        return ""
    return (
        f"{' and '.join((*names, check)[:2])} scatter by {beyond:.2f} mag against each other: one of them varies, or "
        "clouds passed, and of two stars nobody can tell: declare more"
    )


def _curve(
    tables: Sequence[StarTable], light: SameStars, found: ZeroPoints, beyond: float
) -> tuple[LightCurve, list[str]]:
    """Return the target's points, and why some frames have none; beyond: a share of each error, mag."""
    flux, error, flags = light.flux[:, 0], light.flux_error[:, 0], light.flags[:, 0]
    is_faint = (flags & int(Flag.FAINT) != 0) | (flux < FAINTEST * error)
    with np.errstate(invalid="ignore", divide="ignore"):
        limit = -2.5 * np.log10(FAINTEST * error)
    instrumental = np.where(is_faint, limit, light.magnitude[:, 0])
    errors = np.hypot(light.error, np.hypot(found.error, beyond)[:, None])
    about = [table.observation for table in tables]
    curve = LightCurve(
        jd_utc=_column(each.jd_utc for each in about),
        hjd_utc=_column(each.hjd_utc for each in about),
        bjd_tdb=_column(each.bjd_tdb for each in about),
        magnitude=instrumental + found.value,
        error=np.where(is_faint, np.nan, np.hypot(errors[:, 0], found.common_error)),
        is_limit=np.asarray(is_faint),
        instrumental=instrumental,
        airmass=_column(each.airmass for each in about),
        zero_point=found.value,
        transformation=np.full(len(tables), np.nan),
        group=np.full(len(tables), np.nan),
        check=np.where(light.usable[:, 1], light.magnitude[:, 1] + found.value, np.nan),
        check_error=errors[:, 1],
        check_instrumental=light.magnitude[:, 1],
        compared_with=found.counted.sum(axis=1).astype(float),
        exposure_s=_column(each.exposure_s for each in about),
        of_frames=np.ones(len(tables)),
        frame=tuple(each.frame for each in about),
    )
    why = (
        ("the target is saturated: take shorter exposures", flags & int(Flag.SATURATED) != 0),
        ("the target lies at the edge or on a pixel without a value", flags & int(Flag.EDGE | Flag.HOLE) != 0),
        ("no comparison star is seen: clouds, or another field", np.asarray(~light.usable[:, 2:].any(axis=1))),
        ("its comparison stars differ from their own means: clouds, or a bad frame", ~np.isfinite(found.value)),
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


def _doubts(compared: Compared, light: SameStars, curve: LightCurve, beyond: float) -> list[str]:
    told, many = [], len(compared.names)
    if many < FEWEST:
        told.append(f"{many} comparison star{'s' if many > 1 else ''}: none could be told to vary")
    checked_in = int(np.isfinite(curve.check).sum())
    is_once = np.isfinite(compared.points.residual).sum(axis=0).max() <= 1
    if len(curve) and (is_once if many > 1 else checked_in < FEWEST):
        told.append("too few frames tell what stars scatter by beside their photons: it is in no error")
    if beyond > VARIES_MAG:
        told.append(f"stars scatter by {beyond:.3f} mag more than their photons: in each error; see flats, focus, haze")
    if 0 < checked_in <= len(curve) * (1 - UNCHECKED):
        told.append(
            f"the check star is seen whole in {checked_in} of {len(curve)} frames: of the others it says nothing"
        )
    if (blended := int((light.flags[:, 0] & int(Flag.BLENDED) != 0).sum())) > 0:
        told.append(f"in {blended} frame{'s' * (blended > 1)} a neighbour's light lies in the target's aperture")
    lost = float(np.ptp(curve.zero_point)) if len(curve) else 0.0
    if lost > 1:
        told.append(f"the zero point moved by {lost:.1f} mag: clouds, or dew")
    return told
