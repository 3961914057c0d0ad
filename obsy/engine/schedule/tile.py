"""Where the tiles of a mosaic point."""

from math import cos, radians, sin

from obsy.engine.schedule.goal_line import GoalLine
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train


def middle(line: GoalLine, plan: Plan, train: Train, target: tuple[float, float]) -> tuple[float, float]:
    """Right ascension and declination, degrees, of the middle of a line's tile; `target` itself if there are no tiles.

    Column 1, row 1 is the tile at the top left of the whole picture as the camera sees it.
    """
    ra, dec = target
    if plan.mosaic is None:
        return ra, dec
    width, height = train.field
    step = 1 - plan.mosaic.overlap / 100
    right = (line.column - (plan.mosaic.columns + 1) / 2) * width * step
    up = ((plan.mosaic.rows + 1) / 2 - line.row) * height * step
    # With up at position angle `turn` east of north, right is a quarter turn clockwise from it: west when up is north.
    turn = radians(train.rotation if plan.angle is None else plan.angle)
    east, north = up * sin(turn) - right * cos(turn), up * cos(turn) + right * sin(turn)
    return (ra + east / cos(radians(dec + north))) % 360.0, dec + north
