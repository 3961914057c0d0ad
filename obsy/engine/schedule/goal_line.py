"""A plan's goals written out: one line for each filter and each tile, with the name its frames carry."""

from dataclasses import dataclass

from obsy.schemas.plan import Goal, Plan


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One thing to count: a goal of a plan in one filter, on one tile."""

    plan: str
    key: str
    """How the goal is called in the store, the journal and every report: 'L-180s', 'Ha-300s_2-1'."""
    object: str
    """What the frames are named after."""
    filter: str
    goal: Goal
    column: int = 1
    row: int = 1

    @property
    def wanted(self) -> int | None:
        """Frames wanted in all; None where the sky decides, as for a transit or a cadence."""
        if self.goal.cover is not None or self.goal.every is not None:
            return None
        return self.goal.count or round(-(-(self.goal.total or 0.0) // self.goal.exposure))

    @property
    def wanted_s(self) -> float | None:
        """Accepted exposure wanted in all; None where the sky decides."""
        return None if self.wanted is None else self.wanted * self.goal.exposure


def lines(plan: Plan) -> tuple[GoalLine, ...]:
    """Every line of a plan, in the order in which it is written, tile by tile."""
    tiles = [(1, 1)]
    if plan.mosaic is not None:
        tiles = [
            (column, row) for row in range(1, plan.mosaic.rows + 1) for column in range(1, plan.mosaic.columns + 1)
        ]
    return tuple(_line(plan, goal, role, tile) for tile in tiles for goal in plan.want for role in goal.filter)


def credits(plans: tuple[Plan, ...]) -> dict[tuple[str, str, float], GoalLine]:
    """The line that a frame counts for, by its object, filter and exposure in seconds."""
    return {(line.object, line.filter, round(line.goal.exposure, 3)): line for plan in plans for line in lines(plan)}


def _line(plan: Plan, goal: Goal, role: str, tile: tuple[int, int]) -> GoalLine:
    name = f"{tile[0]}-{tile[1]}" if plan.mosaic is not None else ""
    suffix = f"_{name}" if name else ""
    return GoalLine(plan.name, f"{role}-{goal.exposure:g}s{suffix}", plan.name + suffix, role, goal, *tile)
