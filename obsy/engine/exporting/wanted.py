"""What other programs can be told of a plan: a place, series of exposures, and which of its words they do not know."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil

from obsy.engine.declare.declared import Entry
from obsy.engine.declare.names import called, resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.exchange.filters import usual_name
from obsy.engine.exchange.layout import flow
from obsy.errors import UserError
from obsy.schemas.plan import Plan

_SAID = frozenset("kind name target targets want when pipeline formerly notes needs owner".split())
_SAID_OF_GOALS = frozenset("filter exposure count total name formerly".split())
"""Said, or of no meaning elsewhere."""


@dataclass(frozen=True, slots=True)
class Series:
    """Exposures in one filter."""

    filter: str
    exposure_s: float
    count: int


def name_of(entry: Entry[Plan]) -> str:
    """Return the name that stands in the file; a plan of a list is called by its target too."""
    return str(entry.written.place(("name",)).node.value)


def place_of(entry: Entry[Plan], program: str) -> tuple[str, FixedTarget]:
    """Return a target's name and place. Raise UserError if it moves, which these programs are told otherwise."""
    plan, place = entry.document, resolve(entry.document)
    if not isinstance(place, FixedTarget):
        raise UserError(f"{entry.written.at('target')}: {program} is told only places that stand still among the stars")
    return called(plan), place


def series(entry: Entry[Plan], program: str) -> list[Series]:
    """Return what a plan wants. Raise UserError if that is nothing which another program could simply take."""
    is_colour = entry.document.roles & {"L", "G"}  # then B and R are not those of Johnson and Cousins
    found = []
    for goal in entry.document.want:
        count = goal.count or (ceil(goal.total / goal.exposure) if goal.total else 0)
        names = [usual_name(role) if is_colour else role for role in goal.filter] if count else []
        found += [Series(name, goal.exposure, count) for name in names]
    if not found:
        raise UserError(f"{entry.written.at('want')}: {program} takes numbers of frames; no goal of this plan is one")
    return found


def unsaid(entry: Entry[Plan], known: Collection[str] = ()) -> Iterator[str]:
    """Yield what a plan says and the other program is not told; known: the words that it is told."""
    value = entry.written.value
    when = value.get("when")
    words = {key: said for key, said in value.items() if key not in _SAID}
    words |= {f"when: {key}": said for key, said in when.items()} if isinstance(when, dict) else {}
    target = value.get("target")
    moves = target.items() if isinstance(target, dict) else ()
    words |= {f"target: {key}": said for key, said in moves if key in ("motion", "parallax")}
    for number, goal in enumerate(entry.document.want):
        beside = ((key, said) for key, said in goal.said().items() if key not in _SAID_OF_GOALS)
        words |= {f"want[{number + 1}]: {key}": said for key, said in beside}
    yield from (f"not in it: '{key}: {flow(said)}'" for key, said in words.items() if key not in known)
