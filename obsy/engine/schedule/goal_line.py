"""A plan's goals written out: one line for each filter and each tile, with the name its frames carry."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians, sin

from obsy.engine.frames.frame import Frame
from obsy.engine.progress import GoalKey
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.target import NamedTarget, Planet
from obsy.schemas.train import Train

_EXPOSURE = re.compile(r".+-(\d+(?:\.\d+)?(?:e[+-]?\d+)?)s")
"""The end of a goal's name that nobody chose: 'L-180s'."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One thing to count: a goal of a plan in one filter, on one tile."""

    plan: str
    key: str
    """How the goal is called in headers, store, journal and every report: 'L-180s', 'deep-L', 'Ha-300s_2-1'."""
    object: str
    """What the frames' OBJECT cards say."""
    filter: str
    goal: Goal
    column: int = 1
    row: int = 1
    formerly: tuple[GoalKey, ...] = ()
    """What it was called before its goal or its plan was renamed, or its exposure changed."""

    @property
    def picture(self) -> str:
        """What the picture is called that its frames add up to: the plan's name, and the tile."""
        return self.plan + tile(self.key)

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


class Credits:
    """Whom frames count for: by what they were asked for, and only a foreign frame by what it is."""

    def __init__(self, plans: Collection[Plan], sites: Iterable[str]) -> None:
        """Know the goals of these plans; what was taken at another site than these is foreign."""
        every = [line for plan in plans for line in lines(plan)]
        self._sites = frozenset(sites)
        self._own = {(line.plan, line.key): line for line in every}
        self._current = current(plans)
        named = [(line.object, line) for line in every] + [(line.picture, line) for line in every]
        self._foreign: dict[tuple[str, str, float], list[GoalLine]] = {}
        for name, line in named:
            self._foreign.setdefault(_looks(name, line.filter, line.goal.exposure), []).append(line)

    def line(self, frame: Frame) -> GoalLine | None:
        """Return the goal that a light counts for; None if it is none of these plans'.

        A frame that says its plan counts for that plan's goal or for none, whatever its OBJECT is. A foreign frame
        counts for what it looks like; of several such goals, for the one that it names.
        """
        key = (frame.plan or "", frame.goal or "")
        said = self._own.get(self._current.get(key, key))
        if frame.plan is not None and frame.site in {None, *self._sites}:
            return said
        like = self._foreign.get(_looks(frame.object, frame.filter or "", frame.exposure_s), [])
        return said if said in like else next(iter(like), None)

    def contradiction(self, frame: Frame) -> str:
        """Return what of a light speaks against the goal that it says it was asked for; empty if nothing does.

        A goal that was renamed is held against its name of then. What a named goal's exposure was then nobody knows.
        """
        line, asked = self.line(frame), frame.goal or ""
        if line is None or frame.plan is None or frame.site not in {None, *self._sites}:
            return ""
        base, named = asked.partition("_")[0], line.goal.name is not None and asked == line.key
        if frame.filter not in {None, line.filter} and frame.filter not in {
            base.partition("-")[0],
            base.split("-")[-1],
        }:
            return f"it was asked for {frame.plan} {asked}, and its filter is {frame.filter}"
        said = None if named else _EXPOSURE.fullmatch(base)
        if said and abs(float(said[1]) - frame.exposure_s) > max(0.1, 0.01 * float(said[1])):
            return f"it was asked for {frame.plan} {asked}, and it was exposed for {frame.exposure_s:g} s"
        return ""


def current(plans: Iterable[Plan]) -> Mapping[GoalKey, GoalKey]:
    """Return what each former plan and goal is called now. A name that is still in use is nobody's former one."""
    every = tuple(line for plan in plans for line in lines(plan))
    former = {old: (line.plan, line.key) for line in reversed(every) for old in line.formerly}
    return former | {(line.plan, line.key): (line.plan, line.key) for line in every}


def tile(key: str) -> str:
    """Return the end of a goal's name that says the tile, such as '_2-1'; nothing if there are no tiles."""
    _, mark, name = key.partition("_")
    return mark + name


def _looks(object_: str, filter_: str, exposure_s: float) -> tuple[str, str, float]:
    """How a frame looks from outside; 'M 31' and 'm31' are the same object."""
    return re.sub(r"[\s-]+", "", object_.casefold()), filter_, round(exposure_s, 3)


def _line(plan: Plan, goal: Goal, role: str, place: tuple[int, int]) -> GoalLine:
    suffix = f"_{place[0]}-{place[1]}" if plan.mosaic is not None else ""
    names = (goal.key(role), *goal.former_keys(role))
    (now, *former) = ((of, name + suffix) for of in (plan.name, *plan.formerly) for name in names)
    return GoalLine(*now, _target(plan) + suffix, role, goal, *place, tuple(former))


def _target(plan: Plan) -> str:
    """The target's name; the plan's where it has none."""
    match plan.target:
        case NamedTarget(name=name):
            return name
        case Planet(body=body):
            return body.title()
        case _:
            return plan.name


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
