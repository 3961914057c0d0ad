"""One night planned anew with other versions of one plan: what each would get it, and what it would cost others.

What is likely to get time is asked first: a few changes of the order that the night has already. Only what is told is
proven, by all of the planning that the night itself has. What is likely to be asked next is planned on other cores.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.runtime.why.beside import WorkBeside, spare_cores
from obsy.engine.schedule.better import search_of
from obsy.engine.schedule.request import Candidate, Schedule
from obsy.engine.schedule.room import has_room
from obsy.engine.schedule.tonight import is_large
from obsy.schemas.plan import Plan

SOLVES, FEWER = 12, 6
"""How often a night is planned anew at most, and one that is large: a tenth or two of a second each."""
Seconds = Mapping[str, float]


class Gain(NamedTuple):
    """What a change gets."""

    gained_s: float
    """Of exposure."""
    costs: Seconds
    """By plan, the exposure that others lose."""


@dataclass(frozen=True, eq=False)
class Tonight:
    """What planning goes by, from when on, and what it gives as things stand."""

    planner: Planner
    tally: Tally
    now: datetime
    asked: Sequence[Candidate]
    schedule: Schedule


class Trials:
    """Tries changes of one plan for those of its goals that get nothing; what comes to the same is planned once."""

    def __init__(self, tonight: Tonight, plan: Plan, left: Collection[str]) -> None:
        """Begin with nothing tried."""
        self._tonight, self._plan, self._left = tonight, plan, left
        self._before = _exposed(tonight.schedule, plan.name, left)
        possible = [each for each in tonight.asked if each.refused is None]
        self._spare = FEWER if is_large(possible, tonight.schedule.blocks) else SOLVES
        mine = [each for each in tonight.asked if each.request.line.plan == plan.name]
        self._known = {_alike(mine, plan): Gain(0.0, {})}
        self._seems = {_alike(mine, plan): False}
        self._coming: list[Plan] = []
        self._begun: dict[tuple[object, ...], WorkBeside] = {}
        self.refused = False
        """Whether something was asked for that was not planned any more."""

    def foresee(self, coming: Iterable[Plan]) -> None:
        """Have planned on other cores what may be asked next, the likeliest first: answers come sooner, and alike."""
        self._coming = [*coming]

    def end(self) -> None:
        """End what is planned on other cores, which nobody asks for any more."""
        while self._begun:
            self._begun.popitem()[1].drop()

    def able(self, changed: Plan) -> bool:
        """Return whether some of the goals could be had at all, were there no other plan; a hundredth of the work."""
        return any(each.refused is None and each.request.line.key in self._left for each in self._mine(changed))

    def open_moments(self, changed: Plan) -> int:
        """Return at how many instants goals could be had, were there no other plan."""
        able = (each for each in self._mine(changed) if each.refused is None and each.request.line.key in self._left)
        return sum(int(each.free.sum()) for each in able)

    def likely(self, changed: Plan) -> bool:
        """Return whether some of the goals get time by a few changes of the order that the night has."""
        mine = self._mine(changed)
        alike = _alike(mine, changed)
        if (known := self._seems.get(alike)) is not None:
            return known
        here, wanted = self._tonight, {(changed.name, key) for key in self._left}
        what = self._with(changed, mine), here.planner.timelines(here.tally, here.now), here.planner.observatory.value
        search = search_of(here.schedule.blocks, *what)
        fits = search is not None and has_room(search, wanted)
        fixed = any(each.fixed and each.refused is None and each.request.line.key in self._left for each in mine)
        return self._seems.setdefault(alike, fixed or fits)

    def gain(self, changed: Plan) -> Gain | None:
        """Return what a version of the plan gets; None if enough has been tried."""
        mine = self._mine(changed)
        alike = _alike(mine, changed)
        if (known := self._known.get(alike)) is not None:
            return known
        if not self._spare:
            self.refused = True
            return None
        self._spare -= 1
        beside = self._begun.pop(alike, None)
        self._begin_coming(alike)
        told = beside.answer() if beside is not None else None
        found = Gain(*told) if told is not None else self._planned(changed, mine)
        self._known[alike] = found
        return found

    def _begin_coming(self, now: tuple[object, ...]) -> None:
        """Have what may be asked next planned where a core is free. now: what is asked at this moment."""
        free = spare_cores() - len(self._begun) if self._coming else 0
        while self._coming and free > 0:
            mine = self._mine(changed := self._coming.pop(0))
            alike = _alike(mine, changed)
            if alike == now or alike in self._known or alike in self._begun:
                continue
            work = partial(self._planned, changed, mine)
            if (beside := WorkBeside.begun(work)) is None:
                return
            self._begun[alike] = beside
            free -= 1

    def _planned(self, changed: Plan, mine: Sequence[Candidate]) -> Gain:
        """Return what comes of all of the planning that the night itself has."""
        here = self._tonight
        after = _exposed(
            here.planner.planned(self._with(changed, mine), here.tally, here.now), changed.name, self._left
        )
        costs = {of: float(secs - after[of]) for of, secs in self._before.items() if secs > after[of]}
        return Gain(float(after[changed.name] - self._before[changed.name]), costs)

    def _mine(self, changed: Plan) -> list[Candidate]:
        here = self._tonight
        plans: tuple[Plan, ...] = (changed,)
        if changed.choose is not None or changed.together is not None:  # what is left for it depends on the others
            plans = here.planner.with_plan(changed).observatory.plans
        able = replace(here.planner, observatory=replace(here.planner.observatory, plans=plans))
        return [each for each in able.asked(here.tally, here.now) if each.request.line.plan == changed.name]

    def _with(self, changed: Plan, mine: Sequence[Candidate]) -> list[Candidate]:
        """Return all candidates of the night, those of the plan exchanged, and of all that counts together with it."""
        if changed.together is not None:
            return self._tonight.planner.with_plan(changed).asked(self._tonight.tally, self._tonight.now)
        asked, name = self._tonight.asked, self._plan.name
        at = next(number for number, each in enumerate(asked) if each.request.line.plan == name)
        after = [each for each in asked[at:] if each.request.line.plan != name]
        return [*asked[:at], *mine, *after]


def _alike(mine: Sequence[Candidate], plan: Plan) -> tuple[object, ...]:
    """Return what may get a plan more time: a limit that opens no moment only makes it less urgent."""
    asked = ((each.request.train, each.request.count, each.fixed, each.refused is None) for each in mine)
    return plan.priority, *asked, *(each.free.tobytes() for each in mine)


def _exposed(schedule: Schedule, plan: str, goals: Collection[str]) -> Counter[str]:
    """By plan, the seconds of exposure; of `plan`, those of some goals alone."""
    found = Counter[str]()
    for block in schedule.blocks:
        line = block.request.line
        found[line.plan] += int(block.count * line.goal.exposure) if line.plan != plan or line.key in goals else 0
    return found
