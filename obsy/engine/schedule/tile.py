"""Where the tiles of a mosaic point."""

from obsy.engine.schedule.line import Line
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

Offset = tuple[float, float]


def offset_deg(line: Line, plan: Plan, train: Train) -> Offset:
    """How far a line's tile lies from the plan's target, degrees along the camera's columns and rows.

    (0, 0) for a plan that is no mosaic. Column 1, row 1 is the tile at the largest right ascension and declination
    when the camera's up is north, as one reads a picture of the sky.
    """
    if plan.mosaic is None:
        return 0.0, 0.0
    width, height = train.field
    step = 1 - plan.mosaic.overlap / 100
    across = (line.column - (plan.mosaic.columns + 1) / 2) * width * step
    down = (line.row - (plan.mosaic.rows + 1) / 2) * height * step
    return across, -down
