"""What another policy would have decided of a night, from what was seen of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from obsy.engine.night_record import Span
from obsy.engine.replay.audit import RoofAudit, Stretch
from obsy.engine.replay.evidence import stated
from obsy.engine.replay.rules import OtherRules
from obsy.engine.safety.judging import Evidence, Judging


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A time in which it was safe and would not have been, or the other way round; `was` and `would_be` say why."""

    start: datetime
    end: datetime
    safe: bool
    """As it would have been."""
    was: str
    would_be: str


@dataclass(slots=True)
class Comparison:
    """Two policies on what was seen under one roof."""

    otherwise: list[Otherwise] = field(default_factory=list)
    safe_s: float = 0.0
    would_be_safe_s: float = 0.0
    would_be: list[Span] = field(default_factory=list)
    """When it would have been safe."""

    def open_s(self, roof: Iterable[Span]) -> tuple[float, float]:
        """Return how long the roof was open, and how much of that it would have been safe, seconds."""
        spans = list(roof)
        both = (
            (min(one.end, other.end) - max(one.start, other.start)).total_seconds()
            for one in spans
            for other in self.would_be
        )
        return sum(each.seconds for each in spans), sum(seconds for seconds in both if seconds > 0)


def compare(roof: RoofAudit, other: OtherRules) -> Comparison:
    """Judge what was seen under a roof by other rules, and say when that comes out otherwise."""
    found = Comparison()
    for stretch in roof.stretches:
        _compare(stretch, other, found)
    return found


def _compare(stretch: Stretch, other: OtherRules, found: Comparison) -> None:
    was, would_be = stated(stretch.begin).judging, _by(other, stretch)
    apart: Otherwise | None = None
    for seen, until in zip(stretch.seen, [*(each.at for each in stretch.seen[1:]), stretch.seen[-1].at], strict=True):
        was.take(seen)
        for each in _seen_by(would_be, seen, other):
            would_be.take(each)
        lasts_s, safe = (until - seen.at).total_seconds(), would_be.current.safe
        found.safe_s += lasts_s * was.current.safe
        found.would_be_safe_s += lasts_s * safe
        if safe:
            found.would_be.append(Span(seen.at, until))
        if was.current.safe == safe:
            apart = None
        elif apart is None or apart.safe != safe:
            apart = Otherwise(seen.at, until, safe, was.current.reason, would_be.current.reason)
            found.otherwise.append(apart)
        else:
            apart = found.otherwise[-1] = replace(apart, end=until)


def _by(other: OtherRules, stretch: Stretch) -> Judging:
    """Return the judging of a stretch by other rules; what was remembered of the old limits is forgotten."""
    begin = stated(stretch.begin).judging
    overrides = begin.overrides.values() if other.overrides is None else other.overrides
    judging = Judging(other.safety or begin.safety, begin.inputs.values(), stretch.seen[0].at, overrides)
    judging.newest, judging.failing, judging.unasked = begin.newest, begin.failing, begin.unasked
    judging.memory = replace(judging.memory, last_unsafe=begin.memory.last_unsafe)
    judging.enforce(begin.overriding if other.overrides is None else ())
    return judging


def _seen_by(judging: Judging, seen: Evidence, other: OtherRules) -> Iterator[Evidence]:
    """Yield what other rules make of something seen: their overrides begin and end by themselves."""
    if other.overrides is not None:
        names = tuple(each.name for each in other.overrides if each.since <= seen.at < each.until)
        if names != judging.overriding:
            yield Evidence(seen.at, overrides=names)
        seen = replace(seen, overrides=None)
    yield seen
