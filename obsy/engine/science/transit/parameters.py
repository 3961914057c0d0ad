"""The free values of a fit, each on a scale of its own, so that one step does for all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.model import Floats, LimbDarkening, PlanetOrbit, exposed_flux
from obsy.engine.science.transit.planet import KnownPlanet

STEP = 1e-3
"""Of each scaled value, by which its slope is measured. A step that scipy chooses by itself is, of a Julian date,
either minutes long (a share of 2.4 million days) or lost in its last digit (a share of an offset near 0)."""
TIME_SCALE_D = 0.01
RATIO_SCALE = 0.01
TREND_SCALE = 0.01
SMALLEST_RATIO = 1e-4
FARTHEST = 1e100
"""Errors from which a point may lie: what is farther overflows when it is squared, and says nothing."""
TOLD_APART = 1e-12
"""Where what several free values do to a curve is so nearly the same, the rest is rounding of its slopes."""
MOST_ROUNDS = 40
"""A model that lacks a trend may creep for ever: it is refused by BIC all the same."""


@dataclass(frozen=True, slots=True)
class Free:
    """One free value: what it is called, where it begins, what it is measured by, and what is known of it before."""

    name: str
    start: float
    scale: float
    prior: float = 0.0
    """One standard deviation of what is known, around `start`; 0 if nothing is."""
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True, slots=True, eq=False)
class TransitModel:
    """A planet before a star, times a baseline, as a function of its free values."""

    curve: RelativeFlux
    planet: KnownPlanet
    predicted: float
    """Mid-transit by the ephemeris, BJD_TDB."""
    trends: dict[str, Floats]
    """What bends the baseline, each about 0 and of width 1, (times,)."""

    def free(self) -> list[Free]:
        """Return the free values, in order."""
        known, reach = self.planet, float(np.ptp(self.curve.bjd_tdb)) / 2 + 0.5
        middle = Free("tc", 0.0, TIME_SCALE_D, low=-reach, high=reach)
        ratio = Free("ratio", known.ratio, RATIO_SCALE, low=SMALLEST_RATIO, high=1.0)
        axis, tilt = known.axis_ratio_error, known.inclination_error_deg
        orbit = [Free("axis_ratio", known.orbit.axis_ratio, axis, axis, low=1.0)] if axis else []
        orbit += [Free("inclination_deg", known.orbit.inclination_deg, tilt, tilt)] if tilt else []
        loose = known.limb_error
        limb = [Free(name, getattr(known.limb, name), loose, loose) for name in ("linear", "square") if loose]
        level = float(np.median(self.curve.flux))
        bends = [Free(name, 0.0, TREND_SCALE) for name in self.trends]
        return [middle, ratio, *orbit, *limb, Free("level", level, level), *bends]

    def transit(self, values: dict[str, float], times: Floats) -> Floats:
        """Return the transit alone, baseline 1, at any times (BJD_TDB)."""
        known = self.planet.orbit
        orbit = PlanetOrbit(
            known.period_d,
            values.get("axis_ratio", known.axis_ratio),
            values.get("inclination_deg", known.inclination_deg),
            known.eccentricity,
            known.periastron_deg,
        )
        limb = LimbDarkening(*(values.get(n, getattr(self.planet.limb, n)) for n in ("linear", "square")))
        after = (times - self.predicted) - values["tc"]
        return exposed_flux(after, self.curve.exposure_s, values["ratio"], orbit, limb)

    def baseline(self, values: dict[str, float]) -> Floats:
        """Return what the star would have looked like without its planet, (times,)."""
        bend = sum((values[name] * each for name, each in self.trends.items()), np.zeros(len(self.curve)))
        return np.asarray(values["level"] * np.exp(bend))


@dataclass(frozen=True, slots=True, eq=False)
class BestFit:
    """The free values that fit best."""

    values: dict[str, float]
    errors: dict[str, float]
    """One standard deviation of each, by the curvature of chi squared."""
    residuals: Floats
    """Flux less model, over the baseline, (times,)."""
    normalised: Floats
    """The same over the errors of the points that counted, (points that count,)."""


def solve(
    model: TransitModel, error: Floats, counts: NDArray[np.bool_], start: dict[str, float] | None = None
) -> BestFit:
    """Return the best fit by least squares.

    error: one standard deviation of each point, (times,). counts: whether each point counts, (times,).
    Raises numpy.linalg.LinAlgError if the points do not tell the free values apart.
    """
    free = model.free()
    scale, first = np.array([f.scale for f in free]), np.array([f.start for f in free])
    prior = np.array([f.scale / f.prior if f.prior else 0.0 for f in free])
    flux, times, kept = model.curve.flux, model.curve.bjd_tdb, counts

    def named(q: Floats) -> dict[str, float]:
        return dict(zip((f.name for f in free), (first + (q - 1) * scale).tolist(), strict=True))

    def away(q: Floats) -> Floats:
        values = named(q)
        told = (flux - model.transit(values, times) * model.baseline(values)) / error
        return np.concatenate([told[kept], ((q - 1) * prior)[prior > 0]])

    def slopes(q: Floats) -> Floats:
        steps = np.eye(len(q)) * STEP
        return np.stack([(away(q + step) - away(q - step)) / (2 * STEP) for step in steps], axis=1)

    begin = np.ones(len(free)) if start is None else 1 + (np.array([start[f.name] for f in free]) - first) / scale
    low, high = (1 + (np.array([getattr(f, side) for f in free]) - first) / scale for side in ("low", "high"))
    begin = np.clip(begin, low + STEP, high - STEP)
    if not (np.abs(away(begin)) < FARTHEST).all():
        raise np.linalg.LinAlgError("a point lies too far from any model")
    found = least_squares(away, begin, jac=slopes, bounds=(low, high), max_nfev=MOST_ROUNDS)
    sigma = _sigma(slopes(found.x)) * scale
    values = named(found.x)
    base = model.baseline(values)
    residuals = (flux - model.transit(values, times) * base) / base
    return BestFit(values, dict(zip(values, sigma.tolist(), strict=True)), residuals, away(found.x)[: kept.sum()])


def _sigma(slopes: Floats) -> Floats:
    """Return one standard deviation of each free value, (values,).

    slopes: of each residual over its error, (residuals, values). Raises numpy.linalg.LinAlgError if they do not tell
    the values apart: what an inverse has then is rounding.
    """
    sure = np.sqrt((slopes**2).sum(axis=0))
    if not (np.isfinite(sure) & (sure > 0)).all():
        raise np.linalg.LinAlgError("a free value changes nothing")
    alike = (slopes / sure).T @ (slopes / sure)
    if np.linalg.eigvalsh(alike)[0] < TOLD_APART:
        raise np.linalg.LinAlgError("the points do not tell the free values apart")
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(alike))) / sure)
