"""What part of a transit a light curve holds, when it came, and what may be said of it."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.science.transit.fit import NumberWithError, TransitFit, predicted
from obsy.engine.science.transit.model import PlanetOrbit, duration_d
from obsy.engine.science.transit.noise import usual_step
from obsy.engine.sky.transit import PARTS
from obsy.schemas.goal import BASELINE_S
from obsy.units import duration

HALF = 0.5
"""A part of which less was taken is missing."""
SEEN = 3.0
"""Depth over its error, below which there is no transit to report. Source: ExoClock's own limit."""
RED = 2.0
"""Red noise (beta) above which something slow beside the transit is in the curve."""
_GAP = 3.0
"""Frames farther apart than this many of the usual distances leave a hole between them."""


@dataclass(frozen=True, slots=True)
class TransitResult:
    """What a fitted transit says, and what it does not."""

    turn: int
    """Since the epoch."""
    predicted: NumberWithError
    """BJD_TDB, by the ephemeris."""
    late_d: NumberWithError
    """Observed less calculated, with both errors."""
    duration_d: float
    """From first to last contact, as fitted."""
    depth: NumberWithError
    """The share of the star's disc that is hidden: ratio squared."""
    coverage: dict[str, float]
    """Of each part of the transit the share that was taken, 0 to 1."""
    doubts: tuple[str, ...]
    """What is to be said with the result."""
    refusal: str = ""
    """Why nothing of it may be reported; empty if it may."""


def orbit_of(fit: TransitFit) -> PlanetOrbit:
    """Return the orbit as fitted."""
    known, values = fit.planet.orbit, fit.solution.values
    axis, tilt = values.get("axis_ratio", known.axis_ratio), values.get("inclination_deg", known.inclination_deg)
    return PlanetOrbit(known.period_d, axis, tilt, known.eccentricity, known.periastron_deg)


def result(fit: TransitFit, sides_s: tuple[float, float] = (BASELINE_S, BASELINE_S)) -> TransitResult:
    """Return what a fit says.

    sides_s: how much was to be taken before the first and after the last contact, as a plan asks, seconds.
    """
    ephemeris, (expected, turn) = fit.planet.ephemeris, predicted(fit.planet, fit.curve)
    sure = ephemeris.error_d(expected)
    late = NumberWithError(fit.middle.value - expected, float(np.hypot(fit.middle.error, sure)))
    lasts = duration_d(fit.ratio.value, orbit_of(fit)) or ephemeris.duration_h / 24
    depth = NumberWithError(fit.ratio.value**2, 2 * fit.ratio.value * fit.ratio.error)
    shares = _coverage(fit, lasts, sides_s)
    return TransitResult(
        turn,
        NumberWithError(expected, sure),
        late,
        lasts,
        depth,
        shares,
        tuple(_doubts(fit, shares, late, sides_s)),
        _refusal(shares, depth),
    )


def _coverage(fit: TransitFit, lasts_d: float, sides_s: tuple[float, float]) -> dict[str, float]:
    inner = duration_d(-fit.ratio.value, orbit_of(fit))
    first, second = fit.middle.value - lasts_d / 2, fit.middle.value - inner / 2
    third, fourth = fit.middle.value + inner / 2, fit.middle.value + lasts_d / 2
    before_d, after_d = (each / 86_400 for each in sides_s)  # from which the depth is measured
    edges = (first - before_d, first, second, third, fourth, fourth + after_d)
    times = fit.curve.bjd_tdb[~fit.is_outlier]
    hole = _GAP * usual_step(times)
    spans = [(a, b) for a, b in zip(times[:-1], times[1:], strict=True) if b - a <= hole]
    return {name: _share(spans, edges[n], edges[n + 1]) for n, name in enumerate(PARTS)}


def _share(spans: list[tuple[float, float]], start: float, end: float) -> float:
    """Return the share of a part that lies in the spans; a part without length is wholly taken."""
    if end <= start:
        return 1.0
    return min(1.0, sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans) / (end - start))


def _doubts(
    fit: TransitFit, shares: dict[str, float], late: NumberWithError, sides_s: tuple[float, float]
) -> list[str]:
    missing = [part for part in ("ingress", "egress") if shares[part] < HALF]
    told = [
        f"the {part} was not taken ({shares[part]:.0%} of it): the middle rests on how long the transit lasts"
        for part in missing
    ]
    if shares["middle"] < HALF:
        told.append(f"{shares['middle']:.0%} of its middle was taken: the depth rests on what is left")
    told += [
        f"{shares[part]:.0%} of {duration(side_s)} of {part} was taken: the level there is a guess"
        for part, side_s in zip(("baseline before", "baseline after"), sides_s, strict=True)
        if shares[part] < HALF
    ]
    if "airmass" not in fit.curve.trends:
        told.append("the light curve has no air mass for every point: a trend may hide in it, in middle and depth too")
    if fit.beta > RED:
        told.append(
            f"something slow beside the transit is in it (red noise {fit.beta:.1f}): a comparison star that varies, "
            "haze or the star itself may make a transit, or hide one"
        )
    if not fit.planet.reference:
        told.append("no orbit was given: it is a circle made of the duration, crossing 0.3 off the star's middle")
    if abs(late.value) > SEEN * late.error:
        told.append(f"it came {abs(late.value) / late.error:.1f} times its error from where the ephemeris has it")
    return told


def _refusal(shares: dict[str, float], depth: NumberWithError) -> str:
    if shares["ingress"] < HALF and shares["egress"] < HALF:
        return "neither ingress nor egress was taken: nothing tells when it was"
    if shares["baseline before"] == 0 and shares["baseline after"] == 0:
        return "nothing was taken before or after it: nothing tells how deep it is"
    if depth.value < SEEN * depth.error:
        most = depth.value + SEEN * depth.error
        return f"no transit is seen: a depth of {depth.value:.2%} +- {depth.error:.2%}, and {most:.2%} at most"
    return ""
