"""Shares of the time are people's, and no more than there is."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, did_you_mean
from obsy.engine.declare.declared import Declared
from obsy.schemas.people import Person, Share

WHOLE = 100.0


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of a group that nobody is in, and of shares that are more than the whole together."""
    groups = {group for each in declared.of(Person) for group in each.document.groups}
    before = 0.0
    for entry in declared.of(Share):
        share = entry.document
        if share.group not in groups and declared.all_well("person"):
            mend = did_you_mean(share.group, groups, f"write 'groups: [{share.group}]' in a person of it")
            words = (f"no person is in the group '{share.group}'", "a group of people", mend)
            yield entry.complain("unknown-reference", words, "group")
        if before + share.time > WHOLE:
            left = WHOLE - before
            found = f"{entry.written.said('time')}, and {before:g} % of the time are others' already"
            mend = f"write at most 'time: {left:g} %'" if left > 0 else "remove this share, or lower the others"
            yield entry.complain("out-of-range", (found, "shares of 100 % together at most", mend), "time")
        before += share.time
