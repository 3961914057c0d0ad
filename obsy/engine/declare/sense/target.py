"""Targets and their planets must be known."""

from collections.abc import Iterator
from datetime import date, timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.names import cure, known, meant, resolve
from obsy.engine.declare.orbits import TLE_DAYS, old, oldest_days, orbit
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.engine.declare.written import Loc, Written
from obsy.schemas.plan import Plan
from obsy.schemas.target import Asteroid, Comet, NamedTarget, Satellite

TT_AHEAD = timedelta(minutes=2)
"""Elements are published for a date in TT, and that is 69 s before UTC has it."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of targets that nobody knows by that name, in plans that are otherwise unfit too, and of planets."""
    own = own_names(declared)
    for written in declared.written:
        loc, name = _name(written) if written.kind == "plan" else ((), "")
        if not name:
            continue
        entry = own.get(key(name))
        target = meant(entry.target) if entry else known(name)
        moves = loc == ("target", "of") and not isinstance(target, FixedTarget | None)
        if moves or target is None:
            from shlex import join  # noqa: PLC0415 - only an unknown name needs it

            place = "write 'target: {ra: 00h42m44.3s, dec: +41d16m09s}'"
            mend = cure(name, f"{place}, or ask with 'obsy target {join(name.split())} --online'")
            expected = "a name that obsy knows, or a position"
            if moves:
                expected, mend = "a name of what stands still among the stars", f"write 'target: {name}' without 'of'"
            words = (written.said(*loc), expected, mend)
            yield Diagnostic(written.at(*loc), "unknown-target", *words)
    for plan in declared.of(Plan):
        yield from _events(plan)


def aged(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of plans whose target moves by elements that hold at a date long past, or far ahead."""
    today = declared.today.date()
    for entry in declared.of(Plan):
        target = entry.document.target
        if isinstance(target, Satellite) and (far := abs((today - target.epoch).days)) > TLE_DAYS:
            words = (
                f"two lines that hold on {target.epoch}, {far} days off: it passes minutes early or late, or is down"
            )
            cure = "take newer ones: CelesTrak and Space-Track give them out each day"
            yield entry.complain("old-elements", (words, f"lines younger than {TLE_DAYS} days", cure), "target", "tle")
        for elements, epoch in _elements(entry.document.target):
            if said := old(epoch.isoformat(), abs((today - epoch).days), elements):
                cure = "take newer ones: JPL's Small-Body Database and the Minor Planet Center give them out"
                yield entry.complain(
                    "old-elements", (said, f"elements younger than {oldest_days(elements)} days", cure), "target"
                )


def _elements(target: object) -> Iterator[tuple[Asteroid | Comet, date]]:
    """Yield a target's elements and the date at which they hold, if it has such, and says when."""
    if isinstance(target, Asteroid | Comet) and target.epoch is not None:
        yield target, (target.epoch + TT_AHEAD).date()
    elif isinstance(target, NamedTarget) and isinstance(known(target.name), Asteroid | Comet):
        if found := orbit(target.name):
            yield found.elements, date.fromisoformat(found.epoch)


def _events(entry: Entry[Plan]) -> Iterator[Diagnostic]:
    """Complain of planets and events that the target does not have, and of a phase of nothing in particular."""
    target = resolve(entry.document)
    known = list(target.events) if isinstance(target, FixedTarget) else []
    asked: list[tuple[str | None, Loc]] = [(each.of, ("when", "phase")) for each in [entry.document.when.phase] if each]
    for number, goal in enumerate(entry.document.want):
        asked += [(goal.cover.of, ("want", number, "cover", "event"))] if goal.cover and goal.cover.event else []
        asked += [(goal.when.phase.of, ("want", number, "when", "phase"))] if goal.when.phase else []
        letter = goal.cover.transit if goal.cover is not None else None
        if target is not None and letter is not None and letter not in known:
            yield _unknown(entry, "unknown-planet", ("want", number, "cover", "transit"), known)
    for name, loc in asked if target is not None else ():
        if name not in known and not (name is None and len(known) == 1):
            yield _unknown(entry, "unknown-event", loc, known)


def _unknown(entry: Entry[Plan], code: str, loc: Loc, known: list[str]) -> Diagnostic:
    example, sort = ("planets: {b: ", "transits") if code == "unknown-planet" else ("events: {minimum: ", "events")
    expected = f"one of {', '.join(known)}" if known else f"a star whose {sort} are known"
    mend = f"write 'target: {{ra: …, dec: …, {example}{{epoch: …, period: …, duration: …}}}}}}'"
    if known:
        mend = f"write '{'of ' if loc[-1] == 'phase' else f'{loc[-1]}: '}{known[0]}'"
    return entry.complain(code, (entry.written.said(*loc), expected, mend), *loc)


def _name(written: Written) -> tuple[Loc, str]:
    """Where a target's name stands, and the name; '' if it has none."""
    target = written.value.get("target")
    key = "of" if isinstance(target, dict) and "of" in target else "name"
    loc: Loc = ("target", key) if isinstance(target, dict) else ("target",)
    name = target.get(key) if isinstance(target, dict) else target
    return loc, name.strip() if isinstance(name, str) else ""
