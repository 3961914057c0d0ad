"""What counts while overrides are in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from obsy.engine.safety.verdict import JudgedInput, named
from obsy.schemas.override import Override
from obsy.schemas.policy import Limits, Safety


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
    for each in every:
        limits |= {name: limit for name, limit in named(each.limits or Limits()) if name in limits and name != "rain"}
    for name in [name for name in limits if name != "rain"]:
        measuring = [each for each in inputs.values() if name in each.measures]
        if measuring and all(each.name in ignored for each in measuring):
            del limits[name]
    words = "; ".join(f"{each.what} until {each.until:%Y-%m-%d %H:%M} UTC by {each.owner}" for each in every)
    counts = safety.model_copy(update={"limits": Limits.model_construct(**limits)})
    return RulesInForce(counts, heard, f", but for an override: {words}")
