"""Motion under a pull, arc by arc: Picard's iteration, with polynomials of Chebyshev through the places of an arc.

Source: Clenshaw and Norton, The Computer Journal 6 (1963) 88; Bai and Junkins, Journal of the Astronautical Sciences 58
(2011) 583. Ours: scipy.integrate does the same, and costs every start that follows an asteroid a quarter of a second.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from obsy.engine.sky.grid import Floats

NODES = 24
"""Places through which the polynomial of an arc goes."""
LONGEST_D, SHORTEST_D = 32.0, 1e-3
"""Half of an arc."""
SETTLED_AU = 1e-12
"""An arc is found when another round moves it by less."""
LEFT_OUT_AU = 1e-11
"""What the highest terms of the polynomial add, at most: about what those add that it does not have."""
ROUNDS, SLOWEST = 40, 0.5
"""An arc of which a round moves it by more than half of what the one before did is too long."""


class PlaceAndSpeed(NamedTuple):
    """Where something is, and how it moves; au, and au a day."""

    place: Floats
    speed: Floats


class _Arc(NamedTuple):
    places: Floats
    """(nodes, 3)."""
    speeds: Floats
    is_good: bool


def moved(
    begin: PlaceAndSpeed,
    now: float,
    days: Floats,
    guess: Callable[[Floats], Floats],
    pull: Callable[[Floats, Floats], Floats],
) -> Floats:
    """Return the places at days that lead away from now, forwards or backwards; (days, 3).

    guess: about where it is at some times; pull: what speeds it up, where it is there at some times, au a day squared.
    """
    way = 1.0 if days[-1] >= now else -1.0
    found, done, half = np.empty((len(days), 3)), 0, LONGEST_D
    while done < len(days):
        half = min(half, max(way * (days[-1] - now) / 2, SHORTEST_D))
        when = now + way * half * (_nodes() + 1)
        arc = _arc(begin, way * half, guess(when), lambda places, at=when: pull(at, places))  # type: ignore[misc]
        if not arc.is_good and half > SHORTEST_D:
            half /= 2
            continue
        until = int(np.searchsorted(way * days, way * when[-1] + 1e-9, side="right"))
        within = chebyshev.chebvander(way * (days[done:until] - now) / half - 1, NODES - 1)
        found[done:until] = within @ (_terms() @ arc.places)
        done, now, begin, half = (
            until,
            float(when[-1]),
            PlaceAndSpeed(arc.places[-1], arc.speeds[-1]),
            min(2 * half, LONGEST_D),
        )
    return found


def _arc(begin: PlaceAndSpeed, half: float, places: Floats, pull: Callable[[Floats], Floats]) -> _Arc:
    """Return an arc from some guess of its places; half: of its length, negative backwards."""
    last, sums = np.inf, half * _sums()
    for _ in range(ROUNDS):
        faster = pull(places)
        speeds = begin.speed + sums @ faster
        places, before = begin.place + sums @ speeds, places
        change = float(np.abs(places - before).max())
        if change < SETTLED_AU:
            left_out = float(np.abs((_terms() @ faster)[-2:]).max()) * half**2
            return _Arc(places, speeds, left_out < LEFT_OUT_AU)
        if not change < SLOWEST * last:
            break
        last = change
    return _Arc(places, speeds, is_good=False)


@cache
def _nodes() -> Floats:
    """Return where the nodes lie within an arc, from -1 to 1."""
    return np.asarray(-np.cos(np.pi * np.arange(NODES) / (NODES - 1)))


@cache
def _terms() -> Floats:
    """Return what makes the polynomial's terms of values at the nodes."""
    return np.asarray(np.linalg.inv(chebyshev.chebvander(_nodes(), NODES - 1)))


@cache
def _sums() -> Floats:
    """Return what makes integrals up to each node of values at the nodes."""
    return np.asarray(chebyshev.chebvander(_nodes(), NODES) @ chebyshev.chebint(_terms(), lbnd=-1, axis=0))
