"""The middle of a transit and the planet's size, by least squares, with errors that own up to the scatter."""

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.transit.curve import RelativeFlux
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.noise import FAR, deviation, inflation, red_noise
from obsy.engine.science.transit.parameters import BestFit, TransitModel, solve
from obsy.engine.science.transit.planet import KnownPlanet
from obsy.errors import UserError

FEWEST = 20
"""Points below which nothing is fitted."""
WORTH = 6.0
"""By how much BIC must fall for one more trend to be taken: strong evidence. Source: Kass & Raftery 1995."""
OFFERED = "airmass", "time", "x", "y", "fwhm", "sky", "flip"
"""Trends that are tried, in this order where BIC does not tell between two: there is always air."""
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class NumberWithError:
    """A number with one standard deviation."""

    value: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class TransitFit:
    """A fitted transit."""

    curve: RelativeFlux
    planet: KnownPlanet
    model: TransitModel
    solution: BestFit
    middle: NumberWithError
    """BJD_TDB, and days."""
    ratio: NumberWithError
    """Radius of the planet, in radii of the star."""
    trends: tuple[str, ...]
    """What bends the baseline, as BIC chose."""
    bic: dict[str, float]
    """By the trends that were tried, joined by '+'; lower is better."""
    is_outlier: NDArray[np.bool_]
    """Points that were kept but did not count, (times,)."""
    inflation: float
    """By which the errors had to grow."""
    beta: float
    """By which red noise made the stated errors grow once more."""

    @property
    def rms(self) -> float:
        """Return the scatter of the points that counted around the model, as a share of the star's light."""
        return float(self.solution.residuals[~self.is_outlier].std())

    @property
    def normalised(self) -> Floats:
        """Return the flux over its baseline, (times,)."""
        return np.asarray(self.curve.flux / self.model.baseline(self.solution.values))

    def stated(self, name: str) -> NumberWithError:
        """Return a free value with its stated error, which red noise is in."""
        return NumberWithError(self.solution.values[name], self.solution.errors[name] * self.beta)


def predicted(planet: KnownPlanet, curve: RelativeFlux) -> tuple[float, int]:
    """Return the mid-transit nearest to the middle of a light curve, BJD_TDB, and which turn it is."""
    ephemeris = planet.ephemeris
    about = float(curve.bjd_tdb[0] + curve.bjd_tdb[-1]) / 2
    turn = round((about - ephemeris.epoch_jd) / ephemeris.period_d)
    return ephemeris.epoch_jd + turn * ephemeris.period_d, turn


def fit(curve: RelativeFlux, planet: KnownPlanet, offered: tuple[str, ...] = OFFERED) -> TransitFit:
    """Return the transit in a light curve, detrended by those of the offered trends that BIC is for.

    Raises UserError if there are too few points, or if they do not tell the free values apart.
    """
    curve = curve.ordered()
    if len(curve) < FEWEST:
        raise UserError(
            f"{len(curve)} points with a time, a flux and an error: a transit is fitted to {FEWEST} or more"
        )
    middle, _ = predicted(planet, curve)
    vectors = _trends(curve, offered)
    try:
        best, tried = _chosen(TransitModel(curve, planet, middle, {}), vectors)
        found, _, outlier = tried[best]
        model = TransitModel(curve, planet, middle, {name: vectors[name] for name in best.split("+") if name})
        grown = inflation(found.normalised, len(found.values))
        final = solve(model, curve.error * grown, ~outlier, found.values)
    except np.linalg.LinAlgError:
        told = f"nothing between {curve.bjd_tdb[0]:.4f} and {curve.bjd_tdb[-1]:.4f} tells when {planet.name} crossed"
        raise UserError(f"{told}: it was predicted for {middle:.4f} BJD_TDB") from None
    loose = sum(not each.prior for each in model.free())
    beta = red_noise(curve.bjd_tdb[~outlier], final.residuals[~outlier], loose)
    values, errors = final.values, {name: each * beta for name, each in final.errors.items()}
    return TransitFit(
        curve=curve,
        planet=planet,
        model=model,
        solution=final,
        middle=NumberWithError(middle + values["tc"], errors["tc"]),
        ratio=NumberWithError(values["ratio"], errors["ratio"]),
        trends=tuple(model.trends),
        bic={name: bic for name, (_, bic, _) in tried.items()},
        is_outlier=outlier,
        inflation=grown,
        beta=beta,
    )


def _trends(curve: RelativeFlux, offered: tuple[str, ...]) -> dict[str, Floats]:
    """Return the offered trends that vary, each less its mean and of width 1."""
    known = {"time": curve.bjd_tdb, **curve.trends}
    given = {name: known[name] for name in offered if name in known}
    return {name: (each - each.mean()) / each.std() for name, each in given.items() if each.std() > 0}


Tried = tuple[BestFit, float, NDArray[np.bool_]]


def _chosen(bare: TransitModel, vectors: dict[str, Floats]) -> tuple[str, dict[str, Tried]]:
    """Return the trends to take, and the fits that were tried: one more is taken as long as BIC falls by enough.

    Of those that are as good it is the first, for a curve by chance looks much like another.
    """
    taken: list[str] = []
    tried = {"": _fitted(bare)}
    while True:
        best = "+".join(taken)
        further = [[*taken, name] for name in vectors if name not in taken]
        for names in further:
            with suppress(np.linalg.LinAlgError):  # such as x and y of a mount that drifts along a line
                tried["+".join(names)] = _fitted(replace(bare, trends={each: vectors[each] for each in names}))
        bic = {names[-1]: tried["+".join(names)][1] for names in further if "+".join(names) in tried}
        good = [name for name, each in bic.items() if each <= tried[best][1] - WORTH]
        if not good:
            return best, tried
        taken.append(next(name for name in good if bic[name] <= min(bic.values()) + WORTH))


def _fitted(model: TransitModel) -> Tried:
    """Return a fit without its outliers, its BIC, and which they are.

    BIC is of errors whose size is unknown: n ln(chi squared / n) + k ln(n). Outliers count as the farthest
    that is none.
    """
    counts, found = np.ones(len(model.curve), dtype=bool), None
    for _ in range(_ROUNDS):
        found = solve(model, model.curve.error, counts, found.values if found else None)
        inside = np.abs(found.residuals) <= FAR * deviation(found.residuals)
        if (inside == counts).all():
            break
        counts = inside
    assert found is not None
    share = found.residuals * model.baseline(found.values) / model.curve.error
    far = FAR * deviation(share)
    chi2 = float((np.clip(share, -far, far) ** 2).sum())
    n = len(model.curve)
    return found, float(n * np.log(chi2 / n) + len(found.values) * np.log(n)), ~counts
