"""What no schedule of a night is worth more than, from prices of time: a Lagrangian relaxation with whole goals.

That a mount does one thing at a time is all that is let go: where each stretch of its night has a price, every picture
takes what is best for it alone (`spans.py`), in whole frames and whole goals. In a true night no stretch is used for
longer than it is, so whatever the prices (none below nothing), what all pictures add less what their time costs, and
what the whole night's time costs, are together no less than any schedule is worth. The prices that make this small come
from mixtures of what was taken so far, drawn towards the best prices.

Sources: Geoffrion, Mathematical Programming Study 2 (1974) 82; Dantzig and Wolfe, Operations Research 8 (1960) 101;
Wentges, International Transactions in Operational Research 4 (1997) 151, for the drawing.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil, inf

import numpy as np

from obsy.engine.schedule.bound.spans import FixedSpan, NightSpans, PictureSpan, Taken
from obsy.engine.schedule.bound.stakes import PlanStake, caps_of, stakes_of
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats
from obsy.schemas.value import Value

STRETCH = 10
"""Instants of the grid that have one price."""
ROUNDS = 60
MANY = 150
"""Above so many candidates there is no such bound: it would take too long."""
NEWEST = 0.4
"""The part that the newest mixture has in the prices that are tried."""
SHORTER, SMALLEST = 0.8, 0.05
"""After prices that were no better it has less of one."""
FLAT, DEAR = 16, 1.25
"""So many prices for the whole night are tried first, up to that of the best frame and more."""
ENOUGH = 1e-3
"""Of the bound: so much more could be gained by other prices at most."""
ROUNDING = 1e-9
Span = PictureSpan | FixedSpan
Column = tuple[int, float, Floats]
"""Whose, what it is worth, and seconds of each stretch."""


def at_most_by_time(candidates: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> float:
    """Return a bound on what the blocks of a night are worth; infinity where it would take too long."""
    asked = [each for each in candidates if each.refused is None and each.request.count]
    if len(asked) > MANY or not timelines:
        return inf
    night = _Priced(asked, timelines, weights)
    if not night.possible:
        return inf
    prices, least, columns = night.flat(), inf, list[Column]()
    for scale in range(FLAT + 1):  # one price for the whole night
        found, new = night.bound(prices * (scale / FLAT))
        columns += new
        if found < least:
            best, least = prices * (scale / FLAT), found
    share = NEWEST
    for _ in range(ROUNDS if columns else 0):
        mixed, newest = night.mixture(columns)
        if least - mixed <= ENOUGH * least:
            break
        tried = (1 - share) * best + share * newest
        found, new = night.bound(tried)
        columns += new
        if found < least:
            best, least, share = tried, found, NEWEST
        else:
            share = max(SMALLEST, share * SHORTER)
    return float(least) * (1 + ROUNDING)


class _Priced:
    """A night's spans; prices are (mounts, stretches)."""

    def __init__(self, asked: Sequence[Candidate], timelines: Sequence[Timeline], weights: Value) -> None:
        grid = timelines[0].grid
        stretch_s, lasts_s = STRETCH * grid.step_s, (grid.count - 1) * grid.step_s
        edges = np.minimum(np.arange(ceil(lasts_s / stretch_s) + 2) * stretch_s, lasts_s)
        begins = [(each.begin - grid.start).total_seconds() for each in timelines]
        self._room = np.array([np.diff(np.maximum(edges, begin)) for begin in begins])
        stakes = stakes_of(asked, caps_of(asked, timelines), weights)
        spans = NightSpans(asked, timelines, weights, stretch_s)
        self._spans: list[Span] = list(spans.fixed())
        self._fixed, self._surely = len(self._spans), stakes.surely
        self._plans: list[tuple[PlanStake, list[list[int]]]] = []
        for plan in stakes.plans:
            trains = []
            for pictures in plan.trains:
                made = [span for picture in pictures for span in spans.of(picture)]
                trains.append(list(range(len(self._spans), len(self._spans) + len(made))))
                self._spans += made
            self._plans.append((plan, trains))
        self.possible = spans.possible

    def flat(self) -> Floats:
        """Return one price for all, at which nothing is taken."""
        rates = (float(each.pays.max()) / each.each_s for each in self._spans)
        most = max(rates, default=0.0) * DEAR
        return np.full(self._room.shape, max(most, 0.0))

    def bound(self, prices: Floats) -> tuple[float, list[Column]]:
        """Return the bound by some prices, and what each span takes at them."""
        taken = [each.best(prices[each.mount]) for each in self._spans]
        total = self._surely + float((prices * self._room).sum()) + sum(each.value for each in taken[: self._fixed])
        by_list: defaultdict[tuple[str, int] | None, list[float]] = defaultdict(list)
        for plan, trains in self._plans:
            by_list[plan.choice].append(max(sum(taken[n].value for n in train) for train in trains))
        for of, adds in by_list.items():
            total += sum(sorted(adds)[-of[1] :] if of is not None else adds)
        for mount, row in enumerate(prices):
            mine = (s.refund(row) for s in self._spans if isinstance(s, PictureSpan) and s.mount == mount)
            total += max(mine, default=0.0)
        return total, [self._column(n, each, prices) for n, each in enumerate(taken) if each.seconds.any()]

    def _column(self, number: int, taken: Taken, prices: Floats) -> Column:
        seconds = np.zeros(prices.shape)
        seconds[self._spans[number].mount] = taken.seconds
        return number, taken.value + float((prices * seconds).sum()), seconds.ravel()

    def mixture(self, columns: Sequence[Column]) -> tuple[float, Floats]:
        """Return what the best mixture is worth, and what a second of each stretch costs in it."""
        from scipy.optimize import linprog  # noqa: PLC0415  a third of a second, where a bound is asked for

        pairs = [(plan, train) for plan, (_, trains) in enumerate(self._plans) for train in trains]
        lists = sorted({plan.choice for plan, _ in self._plans if plan.choice is not None})
        room, many, spans = self._room.ravel(), len(columns), len(self._spans)
        upper = np.zeros((len(room) + spans + len(self._plans) + len(lists), many + len(pairs)))
        right = np.concatenate([room, np.zeros(spans), np.ones(len(self._plans)), [float(of[1]) for of in lists]])
        right[len(room) : len(room) + self._fixed] = 1.0
        upper[: len(room), :many] = np.array([seconds for *_, seconds in columns]).T
        upper[[len(room) + number for number, *_ in columns], np.arange(many)] = 1.0
        for column, (plan, train) in enumerate(pairs, start=many):
            upper[[len(room) + n for n in train], column] = -1.0
            upper[len(room) + spans + plan, column] = 1.0
            if (choice := self._plans[plan][0].choice) is not None:
                upper[len(room) + spans + len(self._plans) + lists.index(choice), column] = 1.0
        gain = np.concatenate([[value for _, value, _ in columns], np.zeros(len(pairs))])
        found = linprog(-gain, upper, right, method="highs")
        prices = np.maximum(-found.ineqlin.marginals[: len(room)], 0.0)
        return self._surely - float(found.fun), prices.reshape(self._room.shape)
