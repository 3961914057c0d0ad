"""Whether it is safe: positive evidence only. Unknown, stale, out of range or dead is unsafe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from obsy.engine.devices.ports import Reading
from obsy.schemas.policy import Limits, Safety
from obsy.units import WEATHER


@dataclass(frozen=True, slots=True)
class Verdict:
    """Safe or unsafe, with the reason, the input and its age."""

    safe: bool
    reason: str
    input: str = ""
    age_s: float | None = None


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
    """What a verdict depends on besides the present: since when each limit is broken, and when it was last unsafe."""

    broken_since: Mapping[str, datetime]
    last_unsafe: datetime | None


def judge(
    policy: Safety, sources: tuple[InputState, ...], memory: VerdictMemory, now: datetime
) -> tuple[Verdict, VerdictMemory]:
    """The verdict at `now`, and what must be remembered for the next.

    A limit that is broken longer than its hold is unsafe; a quantity nobody reports freshly is unsafe at once;
    after either it stays unsafe until the dwell has passed without a fault.
    """
    faults, broken = [], dict(memory.broken_since)
    for quantity, limit in named(policy.limits):
        fault = _unknown(quantity, sources, now)
        if fault is None:
            fault, since = _over(quantity, limit, sources, broken.get(quantity), now)
            if since is None:
                broken.pop(quantity, None)
            else:
                broken[quantity] = since
        if fault is not None:
            faults.append(fault)
    if faults:
        return faults[0], VerdictMemory(broken, now)
    waiting = _dwelling(policy, memory, now)
    if waiting is not None and broken:  # a hold forgives a sky that was safe, not one that must prove itself
        return waiting, VerdictMemory(broken, now)
    return waiting or Verdict(True, "every input is fresh and within its limits"), VerdictMemory(
        broken, memory.last_unsafe
    )


def named(limits: Limits) -> list[tuple[str, object]]:
    """The quantities that count, with their limits, in the order of the language."""
    return [(name, limit) for name in type(limits).model_fields if (limit := getattr(limits, name)) is not None]


def _unknown(quantity: str, sources: tuple[InputState, ...], now: datetime) -> Verdict | None:
    """Why nothing is known of a quantity; None if every input that should measure it does."""
    measuring = [source for source in sources if quantity in source.measures]
    if not measuring:
        return Verdict(False, f"no input measures {quantity}")
    for source in measuring:
        if source.reading is None or quantity not in source.reading.values:
            return Verdict(
                False, f"{quantity} is unknown: {source.name} does not answer{_because(source)}", source.name
            )
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


def _over(
    quantity: str, limit: object, sources: tuple[InputState, ...], since: datetime | None, now: datetime
) -> tuple[Verdict | None, datetime | None]:
    """Whether the worst reading breaks its limit for longer than the hold, and since when it is broken."""
    readings = [
        (source.reading.values[quantity], source)
        for source in sources
        if quantity in source.measures and source.reading
    ]
    above, below = getattr(limit, "above", None), getattr(limit, "below", None)
    value, source = max(readings, key=lambda pair: pair[0] if below is None else -pair[0])
    if not ((above is not None and value > above) or (below is not None and value < below)):
        return None, None
    since = since or now
    hold_s = getattr(limit, "hold_for", None) or 0.0
    if (now - since).total_seconds() < hold_s:
        return None, since
    bound = f"above {above:g}" if above is not None else f"below {below:g}"
    age_s = (now - source.reading.taken_at).total_seconds() if source.reading else None
    return Verdict(False, f"{quantity} {value:.1f} {WEATHER[quantity].unit}, {bound}", source.name, age_s), since


def _dwelling(policy: Safety, memory: VerdictMemory, now: datetime) -> Verdict | None:
    """Why it is too early to trust the sky again; None once the dwell is over."""
    if memory.last_unsafe is None:
        return None
    until = memory.last_unsafe + timedelta(seconds=policy.dwell)
    if now >= until:
        return None
    return Verdict(False, f"not yet: it must stay safe until {until:%H:%M:%S} UTC")
