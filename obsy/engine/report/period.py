"""What a search for a star's period says: in words, and for a machine."""

from collections.abc import Iterator, Sequence
from math import floor, isfinite, log10
from typing import Any

from obsy.engine.science.period.extremes import Extreme
from obsy.engine.science.period.found import PeriodFound, alias
from obsy.engine.science.period.periodogram import PeriodRule

RULES = {PeriodRule.WAVE: "Lomb-Scargle", PeriodRule.DISPERSION: "dispersion", PeriodRule.BOX: "box"}
NEWEST = 8
"""Of the times are told in words."""
MANY = 3
"""Of a turn: fewer are told as a doubt."""
LEAST_CHANCE = 1e-9
"""What is less is not told to a digit."""
_MINUTES = 1440


def facts(found: PeriodFound, times: Sequence[Extreme]) -> Iterator[str]:
    """Yield what was found, a line each; times: in order."""
    fit = found.best
    error = f" +- {fit.period_error:.1g}" if isfinite(fit.period_error) else ""
    yield f"    period       {fit.period:.{_places(fit.period_error)}f}{error} d ({fit.period * 24:.5g} h)"
    low, high = fit.range
    yield f"    light        {low:.3f} to {high:.3f} mag; {fit.words}, which leaves {fit.scatter:.3f} mag"
    for each in found.periodograms:
        peak = each.peaks(1)[0]
        yield f"    {RULES[each.rule]:<12} {peak:.6g} d{_named(peak, found)}"
    yield f"    chance       {_chance(found.chance)}, if it were noise and zero points that differ from night to night"
    yield from (
        f"    or           {each.period:.6g} d{_named(each.period, found)}: the points do not exclude it"
        for each in found.others
    )
    yield from (
        f"    {'minimum' if each.is_minimum else 'maximum':<12} {each.bjd_tdb:.5f} +- {each.error:.5f} BJD_TDB, "
        f"turn {each.turn}, O-C {each.late_d * _MINUTES:+.1f} min"
        for each in times[-NEWEST:]
    )
    if len(times) > NEWEST:
        yield f"    {'':<12} and {len(times) - NEWEST} earlier ones: --json"
    yield from (f"    doubt        {each}" for each in doubts(found))


def doubts(found: PeriodFound) -> Iterator[str]:
    """Yield why the period may be none."""
    if not found.is_sure:
        yield "noise, or zero points that differ from night to night, may show such a period: take more nights"
    if found.turns < MANY:
        yield f"the points span {found.turns:.1f} turns only: what is seen once or twice need not come again"
    frequency, best = found.periodograms[0].frequency, 1 / found.best.period
    step = float(frequency[1] - frequency[0])
    if not frequency[0] + step < best < frequency[-1] - step:
        yield "it lies at the edge of what was tried: try others, --from and --to"


def shape(found: PeriodFound, times: Sequence[Extreme]) -> dict[str, Any]:
    """Return all of it for a machine."""
    fit, points = found.best, found.series
    return {
        "points": len(points),
        "first_bjd_tdb": float(points.bjd_tdb[0]),
        "last_bjd_tdb": float(points.bjd_tdb[-1]),
        "period_d": fit.period,
        "period_error_d": fit.period_error if isfinite(fit.period_error) else None,
        "minimum_bjd_tdb": fit.epoch + fit.extremes[1] * fit.period,
        "maximum_bjd_tdb": fit.epoch + fit.extremes[0] * fit.period,
        "brightest_mag": fit.range[0],
        "faintest_mag": fit.range[1],
        "shape": fit.words,
        "chance": found.chance,
        "scatter_mag": fit.scatter,
        "rules": [{"rule": str(each.rule), "period_d": each.peaks(1)[0]} for each in found.periodograms],
        "others": [
            {"period_d": each.period, "is": alias(each.period, fit.period, points.span_d)} for each in found.others
        ],
        "times": [
            {
                "light": "minimum" if each.is_minimum else "maximum",
                "turn": each.turn,
                "bjd_tdb": each.bjd_tdb,
                "error_d": each.error,
                "late_d": each.late_d,
                "points": each.points,
            }
            for each in times
        ],
        "doubts": list(doubts(found)),
    }


def _named(period: float, found: PeriodFound) -> str:
    said = alias(period, found.best.period, found.series.span_d)
    return f" ({said})" if said else ""


def _chance(chance: float) -> str:
    return f"{chance:.1g}" if chance >= LEAST_CHANCE else f"below {LEAST_CHANCE:g}"


def _places(error: float) -> int:
    return min(max(1 - floor(log10(error)), 3), 9) if isfinite(error) and error > 0 else 5
