"""The answer to a problem: a heuristic's at once, then better by exact search on parts and on the whole, with a bound.

What ends it is a number of steps: the same problem has the same answer, bit for bit, however busy the machine is.
"""

from collections.abc import Sequence as Many
from itertools import chain

from obsy.engine.solver.draft import Draft
from obsy.engine.solver.exact import exact
from obsy.engine.solver.heuristic import first, first_by_choice, from_hint, improved
from obsy.engine.solver.lanes import Places
from obsy.engine.solver.narrowing import narrowed
from obsy.engine.solver.prices import priced
from obsy.engine.solver.problem import Answer, Placed, Problem
from obsy.engine.solver.sequence import Sequence

ROUNDS = 200
"""Of lowering the bound, at least."""
MORE = 400
"""Rounds for each of CP-SAT's seconds more."""
STEP = 0.005
"""What a step of the heuristic counts of the effort."""
SEARCHED = 0.25
"""CP-SAT's deterministic seconds in one of the effort."""
NARROWINGS = 3
"""How often starts are left out and the bound is worked out anew."""
WHOLE = 250
"""Slots that CP-SAT takes on at once, at most; of a lane with set-ups the half, for it looks at each pair of them."""
WAITING = 50
"""Tasks beside those of a lane that CP-SAT may place there, at most: the dearest."""
LEAST = 0.002
"""What a question to CP-SAT counts of its effort at least."""
CLOSE = 1e-6
"""A gap that is none."""


def solve(problem: Problem, effort: float = 1.0, hint: Many[Placed] = ()) -> Answer:
    """Return what to place where, never worth less than `hint` if that can be done.

    effort: about seconds, though counted in steps: 0 for the first answer alone, which needs no OR-Tools.
    Raise ValueError if what is kept cannot all be, UserError where OR-Tools is needed and not installed.
    """
    places = Places.of(problem)
    drafts = [from_hint(places, hint)] if hint else []
    drafts += [first(places), *([first_by_choice(places)] if problem.choices else [])]
    draft = max(drafts, key=Draft.value)
    steps = round(effort / 2 / STEP) if _all_wanted(places) - draft.value() > CLOSE else 0
    search = _Search(places, improved(draft, steps), effort / 2 * SEARCHED)
    if effort > 0:
        search.run()
    placed, value = search.draft.placed(), search.draft.value()
    return Answer(placed, value, max(search.bound, value), steps * STEP + search.spent / SEARCHED)


def most(problem: Problem, times: Many[int], value: float = 0.0) -> float:
    """Return what no answer is worth more than in which each task may be done so many times.

    value: what an answer is known to be worth, which helps.
    """
    return priced(Places.of(problem), value, 2 * ROUNDS, times).bound


def _all_wanted(places: Places) -> float:
    """Return what everything is worth together."""
    return sum(max((0.0, *(slot.best for slot in slots))) for slots in places.slots)


class _Search:
    """Exact search, on all of a problem if it is small, else lane by lane, until its effort is spent."""

    def __init__(self, places: Places, draft: Draft, effort: float) -> None:
        self.places, self.draft, self.effort = places, draft, effort
        self.spent, self.rounds = 0.0, ROUNDS + round(MORE * effort)
        self.priced = priced(places, draft.value(), self.rounds)
        self.bound = self.priced.bound

    @property
    def _closed(self) -> bool:
        return self.bound - self.draft.value() <= CLOSE * abs(self.bound)

    def run(self) -> None:
        """Search until nothing is left to gain, or to spend."""
        lanes = range(len(self.places.lanes))
        gained = True
        while gained and not self._closed and self.spent < self.effort / 3:
            gained = any([self._ask([lane], self.effort / 6 / len(lanes)) for lane in lanes])
        for _ in range(NARROWINGS):
            if not self._closed:
                self._narrow()
        if not self._closed and self._is_small():
            self._ask(lanes, self.effort - self.spent)
        while gained and not self._closed and self.spent < self.effort:
            gained = any([self._ask([lane], self.effort / 3 / len(lanes)) for lane in lanes])

    def _narrow(self) -> None:
        """Leave out starts that no better answer has, and so lower the bound."""
        value, placed = self.draft.value(), self.draft.placed()
        places = narrowed(self.places, self.priced, value)
        if any(places.slot(each) is None for each in placed):
            return  # by a hair's breadth of rounding
        self.places = places
        self.draft = Draft(places, [Sequence(lane) for lane in places.lanes]).replaced(range(len(places.lanes)), placed)
        self.priced = priced(places, value, self.rounds)
        self.bound = min(self.bound, max(value, self.priced.bound))

    def _is_small(self) -> bool:
        slots = chain.from_iterable(self.places.slots)
        return sum(2 if self.places.lanes[slot.lane].setups else 1 for slot in slots) <= WHOLE

    def _ask(self, lanes: Many[int], effort: float) -> bool:
        """Search some lanes; return whether that was worth something."""
        whole = len(lanes) == len(self.places.lanes)
        found = exact(self.draft, lanes, self._among(lanes, whole), min(effort, self.effort - self.spent))
        if found is None:
            self.spent += effort
            return False
        self.spent += max(found.steps, LEAST)
        value = self.draft.value()
        if whole:
            self.bound = min(self.bound, max(value, found.bound))
        other = self.draft.replaced(lanes, found.placed)
        if other.value() - value <= CLOSE * abs(value):
            return False
        self.draft = other
        return True

    def _among(self, lanes: Many[int], whole: bool) -> list[int]:
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
