"""Whom a light counts for: by what it was asked for, and only while that goal still points where the light does."""

import re
from collections.abc import Collection, Iterable
from math import cos, hypot, radians

from obsy.engine.declare.names import resolve
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.frame import Exposed, Frame
from obsy.engine.progress import GoalKey, tile, without_tile
from obsy.engine.schedule.goal_line import GoalLine, lines, middle
from obsy.schemas.plan import Plan
from obsy.schemas.proof import Proof
from obsy.schemas.target import NamedTarget, Planet
from obsy.schemas.train import Train

NEAR_DEG = 0.5
"""A light still shows its target this far from it, however small its field: mounts point no better without solving."""


class Claims:
    """What the plans make of lights that say what they were asked for."""

    def __init__(self, plans: Iterable[Plan], trains: Iterable[Train] = ()) -> None:
        """Know the goals of these plans. The field of a train that is not among these is not known."""
        self._plans = {plan.name: plan for plan in plans}
        self._targets = {name: resolve(plan) for name, plan in self._plans.items()}
        self._trains = {train.name: train for train in trains}
        self.lines = tuple(line for plan in self._plans.values() for line in lines(plan))
        self._own = {(line.plan, line.key): line for line in self.lines}
        self._former: dict[GoalKey, list[GoalLine]] = {}
        for line in self.lines:
            for old in line.formerly:
                self._former.setdefault(old, []).append(line)

    @property
    def proofs(self) -> dict[GoalKey, Proof]:
        """What goals in S/N ask for."""
        return {(each.plan, each.key): each.goal.until for each in self.lines if each.goal.until is not None}

    @property
    def colour(self) -> frozenset[str]:
        """The trains with one-shot-colour cameras: what is measured on their frames is no signal to noise."""
        return frozenset(name for name, train in self._trains.items() if train.camera.bayer is not None)

    @classmethod
    def of(cls, observatory: Observatory) -> "Claims":
        """Return the claims of everything that is declared at a site."""
        return cls(observatory.plans, (each.train for each in observatory.every_instrument))

    def line(self, light: Exposed) -> GoalLine | None:
        """Return the goal that was asked for, under the name it has now; None if no plan has it.

        A name in use is nobody's former one. A former name gives a goal the frames of its own filter only.
        """
        key = (light.plan or "", light.goal or "")
        if key in self._own:
            return self._own[key]
        heirs = [line for line in self._former.get(key, []) if light.filter in {None, line.filter}]
        return heirs[0] if heirs and (light.filter is not None or len(heirs) == 1) else None

    def heir(self, light: Exposed) -> GoalLine | None:
        """Return a goal that once had the name of a light's goal, whatever its filter."""
        return next(iter(self._former.get((light.plan or "", light.goal or ""), [])), None)

    def now(self, light: Exposed) -> GoalKey | None:
        """Return the plan and goal that a light counts for now, which are those it says where no plan has them.

        None if its plan points somewhere else by now, or its goal is in another filter.
        """
        line = self.line(light)
        if line is None:
            return light.plan or "", light.goal or ""
        fits = light.filter in {None, line.filter} and self.shows(line, light)
        return (line.plan, line.key) if fits else None

    def shows(self, line: GoalLine, light: Exposed) -> bool:
        """Return whether a light shows what a goal points at: by name, by place, and by name in any spelling.

        A tile's name says only which it was when it was taken: a tile whose place is known is told by that.
        """
        plan, target = self._plans[line.plan], self._targets[line.plan]
        named = isinstance(plan.target, NamedTarget | Planet)
        if named and plan.mosaic is None and light.object == line.object:
            return True
        place = None if light.ra_deg is None or light.dec_deg is None else (light.ra_deg, light.dec_deg)
        if place is not None and isinstance(target, FixedTarget) and not line.stands:
            return self._near(line, light.train, place)
        said = [line.object] if named and place else [line.object, line.picture]
        said += [] if named else [old + tile(line.key) for old in plan.formerly]
        return looks(light.object) in map(looks, said)

    def tiled(self, plan: str) -> bool:
        """Return whether a plan is a mosaic."""
        return self._plans[plan].mosaic is not None

    def _near(self, line: GoalLine, name: str | None, place: tuple[float, float]) -> bool:
        """Whether a place, degrees, lies in the inner half of a train's field; of a tile, nearer to it than to others.

        A tile's reach is a third of the way to the next: then one that is laid out anew over the gap of two is new.
        """
        plan, target, train = self._plans[line.plan], self._targets[line.plan], self._trains.get(name or "")
        if not isinstance(target, FixedTarget) or (train is None and plan.mosaic is not None):
            return True  # where its tile lies nobody can tell
        near, asked = NEAR_DEG, (target.ra_deg, target.dec_deg)
        if train is not None:
            asked, short = middle(line, plan, train, asked), min(train.field)
            near = max(NEAR_DEG, short / 2) if plan.mosaic is None else short * (1 - plan.mosaic.overlap / 100) / 3
        east = ((place[0] - asked[0] + 180.0) % 360.0 - 180.0) * cos(radians(asked[1]))
        return hypot(east, place[1] - asked[1]) <= near


