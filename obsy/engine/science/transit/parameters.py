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
LAST = 16
"""Transits that are kept while a fit looks round."""
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

    def crossing(self, values: dict[str, float]) -> tuple[float, ...]:
        """Return the values on which the transit alone depends: where they are the same, so is it."""
        return tuple(value for name, value in values.items() if name != "level" and name not in self.trends)

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


class Misfit:
    """How far a model is from a curve, as a function of its free values over their scales, each about 1."""

    def __init__(self, model: TransitModel, error: Floats, counts: NDArray[np.bool_]) -> None:
        self.model, self.error, self.counts, self.free = model, error, counts, model.free()
        self.scale, self.first = (np.array([getattr(f, side) for f in self.free]) for side in ("scale", "start"))
        self.prior = np.array([f.scale / f.prior if f.prior else 0.0 for f in self.free])
        self.lit: dict[tuple[float, ...], Floats] = {}

    def values(self, q: Floats) -> dict[str, float]:
        """Return the free values by name."""
        return dict(zip((f.name for f in self.free), (self.first + (q - 1) * self.scale).tolist(), strict=True))

    def transit(self, values: dict[str, float]) -> Floats:
        """Return the transit alone, (times,), one of the last few again where only the baseline changed."""
        key = self.model.crossing(values)
        if key not in self.lit:
            if len(self.lit) == LAST:
                del self.lit[next(iter(self.lit))]
            self.lit[key] = self.model.transit(values, self.model.curve.bjd_tdb)
        return self.lit[key]

    def away(self, q: Floats) -> Floats:
        """Return residuals over their errors, of the points that count and of what is known before, (residuals,)."""
        values = self.values(q)
        told = (self.model.curve.flux - self.transit(values) * self.model.baseline(values)) / self.error
        return np.concatenate([told[self.counts], ((q - 1) * self.prior)[self.prior > 0]])

    def slopes(self, q: Floats) -> Floats:
        """Return how they change with each free value, (residuals, values): of the baseline's by what it is made of."""
        values = self.values(q)
        bright = self.transit(values) * self.model.baseline(values) / self.error
        known = np.zeros(int((self.prior > 0).sum()))
        steps = zip(self.free, np.eye(len(q)) * STEP, strict=True)

        def slope(each: Free, step: Floats) -> Floats:
            if each.name != "level" and each.name not in self.model.trends:
                return np.asarray((self.away(q + step) - self.away(q - step)) / (2 * STEP))
            change = self.model.trends.get(each.name, 1 / values["level"]) * each.scale
            return np.concatenate([-(bright * change)[self.counts], known])

        return np.stack([slope(*each) for each in steps], axis=1)


def solve(
    model: TransitModel, error: Floats, counts: NDArray[np.bool_], start: dict[str, float] | None = None
) -> BestFit:
    """Return the best fit by least squares.

    error: one standard deviation of each point, (times,). counts: whether each point counts, (times,).
    Raises numpy.linalg.LinAlgError if the points do not tell the free values apart.
    """
    of = Misfit(model, error, counts)
    names, scale, first = [f.name for f in of.free], of.scale, of.first
    begin = np.ones(len(names)) if start is None else 1 + (np.array([start[name] for name in names]) - first) / scale
    low, high = (1 + (np.array([getattr(f, side) for f in of.free]) - first) / scale for side in ("low", "high"))
    begin = np.clip(begin, low + STEP, high - STEP)
    if not (np.abs(of.away(begin)) < FARTHEST).all():
        raise np.linalg.LinAlgError("a point lies too far from any model")
    found = least_squares(of.away, begin, jac=of.slopes, bounds=(low, high), max_nfev=MOST_ROUNDS)
    sigma = _sigma(of.slopes(found.x)) * scale
    values = of.values(found.x)
    base = model.baseline(values)
    residuals = (model.curve.flux - of.transit(values) * base) / base
    return BestFit(values, dict(zip(names, sigma.tolist(), strict=True)), residuals, of.away(found.x)[: counts.sum()])


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
