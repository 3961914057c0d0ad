"""What a transit's free values may be, all together: sampled, for least squares tells a hill and no ridge."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.transit.fit import NumberWithError, TransitFit
from obsy.engine.science.transit.model import Floats
from obsy.engine.science.transit.parameters import Misfit
from obsy.errors import UserError

SEED = 1
"""The same light curve gives the same numbers."""
WALKERS_A_VALUE, FEWEST_WALKERS = 4, 32
STRIDE, MOST_STEPS = 500, 8000
"""Steps after which it is asked whether they are enough, and at most."""
SETTLED = 50.0
"""Autocorrelation times that a chain is to last. Source: the manual of emcee, Foreman-Mackey et al. 2013."""
STEADY = 0.05
"""The share by which that time may have changed since it was asked last."""
BURNT = 3.0
"""Autocorrelation times at the beginning that still know where they began."""
APART = 1e-2
"""How far the walkers begin from the best fit, in its errors."""
SHARES = 15.865, 50.0, 84.135
"""Percentiles of one standard deviation below, of the middle, and above."""


@dataclass(frozen=True, slots=True)
class SampledValue:
    """The median of what a value may be, and how far 68 % reach below and above."""

    value: float
    below: float
    above: float

    @property
    def error(self) -> float:
        """Return half of what both sides span."""
        return (self.below + self.above) / 2


@dataclass(frozen=True, slots=True, eq=False)
class SampledTransit:
    """What was sampled."""

    values: dict[str, SampledValue]
    """By free value, as a fit names them."""
    draws: Floats
    """(draws, values): what is left of the chains once their beginning is cut off, each thinned to half its memory."""
    walkers: int
    steps: int
    memory: float
    """The longest autocorrelation time, steps."""
    is_settled: bool
    """Whether the chains are long enough for their own memory, and that has become steady."""


def sampled(found: TransitFit, seed: int = SEED, most_steps: int = MOST_STEPS) -> SampledTransit:
    """Return what the free values of a fit may be, by Goodman & Weare's walkers.

    Points count, errors grow and priors hold as in the fit, red noise in it. Raises UserError if emcee is missing.
    """
    try:
        import emcee  # noqa: PLC0415  few ask for it, and it is an extra
    except ImportError:
        raise UserError("sampling needs emcee: pip install 'obsy[sampling]'") from None
    error = found.curve.error * found.inflation * found.beta
    of = Misfit(found.model, error, ~found.is_outlier)
    low, high = (1 + (np.array([getattr(f, side) for f in of.free]) - of.first) / of.scale for side in ("low", "high"))

    def likely(q: Floats) -> float:
        if not ((q > low) & (q < high)).all():
            return -np.inf
        away = of.away(q)
        chi2 = float(away @ away)
        return -chi2 / 2 if np.isfinite(chi2) else -np.inf

    names = [each.name for each in of.free]
    best = 1 + (np.array([found.solution.values[name] for name in names]) - of.first) / of.scale
    sure = np.array([found.solution.errors[name] for name in names]) * found.beta / of.scale
    walkers = max(FEWEST_WALKERS, WALKERS_A_VALUE * len(names))
    dice = np.random.RandomState(seed)  # noqa: NPY002  emcee takes no other
    begin = best + APART * sure * dice.normal(size=(walkers, len(names)))
    sampler = emcee.EnsembleSampler(walkers, len(names), likely, moves=_moves(emcee))
    memory, settled = _run(sampler, emcee.State(begin, random_state=dice.get_state()), most_steps)
    longest = float(np.max(memory))
    kept = sampler.get_chain(discard=int(BURNT * longest), thin=max(1, int(longest / 2)), flat=True)
    draws = of.first + (kept - 1) * of.scale
    return SampledTransit(
        dict(zip(names, map(_told, draws.T), strict=True)), draws, walkers, sampler.iteration, longest, settled
    )


def _moves(emcee: object) -> list[tuple[object, float]]:
    """Return how walkers step: along the differences of two others, now and then from afar, which forgets sooner."""
    kinds = emcee.moves  # type: ignore[attr-defined]
    return [(kinds.DEMove(), 0.8), (kinds.DESnookerMove(), 0.2)]


def _run(sampler: "object", state: object, most_steps: int) -> tuple[NDArray[np.float64], bool]:
    """Walk until the chain is long enough for its memory, and return that (values,) and whether it is."""
    before = np.inf
    while True:
        state = sampler.run_mcmc(state, min(STRIDE, most_steps))  # type: ignore[attr-defined]
        memory = sampler.get_autocorr_time(tol=0)  # type: ignore[attr-defined]
        longest, steps = float(np.max(memory)), sampler.iteration  # type: ignore[attr-defined]
        settled = steps > SETTLED * longest and abs(before - longest) < STEADY * longest
        if settled or steps >= most_steps or not np.isfinite(longest):
            return np.nan_to_num(memory, nan=steps / SETTLED), bool(settled)
        before = longest


def _told(draws: Floats) -> SampledValue:
    low, middle, high = np.percentile(draws, SHARES)
    return SampledValue(float(middle), float(middle - low), float(high - middle))


def words(found: TransitFit, drawn: SampledTransit) -> str:
    """Return how long was sampled, and how far its middle and radius lie from those of a fit by least squares."""
    late, ratio = drawn.values["tc"], drawn.values["ratio"]
    apart = abs(late.value - found.solution.values["tc"]) / found.middle.error
    wider = abs(ratio.value - found.ratio.value) / found.ratio.error
    long = f"{drawn.walkers} walkers of {drawn.steps} steps, {drawn.steps / drawn.memory:.0f} times their memory"
    return f"{long}; middle {apart:.2f} and radius {wider:.2f} errors from least squares"


def with_sampled(found: TransitFit, drawn: SampledTransit) -> TransitFit:
    """Return the fit whose middle and radius are those that were sampled; its curve stays that of least squares."""
    late, ratio = drawn.values["tc"], drawn.values["ratio"]
    middle = NumberWithError(found.model.predicted + late.value, late.error)
    return replace(found, middle=middle, ratio=NumberWithError(ratio.value, ratio.error))
