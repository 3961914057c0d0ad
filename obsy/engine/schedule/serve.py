"""Which of the trains serve a plan."""

from collections.abc import Sequence

from obsy.schemas.plan import Needs, Plan
from obsy.schemas.train import Train


def serving(plan: Plan, trains: Sequence[Train]) -> Train | None:
    """The first train with every filter and everything else that the plan needs; None if there is none."""
    roles = {role for goal in plan.want for role in goal.filter}
    return next((train for train in trains if roles <= set(train.roles) and offers(train, plan.needs)), None)


def offers(train: Train, needs: Needs) -> bool:
    """Whether the train's field and scale are what the plan needs."""
    edge_arcsec = min(train.field) * 3600
    return _holds(needs.field, edge_arcsec) and _holds(needs.scale, train.scale)


def _holds(comparison: tuple[str, float] | None, value: float) -> bool:
    if comparison is None:
        return True
    sign, bound = comparison
    return value < bound if sign == "<" else value > bound
