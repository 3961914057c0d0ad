"""A night's schedule: the most valuable of several, which simple rules and a few random tries make.

A bounded number of tries, and not the clock, ends it: the same wishes give the same night.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from obsy.engine.schedule.bond import bound_of, had, keeps_bonds, no_time_for_all, torn, whose_bond_is_in
from obsy.engine.schedule.filling import TURN_S, Filling, FillingRule, Goal, NightFilling, free_of, goal_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.greedy_filling import GreedyFilling
from obsy.engine.schedule.list_filling import ListFilling
from obsy.engine.schedule.meanwhile import BusyFilling
from obsy.engine.schedule.merit_bounds import MeritBounds
from obsy.engine.schedule.order import Order
from obsy.engine.schedule.request import NOT_CHOSEN, Block, Candidate, Reason, Schedule, Unplaced
from obsy.engine.schedule.value import of_night
from obsy.schemas.target import Satellite
from obsy.schemas.value import Value

NO_TIME = Reason("no-time-left", "the night is worth more with others in the time when it could be taken")
TOO_LATE = Reason("no-time-left", "what is left of its time is too short for slewing, focusing and one frame")
NO_MOUNT = Reason("no-time-left", "its mount can take nothing for what is left of the night")
CUT_OFF = Reason("cut-off", "it cannot be taken from beginning to end")
FLYOVER_TAKEN = Reason("flyover-taken", "others are taken in its flyovers, and it gets what they leave")
WEIGHTS = Value.model_construct()
TRIES, WORK = 12, 240
"""At most so many random tries, and fewer for many goals: so many of them in all tries together."""
ROUNDING = 1e-9
"""Points."""
FIRST = 100.0
"""Points an hour that what counts together deserves more, where all of it is tried: less than what is immediate."""
NOTHING: Mapping[Goal, float] = {}
ROUNDS = 2
"""After so many, all that is still torn is left out at once."""
MOST = 10_000
"""With more goals times blocks than this only the rules that are quick are tried: planning takes tenths of a second."""


def tonight(candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value = WEIGHTS) -> Schedule:
    """Return the blocks of every mount, and a reason for each request that gets none.

    A goal that several trains could take is a candidate with each of them. All blocks of one plan go to one train.
    """
    possible = [candidate for candidate in candidates if candidate.refused is None]
    best_of = _best_whole if bound_of(possible) else _best_of
    return _schedule(best_of(possible, timelines, weights), candidates)


def in_order(
    schedule: Schedule,
    candidates: Sequence[Candidate],
    timelines: Sequence[Timeline],
    weights: Value,
    order: Order,
) -> Schedule:
    """Return what `better.py` found, now or earlier in the night, where it is worth more now than a schedule is."""
    possible = [candidate for candidate in candidates if candidate.refused is None]
    if not order or not possible:
        return schedule
    asked = possible, timelines, weights
    rule, mine = FillingRule(weights), whose_bond_is_in(possible, {stint.goal for stint in order})
    found = _answer(rule, BusyFilling(mine, timelines, rule, order), asked)
    worth = sum(of_night(schedule.blocks, *asked).values())
    if not keeps_bonds(found.blocks, schedule.blocks, possible):
        return schedule
    return _schedule(found, candidates) if found.value > worth + ROUNDING else schedule


def at_least_by_others(
    schedule: Schedule, candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value
) -> Schedule:
    """Return what the rules of EKOS and of obsy 0.1 make of a night, where that is worth more than a schedule is.

    They are not asked of a large night, nor of one in which all is taken: it would only wait for a little less air.
    """
    possible = [candidate for candidate in candidates if candidate.refused is None]
    if is_large(possible, schedule.blocks) or _takes_all(schedule.blocks, possible):
        return schedule
    asked, bounding = (possible, timelines, weights), MeritBounds.of(free_of(possible))
    rule, worth = FillingRule(weights, turn_s=None), sum(of_night(schedule.blocks, *asked).values())
    others = (_answer(rule, by(possible, timelines, rule, bounding), asked) for by in (ListFilling, GreedyFilling))
    whole = [each for each in others if keeps_bonds(each.blocks, schedule.blocks, possible)]
    best = max(whole, key=lambda each: each.value, default=None)
    return schedule if best is None or best.value <= worth + ROUNDING else _schedule(best, candidates)


def _schedule(best: "_Answer", candidates: Sequence[Candidate]) -> Schedule:
    placed = {goal_of(block.request) for block in best.blocks}
    unplaced = _unplaced(candidates, placed, best.fillings)
    return Schedule(tuple(sorted(best.blocks, key=lambda block: block.start)), tuple(unplaced))


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """A night as one rule fills it."""

    rule: FillingRule
    fillings: Sequence[Filling]
    blocks: tuple[Block, ...]
    value: float


def _best_whole(possible: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> _Answer:
    """Return the best night that is found in which each bond has all or nothing; what has begun goes before others.

    What the rules leave torn is tried first of all, and left out if it is torn then too; or left out at once.
    """
    bound = bound_of(possible)
    begun = {bond.name for bond, _ in bound if bond.begun}
    claimed = {bond.name: each.request.claim.total for bond, each in bound}

    def rules(first: set[str], out: set[str]) -> _Rules:
        asked = [each for each in possible if each.request.bond is None or each.request.bond.name not in out]
        more = {goal_of(each.request): FIRST for bond, each in bound if bond.name in first}
        return _Rules(asked, timelines, weights, more)

    def mended(is_tried: bool) -> tuple[_Answer, _Rules]:
        (found, by), first, out = begins, begun, set[str]()
        for round_ in count():
            broken = torn(found.blocks, possible)
            if not broken:
                break
            if is_tried and broken - first:
                first = first | broken
            elif is_tried and round_ < ROUNDS:
                out.add(min(broken, key=lambda name: (name in begun, claimed[name], name)))
            else:
                out |= broken
            by = rules(first, out)
            found = by.best()
        return found, by

    begins = ((by := rules(begun, set())).best(), by)
    answers = [mended(is_tried=True), mended(is_tried=False)]
    found, by = max(answers, key=lambda each: (len(begun & had(each[0].blocks, possible)), each[0].value))
    return by.by_chance(found)  # only of the night that counts: tries take as long as the rules


def _best_of(possible: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> _Answer:
    """Return the most valuable night that the rules and the tries make; of equals the first."""
    by = _Rules(possible, timelines, weights, NOTHING)
    return by.by_chance(by.best())


class _Rules:
    """What fills a night by one rule or another. A night that tears fewer bonds goes before any that tears more."""

    def __init__(
        self, asked: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value, more: Mapping[Goal, float]
    ) -> None:
        """more: by goal, what it is to deserve more."""
        self._asked, self._more = (asked, timelines, weights), more
        self._bounding = MeritBounds.of(free_of(asked))
        self._begun = {bond.name for bond, _ in bound_of(asked) if bond.begun}
        self._is_settled = False

    def best(self) -> _Answer:
        """Return the most valuable night of the rules; of equals the first.

        Where the first rule takes all that is wanted, no other is tried; where the night is large, the quick ones are.
        """
        asked, _, weights = self._asked
        first, *others = (replace(rule, more=self._more) for rule in _rules(weights))
        best = self._answer(first)
        if _takes_all(best.blocks, asked):
            self._is_settled = True
            return best
        self._is_settled = large = is_large(asked, best.blocks)
        for rule in others:
            if not (large and rule.finishing):
                best = max(best, self._answer(rule), key=self._worth)
        return best

    def by_chance(self, best: _Answer) -> _Answer:
        """Return the best night that a few random changes of its rule make, where `best` tried all rules."""
        possible = self._asked[0]
        if self._is_settled:
            return best
        wanted, chance = sorted({goal_of(each.request) for each in possible}), Random(1)  # noqa: S311 - the same each time
        for _ in range(min(TRIES, WORK // len(possible))):
            best = max(best, self._answer(_changed(best.rule, wanted, chance)), key=self._worth)
        return best

    def _answer(self, rule: FillingRule) -> _Answer:
        possible, timelines, _ = self._asked
        return _answer(rule, NightFilling(possible, timelines, rule, self._bounding), self._asked)

    def _worth(self, each: _Answer) -> tuple[int, int, float]:
        asked = self._asked[0]
        return -len(torn(each.blocks, asked)), len(self._begun & had(each.blocks, asked)), each.value


def _takes_all(blocks: Sequence[Block], possible: Sequence[Candidate]) -> bool:
    wanted = {goal_of(each.request): each.request.count for each in possible}
    return sum(each.count for each in blocks) >= sum(wanted.values())


def is_large(possible: Sequence[Candidate], blocks: Sequence[Block]) -> bool:
    """Return whether of the rules only the quick ones are tried on a night."""
    return len(possible) * len(blocks) > MOST


def _answer(
    rule: FillingRule, night: NightFilling, asked: tuple[Sequence[Candidate], Sequence[Timeline], Value]
) -> _Answer:
    """Return a night that is filled now, and what it is worth by what was asked."""
    blocks = night.filled()
    return _Answer(rule, night.fillings, blocks, sum(of_night(blocks, *asked).values()))


def _rules(weights: Value) -> Iterator[FillingRule]:
    """Yield the rules that are tried: a picture's goals in step, or one after the other; by merit, claim, or haste."""
    plain = weights.model_copy(update={"urgency": 0.0, "quality": 0.0, "moon": 0.0})
    hasty = weights.model_copy(update={"urgency": 10.0})
    yield FillingRule(weights, TURN_S)
    yield FillingRule(weights, TURN_S, gives_way=True)
    yield FillingRule(weights, None, gives_way=True, finishing=1.0)
    yield FillingRule(plain, None, gives_way=True)
    yield FillingRule(hasty, None, gives_way=True, finishing=1.0)


