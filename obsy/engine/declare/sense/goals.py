"""Goals, plans and sites must be told apart, under the names they have and under those they had."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site

Named = TypeVar("Named", Plan, Site)


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each name that two goals of a plan have, and for each former one that is somebody else's."""
    for entry in declared.of(Plan):
        yield from _goals(entry)
    yield from _heirs(declared.of(Plan))
    yield from _heirs(declared.of(Site))


def _heirs(entries: Sequence[Entry[Named]]) -> Iterator[Diagnostic]:
    """Complain of each former name of a plan, or of a site, that is not its own."""
    named = {entry.document.name: entry for entry in entries}
    heirs: dict[str, Entry[Named]] = {}
    for entry in entries:
        for number, name in enumerate(entry.document.formerly):
            other = named.get(name) or heirs.get(name)
            heirs.setdefault(name, entry)
            if other is not None:
                kind = entry.document.kind
                what = f"a {kind} is '{name}'" if name in named else f"another {kind} was '{name}' too"
                yield _claimed(entry, what, other.written.at("name"), ("formerly", number))


def _goals(entry: Entry[Plan]) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    for number, goal in enumerate(entry.document.want):
        for nth, role in enumerate(goal.filter):
            first = seen.setdefault(goal.key(role), number)
            if first != number:
                words = (
                    f"{goal.key(role)} is wanted in line {entry.written.at('want', first).line} already",
                    "goals with different names, so that a frame counts for one",
                    "add the two amounts together, or give one of them a name: 'name: deep'",
                )
                loc = ("name",) if goal.name else ("filter", nth)
                yield entry.complain("goal-twice", words, "want", number, *loc)
    former: dict[tuple[str, str], int] = {}
    for number, goal in enumerate(entry.document.want):
        for key in [(name, role) for role in goal.filter for name in goal.former_keys(role)]:
            name, first = key[0], seen.get(key[0], former.setdefault(key, number))
            if name in seen or first != number:
                what = f"a goal is '{name}'" if name in seen else f"another goal was '{name}' too"
                yield _claimed(entry, what, entry.written.at("want", first), ("want", number, "formerly"))
                break


def _claimed(entry: Entry[Any], what: str, other: Mark, loc: tuple[str | int, ...]) -> Diagnostic:
    own = entry.written.at(*loc).file == other.file
    where = f"in line {other.line}" if own else f"at {other}"
    words = (f"{what}, {where}", "a name that only this one had, and nobody has now", "remove it")
    return entry.complain("formerly-in-use", words, *loc)
