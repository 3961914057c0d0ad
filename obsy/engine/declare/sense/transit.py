"""Transits that cannot be had: no such planet, or no window that holds one."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.resolve import resolve
from obsy.engine.declare.sense.visibility import Visibility, visibilities
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.plan import Plan


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about planets that nobody knows, and about transits that are longer than any window."""
    for entry in declared.of(Plan):
        yield from _unknown(entry)
    for visibility in visibilities(declared):
        yield from _too_long(visibility)


def _unknown(entry: Entry[Plan]) -> Iterator[Diagnostic]:
    target = resolve(entry.document)
    known = list(target.planets) if isinstance(target, FixedTarget) else []
    for number, goal in enumerate(entry.document.want):
        if target is not None and goal.cover is not None and goal.cover.transit not in known:
            loc = ("want", number, "cover", "transit")
            expected = f"one of {', '.join(known)}" if known else "a star whose transits are known"
            mend = "write 'target: {ra: …, dec: …, planets: {b: {epoch: …, period: …, duration: …}}}'"
            words = (entry.written.said(*loc), expected, f"write 'transit: {known[0]}'" if known else mend)
            yield entry.complain("unknown-planet", words, *loc)


def _too_long(visibility: Visibility) -> Iterator[Diagnostic]:
    cover = visibility.entry.document.want[visibility.number].cover
    crossing = visibility.sky.planets.get(cover.transit) if cover is not None else None
    if cover is None or crossing is None:
        return
    length_h, window_h = crossing.duration_h + 2 * cover.baseline / 3600, min(visibility.up_h, visibility.dark_h)
    if 0 < window_h < length_h:
        words = (
            f"the transit with its baseline takes {length_h:.1f} h, and the longest window is {window_h:.1f} h",
            "a window that holds all of it",
            "write a shorter baseline, or wider limits in 'when'",
        )
        yield visibility.entry.complain("transit-longer-than-window", words, "want", visibility.number, "cover")
