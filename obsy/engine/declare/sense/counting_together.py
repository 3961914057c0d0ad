"""What counts only together: several goals, and no more of them than a night has time for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import inf

from obsy.diagnostics import Diagnostic, nearest
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.sense.visibility import longest_night_h
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.units import duration

LONGEST_S = 24 * 3600.0
"""Of a night, which runs from noon to noon, where no site says how long it is dark."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of names that a single goal bears, and of more time than a night has."""
    bonds: defaultdict[str, list[Entry[Plan]]] = defaultdict(list)
    for entry in declared.of(Plan):
        if entry.document.bond is not None:
            bonds[entry.document.bond].append(entry)
    yield from _too_long([entry for entries in bonds.values() for entry in entries], declared)
    if declared.all_well("plan"):
        for name, entries in bonds.items():
            if len(entries) == 1 and _goals(entries[0].document) == 1:
                yield _alone(name, entries[0], declared, [each for each in bonds if each != name])


def _too_long(entries: Sequence[Entry[Plan]], declared: Declared) -> Iterator[Diagnostic]:
    """Complain of plans that want more than a night of one train, and of wholes that want more than one of all trains.

    Of a whole with such a plan, the plan alone is told; where a train cannot be read, no whole is.
    """
    wholes: defaultdict[str, list[tuple[Entry[Plan], float]]] = defaultdict(list)
    dark_s = {entry.document.name: _longest_s(entry.document, declared) for entry in entries}
    for entry in entries:
        if (wanted_s := _exposed_s(entry.document)) > dark_s[entry.document.name]:
            yield _more_than_a_night(entry, (wanted_s, dark_s[entry.document.name]), "")
        for plan in entry.document.written_out():
            wholes[str(plan.bond)].append((entry, wanted_s))
    trains = max(1, len(in_use(declared))) if declared.all_well("train") else inf
    for name, parts in wholes.items():
        whole_s, longest_s = (
            sum(wanted_s for _, wanted_s in parts),
            max(dark_s[entry.document.name] for entry, _ in parts),
        )
        if whole_s > trains * longest_s and all(wanted_s <= dark_s[entry.document.name] for entry, wanted_s in parts):
            yield _more_than_a_night(parts[0][0], (whole_s, longest_s), f", of all that counts together as '{name}'")


def _longest_s(plan: Plan, declared: Declared) -> float:
    """Return how long it is dark enough for a plan, seconds, in the longest night of the year at any of the sites.

    Where it never is, `never-dark` says so.
    """
    lowest_deg = max((goal.when.over(plan.when).sun or DARK).below for goal in plan.want)
    sites = [each.document for each in declared.of(Site)] if declared.all_well("site") else []
    return 3600 * max((longest_night_h(each.latitude, lowest_deg) for each in sites), default=0.0) or LONGEST_S


def _more_than_a_night(entry: Entry[Plan], times_s: tuple[float, float], of: str) -> Diagnostic:
    """times_s: what is wanted, and the longest night."""
    wanted_s, longest_s = times_s
    found = f"{duration(wanted_s)} of exposure in one night{of}"
    expected = "as much as one night can have"
    expected += f", which is {duration(longest_s)} in the longest night here" if longest_s < LONGEST_S else ""
    mend = "ask for less; of a 'count' with 'every: 1 d' each visit counts as a whole"
    return entry.complain("never-whole", (found, expected, mend), "together")


def _alone(name: str, entry: Entry[Plan], declared: Declared, others: Sequence[str]) -> Diagnostic:
    """Return the complaint of a single goal that alone bears a name."""
    said = f"'together: one night of {name}'"
    near = nearest(name, others)
    if any(each.document.name == name and each is not entry for each in declared.of(Plan)):
        mend = f"write {said} in the plan '{name}' too"
    else:
        mend = f"write {said} in another plan too" if near is None else f"did you mean '{near}'?"
    found = f"no other plan counts together as '{name}'"
    return entry.complain("never-whole", (found, "two goals or more that count together", mend), "together")


def _goals(plan: Plan) -> int:
    return max(1, len(plan.each_target)) * plan.tiles * sum(len(goal.filter) for goal in plan.want)


def _exposed_s(plan: Plan) -> float:
    """Return how long is exposed that one night must have of one target, before anything is taken of it."""
    each = (len(goal.filter) * (goal.total or (goal.count or 0) * goal.exposure) for goal in plan.want)
    return plan.tiles * sum(each)