class Credits:
    """Whom a frame counts for that has just come: a foreign one by what it is."""

    def __init__(self, plans: Collection[Plan], sites: Iterable[str]) -> None:
        """Know the goals of these plans; what was taken at another site than these is foreign."""
        self._sites = frozenset(sites)
        self._claims = Claims(plans)
        every = self._claims.lines
        named = [(line.object, line) for line in every] + [(line.picture, line) for line in every]
        self._foreign: dict[tuple[str, str, float], list[GoalLine]] = {}
        for name, line in named:
            self._foreign.setdefault((looks(name), line.filter, round(line.goal.exposure, 3)), []).append(line)

    def line(self, frame: Frame) -> GoalLine | None:
        """Return the goal that a light counts for; None if it is none of these plans'.

        A frame that says its plan counts for that plan's goal or for none, whatever its OBJECT is. A foreign frame
        counts for what it looks like; of several such goals, for the one that it names.
        """
        said = self._claims.line(frame)
        if frame.plan is not None and frame.site in {None, *self._sites}:
            return said
        like = self._foreign.get((looks(frame.object), frame.filter or "", round(frame.exposure_s, 3)), [])
        return said if said in like else next(iter(like), None)

    def contradiction(self, frame: Frame) -> str:
        """Return what of a light speaks against the goal that it says it was asked for; empty if nothing does.

        A goal that was renamed is held against its name of then. What a named goal's exposure was nobody knows: it may
        have been declared anew.
        """
        line, asked = self.line(frame), frame.goal or ""
        if frame.plan is None or frame.site not in {None, *self._sites}:
            return ""
        if line is None:
            heir = self._claims.heir(frame)
            words = f"it was asked for {frame.plan} {asked}, and its filter is {frame.filter}"
            return f"{words}: {heir.key} takes {heir.filter}" if heir else ""
        role, exposure_s = _declared(line, frame)
        if frame.filter not in {None, role}:
            return f"it was asked for {frame.plan} {asked}, and its filter is {frame.filter}"
        if exposure_s is not None and abs(exposure_s - frame.exposure_s) > max(0.1, 0.01 * exposure_s):
            return f"it was asked for {frame.plan} {asked}, and it was exposed for {frame.exposure_s:g} s"
        return ""


def _declared(line: GoalLine, frame: Frame) -> tuple[str, float | None]:
    """The filter, and the exposure if it is known, that were declared under the name that a frame gives its goal.

    A name of then that is one of these filters and an exposure, such as 'L-180s', is one that nobody chose.
    """
    if frame.goal == line.key:
        return line.filter, line.goal.exposure if line.goal.name is None else None
    for role in line.goal.filter:
        name = re.escape(role) + r"-(\d+(?:\.\d+)?(?:e[+-]?\d+)?)s"
        if then := re.fullmatch(name, without_tile(frame.goal or "")):
            return role, float(then[1])
    return line.filter, None


def looks(name: str) -> str:
    """Return a name as it is compared: 'M 31' and 'm31' are the same object."""
    return re.sub(r"[\s-]+", "", name.casefold())
