"""Targets and their planets must be known."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.names import known, near, resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.declare.written import Loc, Written
from obsy.schemas.plan import Plan


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of targets that nobody knows by that name, in plans that are otherwise unfit too, and of planets."""
    for written in declared.written:
        loc, name = _name(written) if written.kind == "plan" else ((), "")
        if name and known(name) is None:
            alike = " or ".join(f"'{each}'" for each in near(name))
            mend = f"did you mean {alike}?" if alike else "write 'target: {ra: 00h42m44.3s, dec: +41d16m09s}'"
            words = (written.said(*loc), "a name that obsy knows, or a position", mend)
            yield Diagnostic(written.at(*loc), "unknown-target", *words)
    for entry in declared.of(Plan):
        yield from _planets(entry)


def _planets(entry: Entry[Plan]) -> Iterator[Diagnostic]:
    target = resolve(entry.document)
    letters = list(target.planets) if isinstance(target, FixedTarget) else []
    for number, goal in enumerate(entry.document.want):
        if target is not None and goal.cover is not None and goal.cover.transit not in letters:
            loc = ("want", number, "cover", "transit")
            expected = f"one of {', '.join(letters)}" if letters else "a star whose transits are known"
            mend = "write 'target: {ra: …, dec: …, planets: {b: {epoch: …, period: …, duration: …}}}'"
            words = (entry.written.said(*loc), expected, f"write 'transit: {letters[0]}'" if letters else mend)
            yield entry.complain("unknown-planet", words, *loc)


def _name(written: Written) -> tuple[Loc, str]:
    """Where a target's name stands, and the name; '' if it has none."""
    target = written.value.get("target")
    loc: Loc = ("target", "name") if isinstance(target, dict) else ("target",)
    name = target.get("name") if isinstance(target, dict) else target
    return loc, name.strip() if isinstance(name, str) else ""
