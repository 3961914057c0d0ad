"""What counts only together in a night to come, as arrays over all goals of the forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.progress import GoalKey
from obsy.engine.schedule.bond import bound_of
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import finishing
from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.value import Value


@dataclass(frozen=True, eq=False)
class NightBonds:
    """A bond is a row; (bonds,) where nothing else is said."""

    members: Mask
    """Which goals are of it that can be had in this night; (bonds, goals)."""
    begun: Mask
    """Of which something has been tried already in this night."""
    wanted: Floats
    """How much it is wanted."""
    finishing: Floats
    """What finishing is worth, points; (goals,)."""


def night_bonds(asked: Sequence[Candidate], goals: Mapping[GoalKey, int], weights: Value) -> NightBonds:
    """Return the bonds of a night's candidates. goals: the number of each."""
    able = [each for each in asked if each.refused is None]
    bound = bound_of(able)
    names = {name: number for number, name in enumerate(dict.fromkeys(bond.name for bond, _ in bound))}
    found = NightBonds(
        np.zeros((len(names), len(goals)), bool),
        np.zeros(len(names), bool),
        np.zeros(len(names)),
        np.zeros(len(goals)),
    )
    for bond, each in bound:
        number = names[bond.name]
        found.members[number, goals[each.request.line.plan, each.request.line.key]] = True
        found.begun[number] |= bond.begun
        found.wanted[number] = each.request.claim.total
    if names:
        for each in able:
            found.finishing[goals[each.request.line.plan, each.request.line.key]] = weights.completion * finishing(each)
    return found
