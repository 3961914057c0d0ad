"""What counts while overrides are in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from obsy.engine.safety.verdict import JudgedInput, named
from obsy.schemas.override import Override
from obsy.schemas.policy import Limits, Safety, WeatherLimit


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A policy and the inputs that are heard."""

    safety: Safety
    inputs: tuple[JudgedInput, ...]
    reserve: str = ""
    """What a safe verdict owes to overrides, in words."""


def in_force(safety: Safety, inputs: Mapping[str, JudgedInput], overrides: Iterable[Override]) -> RulesInForce:
    """Return what counts now. A quantity that only ignored inputs measure does not count, unless it is rain."""
    every = tuple(overrides)
    if not every:
        return RulesInForce(safety, tuple(inputs.values()))
    ignored = {each.ignore for each in every}
    heard = tuple(each for each in inputs.values() if each.name not in ignored)
    limits = dict(named(safety.limits))
    for name in [name for name in limits if name != "rain"]:
        said = [limit for each in every if (limit := getattr(each.limits, name, None)) is not None]
        limits[name] = reduce(_tighter, said) if said else limits[name]
    for name in [name for name in limits if name != "rain"]:
        measuring = [each for each in inputs.values() if name in each.measures]
        if measuring and all(each.name in ignored for each in measuring):
            del limits[name]
    words = "; ".join(f"{each.what} until {each.until:%Y-%m-%d %H:%M} UTC by {each.owner}" for each in every)
    counts = safety.model_copy(update={"limits": Limits.model_construct(**limits)})
    return RulesInForce(counts, heard, f", but for an override: {words}")


def _tighter(one: WeatherLimit, other: WeatherLimit) -> WeatherLimit:
    """Return a limit that is broken wherever one of the two is."""
    bound, tightest = ("below", max) if hasattr(one, "below") else ("above", min)
    tight = {
        bound: tightest(getattr(one, bound), getattr(other, bound)),
        "hold_for": min(one.held_s, other.held_s) or None,
        "clear_for": max(one.cleared_s, other.cleared_s),
    }
    return one.model_copy(update=tight)
