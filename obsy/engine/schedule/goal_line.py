"""A plan's goals written out: a line for each filter and tile, its frames' name, and what is still wanted of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, cos, radians, sin
from typing import Any

from obsy.engine.progress import GoalKey, Progress, tile
from obsy.engine.signal import FIRST_VISIT, more
from obsy.schemas.plan import Dither, Goal, Plan
from obsy.schemas.proof import Proof
from obsy.schemas.target import NamedTarget, OverGround, Planet, Satellite
from obsy.schemas.train import Train


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
    column: int
    row: int
    formerly: tuple[GoalKey, ...] = ()
    """What it was called before its goal or its plan was renamed, or its exposure changed."""
    turn: int | None = None
    """After so many frames another goal of its picture may be next; None if the plan does not say."""
    together: int = 1
    """How many goals the picture has, those that have all they want among them."""
    guiding: str | None = None
    dither: Dither | None = None
    angle: float | None = None
    """Position angle of the camera's up that its plan asks for, degrees."""
    tracking: str = "target"
    """What the mount follows: the target, the stars, or nothing."""
    follows: bool = True
    """Whether it follows what it points at, as a guider can hold it."""
    unfollowed: OverGround | Satellite | None = None
    """The target, where no mount follows it: it stands over the ground, or flies."""

    @property
    def stands(self) -> bool:
        """Whether the mount stands still while it exposes, so that the stars leave trails."""
        return self.tracking == "none" or (isinstance(self.unfollowed, OverGround) and self.tracking == "target")

    @property
    def flies(self) -> bool:
        """Whether it circles the Earth, and is there at its time alone."""
        return isinstance(self.unfollowed, Satellite)

    @property
    def aims_anew(self) -> bool:
        """Whether the mount is sent ahead of the target for each frame: it flies, or the sky takes it away."""
        return self.tracking == "none" if self.unfollowed is None else self.flies

    @property
    def wanders(self) -> bool:
        """Whether the stars are followed from a place over the ground, which is left behind."""
        return isinstance(self.unfollowed, OverGround) and not self.stands

    @property
    def paced(self) -> bool:
        """Whether the mount is to follow the target at its own pace."""
        return self.tracking == "target" and self.unfollowed is None

    @property
    def picture(self) -> str:
        """What the picture is called that its frames add up to: the plan's name, and the tile."""
        return self.plan + tile(self.key)

    @property
    def wanted(self) -> int | None:
        """Frames wanted in all; None where the sky decides, as for a transit or a cadence."""
        if any(each is not None for each in (self.goal.cover, self.goal.every, self.goal.until)):  # or the frames do
            return None
        return self.goal.count or round(-(-(self.goal.total or 0.0) // self.goal.exposure))

    @property
    def size(self) -> int:
        """Frames of the whole, or of one visit: what is left of it says how far the goal lags."""
        return self.goal.count or self.wanted or 1

    @property
    def count(self) -> int | None:
        """Frames wanted in all, where the plan counts frames; None where it asks for a time, or the sky decides."""
        return self.goal.count if self.goal.every is None else None

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
    return tuple(_line(plan, goal, role, place) for place in tiles for goal in plan.want for role in goal.filter)


def _line(plan: Plan, goal: Goal, role: str, place: tuple[int, int]) -> GoalLine:
    suffix = f"_{place[0]}-{place[1]}" if plan.mosaic is not None else ""
    names = (goal.key(role), *goal.former_keys(role))
    (now, *former) = ((of, name + suffix) for of in (plan.name, *plan.formerly) for name in names)
    turn = None if plan.turns is None else int(plan.turns)
    together = sum(len(each.filter) for each in plan.want)
    unfollowed = plan.target if isinstance(plan.target, OverGround | Satellite) else None
    held: dict[str, Any] = {
        "guiding": plan.guiding,
        "dither": plan.dither,
        "angle": plan.angle,
        "tracking": plan.tracking,
        "unfollowed": unfollowed,
    }
    held["follows"] = plan.follows
    return GoalLine(*now, _target(plan) + suffix, role, goal, *place, tuple(former), turn, together, **held)


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


_NOTHING = 1e-9
"""Of an exposure: sums of fractions of a second are not exact."""


def wanted(
    line: GoalLine, progress: Progress, now: datetime, dusk: datetime | None = None
) -> tuple[int, datetime | None]:
    """Frames still wanted of a line, and for a cadence the time from which on they are.

    dusk: when the night began, whose visits `nightly` counts.
    """
    goal = line.goal
    if goal.every is not None and goal.count is not None:
        return _visit(line, timedelta(days=goal.every), progress, now, dusk)
    if goal.until is not None:
        return _unproven(goal.until, progress, dusk), None
    if goal.total is not None:  # in seconds: frames of an earlier exposure prove theirs
        missing_s = goal.total - progress.done_s - progress.waiting * goal.exposure
        return max(0, ceil(missing_s / goal.exposure - _NOTHING)), None
    return max(0, (goal.count or 0) - progress.accepted - progress.waiting), None


def _unproven(until: Proof, progress: Progress, dusk: datetime | None) -> int:
    """Return about how many frames more prove what is asked, by those that have been taken.

    Where they show nothing yet, a first visit tells; each night has one, for what hid it may have been a cloud. Where
    they hardly show it, at most as many again as there are, which then tell better.
    """
    left = more(progress.signal, until)
    if left is not None:
        now = progress.signal.present
        vague = until.of is None and now.vague
        return max(0, (min(left, max(FIRST_VISIT, now.frames)) if vague else left) - progress.waiting)
    return first_visit(progress, dusk)


def first_visit(progress: Progress, dusk: datetime | None) -> int:
    """Return how many frames a night's first visit still lacks, by which a goal in S/N is told."""
    tonight = sum(at >= dusk for at in progress.accepted_at) if dusk is not None else 0
    return max(0, FIRST_VISIT - tonight)


def _visit(
    line: GoalLine, every: timedelta, progress: Progress, now: datetime, dusk: datetime | None
) -> tuple[int, datetime | None]:
    """The rest of the visit that is going on, or the whole of the next one and when it is due.

    A visit begins with its first accepted frame and may be completed within half its cadence; derived from the frames
    each time, never stored, so that a rejected or lost frame cannot derail it.
    """
    visits: list[list[datetime]] = []
    for at in progress.accepted_at:
        if visits and at < visits[-1][0] + every / 2:
            visits[-1].append(at)
        else:
            visits.append([at])
    if not visits:
        return line.size, None
    began, taken = visits[-1][0], len(visits[-1])
    if taken < line.size and now < began + every / 2:
        return line.size - taken, None
    due, nightly = began + every, line.goal.nightly
    if nightly is not None and dusk is not None and sum(visit[0] >= dusk for visit in visits) >= nightly.at_most:
        due = max(due, dusk + timedelta(days=1))
    return line.size, due
