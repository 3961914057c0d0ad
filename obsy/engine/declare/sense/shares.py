"""Shares of the time are people's, one a group, and no more than there is; plans are people's who are declared."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, Mark, did_you_mean, nearest
from obsy.engine.declare.declared import Declared
from obsy.schemas.people import Person, Share
from obsy.schemas.plan import Plan

WHOLE = 100.0


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of a group that has nobody or two shares, and of shares that are more than the whole together."""
    groups = {group for each in declared.of(Person) for group in each.document.groups}
    before = 0.0
    first: dict[str, Mark] = {}
    for entry in declared.of(Share):
        share = entry.document
        if share.group not in groups and declared.all_well("person"):
            mend = did_you_mean(share.group, groups, f"write 'groups: [{share.group}]' in a person of it")
            words = (f"no person is in the group '{share.group}'", "a group of people", mend)
            yield entry.complain("unknown-reference", words, "group")
        if share.group in first:
            mend = f"remove it, or the one at {first[share.group]}"
            words = (f"a second share of '{share.group}'", "one share for each group", mend)
            yield entry.complain("one-too-many", words, "group")
            continue
        first[share.group] = entry.written.at("group")
        if before + share.time > WHOLE:
            left = WHOLE - before
            found = f"{entry.written.said('time')}, and {before:g} % of the time are others' already"
            mend = f"write at most 'time: {left:g} %'" if left > 0 else "remove this share, or lower the others"
            yield entry.complain("out-of-range", (found, "shares of 100 % together at most", mend), "time")
        before += share.time


def owners(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of a plan whose owner is spelt almost like a person who is declared: it would be taken from no share."""
    people = [each.document.name for each in declared.of(Person)]
    for entry in declared.of(Plan):
        owner = entry.document.owner
        if owner and owner not in people and (near := nearest(owner, people)):
            words = (
                entry.written.said("owner"),
                f"a person who is declared: {', '.join(people)}",
                f"did you mean '{near}'?",
            )
            yield entry.complain("unknown-owner", words, "owner")
