"""The answer to a problem: a heuristic's at once, then better by exact search on parts and on the whole, with a bound.

What ends it is a number of steps: the same problem has the same answer, bit for bit, however busy the machine is.
"""

from collections.abc import Sequence
from itertools import chain

from obsy.engine.solver.draft import Draft
from obsy.engine.solver.exact import exact
from obsy.engine.solver.heuristic import first, from_hint, improved
from obsy.engine.solver.lanes import Places
from obsy.engine.solver.prices import bound_of
from obsy.engine.solver.problem import Answer, Placed, Problem

ROUNDS = 200
"""Of lowering the bound, at least."""
MORE = 400
"""Rounds for each of CP-SAT's seconds more."""
STEP = 0.003
"""What a step of the heuristic counts of the effort."""
SEARCHED = 0.25
"""CP-SAT's deterministic seconds in one of the effort."""
WHOLE = 250
"""Slots that CP-SAT takes on at once, at most; of a lane with set-ups the half, for it looks at each pair of them."""
WAITING = 50
"""Tasks beside those of a lane that CP-SAT may place there, at most: the dearest."""
LEAST = 0.002
"""What a question to CP-SAT counts of its effort at least."""
CLOSE = 1e-6
"""A gap that is none."""


def solve(problem: Problem, effort: float = 1.0, hint: Sequence[Placed] = ()) -> Answer:
    """Return what to place where, never worth less than `hint` if that can be done.

    effort: about seconds, though counted in steps: 0 for the first answer alone, which needs no OR-Tools.
    Raise ValueError if what is kept cannot all be.
    """
    places = Places.of(problem)
    draft = max(from_hint(places, hint), first(places), key=Draft.value) if hint else first(places)
    steps = round(effort / 2 / STEP) if _all_wanted(places) - draft.value() > CLOSE else 0
    search = _Search(places, improved(draft, steps), effort / 2 * SEARCHED)
    if effort > 0:
        search.run()
    placed, value = search.draft.placed(), search.draft.value()
    return Answer(placed, value, max(search.bound, value), steps * STEP + search.spent / SEARCHED)


def _all_wanted(places: Places) -> float:
    """Return what everything is worth together."""
    return sum(max((0.0, *(slot.best for slot in slots))) for slots in places.slots)


class _Search:
    """Exact search, on all of a problem if it is small, else lane by lane, until its effort is spent."""

    def __init__(self, places: Places, draft: Draft, effort: float) -> None:
        self.places, self.draft, self.effort = places, draft, effort
        self.spent = 0.0
        self.bound = bound_of(places, draft.value(), ROUNDS + round(MORE * effort))

    @property
    def _closed(self) -> bool:
        return self.bound - self.draft.value() <= CLOSE * abs(self.bound)

    def run(self) -> None:
        """Search until nothing is left to gain, or to spend."""
        if not self._closed and self._is_small():
            self._ask(range(len(self.places.lanes)), self.effort / 2 if len(self.places.lanes) > 1 else self.effort)
        gained = True
        while gained and not self._closed and self.spent < self.effort:
            gained = False
            for lane in range(len(self.places.lanes)):
                gained |= self._ask([lane], self.effort / 2 / len(self.places.lanes))

    def _is_small(self) -> bool:
        slots = chain.from_iterable(self.places.slots)
        return sum(2 if self.places.lanes[slot.lane].setups else 1 for slot in slots) <= WHOLE

    def _ask(self, lanes: Sequence[int], effort: float) -> bool:
        """Search some lanes; return whether that was worth something."""
        whole = len(lanes) == len(self.places.lanes)
        found = exact(self.draft, lanes, self._among(lanes, whole), min(effort, self.effort - self.spent))
        if found is None:
            self.spent += effort
            return False
        self.spent += max(found.steps, LEAST)
        if whole:
            self.bound = min(self.bound, found.bound)
        other = self.draft.replaced(lanes, found.placed)
        gained = other.value() - self.draft.value()
        if gained > CLOSE * abs(self.draft.value()):
            self.draft = other
            return True
        return False

    def _among(self, lanes: Sequence[int], whole: bool) -> list[int]:
        """Return the tasks that may be placed on some lanes: all, or those that are there and the dearest that wait."""
        if whole:
            return list(range(len(self.places.slots)))
        there = [slot.task for lane in lanes for slot in self.draft.sequences[lane].slots]
        waiting = [
            (-max(slot.best / slot.length for slot in slots if slot.lane in lanes), task)
            for task, slots in enumerate(self.places.slots)
            if task not in self.draft.taken and any(slot.lane in lanes for slot in slots)
        ]
        return there + [task for _, task in sorted(waiting)[:WAITING]]