def _changed(rule: FillingRule, goals: Sequence[Goal], chance: Random) -> FillingRule:
    """Return the rule with one goal, or a few, more or less wanted."""
    size, few = chance.choice((1.0, 3.0, 6.0)), min(chance.choice((1, 2, 4)), len(goals))
    more = {goal: rule.more.get(goal, 0.0) + chance.gauss(0.0, size) for goal in chance.sample(goals, few)}
    return FillingRule(rule.weights, rule.turn_s, rule.gives_way, rule.finishing, {**rule.more, **more})


def _unplaced(candidates: Sequence[Candidate], placed: set[Goal], fillings: Sequence[Filling]) -> Iterable[Unplaced]:
    """Yield each goal that has no block once, rather with the reason of a train that could have taken it."""
    reasons: dict[Goal, Unplaced] = {}
    for each in candidates:
        goal = goal_of(each.request)
        if goal not in placed and (each.refused is None or goal not in reasons):
            why = each.refused or _crowded_out(each, fillings)
            if each.request.bond is not None and why in (NO_TIME, TOO_LATE):
                timeline = next(one.timeline for one in fillings if each.request.train in one.timeline.costs)
                why = no_time_for_all(each, candidates, timeline, others_have=why == NO_TIME) or why
            reasons[goal] = Unplaced(each.request, why)
    return reasons.values()


def _crowded_out(candidate: Candidate, fillings: Sequence[Filling]) -> Reason:
    """Return why what could be taken got nothing: others are only to blame where they were given something."""
    able = [each for each in fillings if candidate.request.train in each.timeline.costs]
    placed = {block.request.line.plan: block.request.choice for each in fillings for block in each.blocks}
    choice = candidate.request.choice
    if choice is not None and sum(each is not None and each[0] == choice[0] for each in placed.values()) >= choice[1]:
        return NOT_CHOSEN
    if candidate.fixed:
        return FLYOVER_TAKEN if isinstance(candidate.request.line.unfollowed, Satellite) else CUT_OFF
    if not able:
        return NO_MOUNT
    return NO_TIME if any(each.blocks for each in able) else TOO_LATE
