"""Whether it is safe: positive evidence only. Unknown, stale, out of range or dead is unsafe."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from obsy.engine.devices.ports import Reading
from obsy.schemas.policy import Above, Below, Limits, Safety, WeatherLimit
from obsy.units import WEATHER

LIMITED = tuple(Limits.model_fields)
"""The quantities that may have a limit, in the order of the language."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Safe or unsafe, with the reason, the input and its age."""

    safe: bool
    reason: str
    input: str = ""
    age_s: float | None = None
    value: float | None = None
    """What the input said, in the unit of its quantity, where that decided."""
    margin: float | None = None
    """How far that is within its limit; negative beyond it."""


class JudgedInput(NamedTuple):
    """What a verdict needs to know of a weather input."""

    name: str
    measures: tuple[str, ...]
    max_age_s: float


@dataclass(frozen=True, slots=True)
class InputState:
    """What is known of one weather input: its newest reading, and the age at which its word expires."""

    name: str
    measures: tuple[str, ...]
    max_age_s: float
    reading: Reading | None
    failing: str = ""
    """Why it gave none when it was asked last; empty if it did."""


@dataclass(frozen=True, slots=True)
class VerdictMemory:
    """What a verdict depends on besides the present."""

    broken_since: Mapping[str, datetime]
    """Since when each limit is broken; one that has not stayed within long enough is broken still."""
    last_unsafe: datetime | None
    within_since: Mapping[str, datetime] = field(default_factory=dict)
    """Since when each quantity is known and within its limit; none that is broken now."""


def judge(
    policy: Safety, sources: tuple[InputState, ...], memory: VerdictMemory, now: datetime
) -> tuple[Verdict, VerdictMemory]:
    """The verdict at `now`, and what must be remembered for the next.

    A limit that is broken longer than its hold is unsafe, one that nobody has seen kept before at once: a hold forgives
    a sky that was safe. It is broken until the quantity has stayed within for its clear time. A quantity that nobody
    reports freshly is unsafe at once. After all this it stays unsafe until the dwell has passed without a fault.
    """
    faults, broken, within = [], dict(memory.broken_since), dict(memory.within_since)
    for quantity, limit in named(policy.limits):
        if (fault := _unknown(quantity, sources, now)) is not None:
            within.pop(quantity, None)
        elif (over := _over(quantity, limit, sources, now)) is None:
            within.setdefault(quantity, now)
        else:
            broken[quantity] = since = _since(quantity, limit, memory, now)
            within.pop(quantity, None)
            fault = over if (now - since).total_seconds() >= limit.held_s else None
        if fault is not None:
            faults.append(fault)
    if faults:
        return faults[0], VerdictMemory(broken, now, within)
    remembered = VerdictMemory(broken, memory.last_unsafe, within)
    if _dwelling(policy, memory, now) and broken.keys() - within.keys():
        remembered = replace(remembered, last_unsafe=now)  # nor does a hold forgive one that must prove itself
    verdict = _dwelling(policy, remembered, now) or Verdict(True, "every input is fresh and within its limits")
    return verdict, remembered


def named(limits: Limits) -> list[tuple[str, WeatherLimit]]:
    """The quantities that count, with their limits, in the order of the language."""
    return [(name, limit) for name in LIMITED if (limit := getattr(limits, name)) is not None]


def _unknown(quantity: str, sources: tuple[InputState, ...], now: datetime) -> Verdict | None:
    """Why nothing is known of a quantity; None if every input that should measure it does."""
    measuring = [source for source in sources if quantity in source.measures]
    if not measuring:
        return Verdict(False, f"no input measures {quantity}")
    for source in measuring:
        if source.reading is None or quantity not in source.reading.values:
            fault = "does not answer" if source.reading is None else f"tells no {quantity}"
            return Verdict(False, f"{quantity} is unknown: {source.name} {fault}{_because(source)}", source.name)
        age_s = (now - source.reading.taken_at).total_seconds()
        if not -1.0 <= age_s <= source.max_age_s:
            words = (
                f"{quantity} is unknown: {source.name} last spoke {age_s:.0f} s ago, more than {source.max_age_s:g} s"
                f"{_because(source)}"
            )
            return Verdict(False, words, source.name, age_s)
        value, known = source.reading.values[quantity], WEATHER[quantity]
        if not known.plausible(value):
            words = f"{quantity} is unknown: {source.name} says {_said(value)} {known.unit}, which cannot be"
            return Verdict(False, words, source.name, age_s)
    return None


def _because(source: InputState) -> str:
    return f" ({source.failing})" if source.failing else ""


def _said(value: float) -> str:
    """Return a reading in words; an int may be larger than every float."""
    try:
        return f"{value:g}"
    except OverflowError:
        return "beyond 1e308"


def _over(quantity: str, limit: WeatherLimit, sources: tuple[InputState, ...], now: datetime) -> Verdict | None:
    """Return how the worst reading breaks its limit; None if all are within."""
    readings = [
        (source.reading.values[quantity], source)
        for source in sources
        if quantity in source.measures and source.reading
    ]
    above: float | None = limit.above if isinstance(limit, Above) else None
    below: float | None = limit.below if isinstance(limit, Below) else None
    value, source = max(readings, key=lambda pair: pair[0] if below is None else -pair[0])
    margin = above - value if above is not None else value - (below or 0.0)
    if not margin < 0:
        return None
    bound = f"above {above:g}" if above is not None else f"below {below:g}"
    age_s = (now - source.reading.taken_at).total_seconds() if source.reading else None
    words = f"{quantity} {value:.1f} {WEATHER[quantity].unit}, {bound}"
    return Verdict(False, words, source.name, age_s, value, margin)


def _since(quantity: str, limit: WeatherLimit, memory: VerdictMemory, now: datetime) -> datetime:
    """Return since when a limit is broken that is broken now."""
    since, within = memory.broken_since.get(quantity), memory.within_since.get(quantity)
    if within is None:
        return since or now - timedelta(seconds=limit.held_s)
    return since if since and (now - within).total_seconds() < limit.cleared_s else now


def _dwelling(policy: Safety, memory: VerdictMemory, now: datetime) -> Verdict | None:
    """Why it is too early to trust the sky again; None once the dwell is over."""
    if memory.last_unsafe is None:
        return None
    until = memory.last_unsafe + timedelta(seconds=policy.dwell)
    if now >= until:
        return None
    return Verdict(False, f"not yet: it must stay safe until {until:%H:%M:%S} UTC")
