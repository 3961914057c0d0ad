"""Requests that belong together: of a group that is had as a whole, or of which one is enough."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from obsy.engine.importing.wish import Leftover, Wish
from obsy.schemas.model import plain_name

ALL, ONE = "AND", "ONEOF"
_MEANS = {ALL: "all of its requests or none", ONE: "one of its requests"}


def joined(
    operator: str, group: str, requests: Sequence[Sequence[Wish | Leftover]], taken: set[str]
) -> Iterator[Wish | Leftover]:
    """Yield what was found of a group; its wishes say what its operator does, and a leftover if they cannot.

    requests: what was found of each. taken: the names of the groups before it in the file; gets its own.
    """
    found = [each for request in requests for each in request]
    if operator not in _MEANS or len(requests) < 2:  # noqa: PLR2004
        yield from found
        return
    if why := _unsayable(operator, requests):
        yield from found
        line = min((each.line for each in found), default=1)
        yield Leftover(line, f"not carried over: that '{group}' is for {_MEANS[operator]} ({operator}): {why}")
        return
    first = plain_name(group) or "group"
    name = next(each for each in (first, *(f"{first}-{n}" for n in range(2, 10_000))) if each not in taken)
    taken.add(name)
    said = {"together": f"one night of {name}"} if operator == ALL else {"choose": f"1 a night of {name}"}
    lost = () if operator == ALL else (f"that one of '{group}' is enough ({ONE}): one a night, each in the end",)
    for each in found:
        if isinstance(each, Wish):
            yield replace(each, more={**each.more, **said}, lost=(*each.lost, *lost))
        else:
            yield each


def _unsayable(operator: str, requests: Sequence[Sequence[Wish | Leftover]]) -> str:
    """Return why plans cannot say it; '' if they can."""
    wishes = [[each for each in request if isinstance(each, Wish)] for request in requests]
    if not all(wishes):
        return "not all of them become plans"
    if operator == ALL and len({wish.when.get("dates") for each in wishes for wish in each}) > 1:
        return "their windows differ, and 'together' is of one night"
    return ""
