"""What a change of the plans would lose: accepted frames that no goal claims, or whose plan points elsewhere by now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from obsy.engine.frames.frame import Exposed
from obsy.engine.progress import tile, without_tile
from obsy.engine.schedule.claims import Claims


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Accepted frames that count for nothing, and the declared plan that they were probably taken for."""

    heir: str
    frames: int
    why: str
    cure: str

    @property
    def words(self) -> str:
        """What would be lost, and how to keep it."""
        return f"{self.frames} accepted frame{'s' * (self.frames > 1)} {self.why}: {self.cure}"


def forgotten(claims: Claims, accepted: Iterable[tuple[Exposed, int]], all_plans: bool = True) -> Iterator[Forgotten]:
    """Yield what the plans do not claim, goal by goal; the tiles of a mosaic together.

    accepted: lights that say their plan, and how many each stands for. A plan that is not there, and looks like no new
    one, claims nothing. all_plans: whether the claims are those of all plans; of a plan that was not given nothing is
    said, for its own goals may claim its frames.
    """
    begun: set[str] = set()
    moved: Counter[tuple[str, str, str]] = Counter()
    lost: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], Exposed] = {}
    given = {line.plan for line in claims.lines}
    for light, frames in accepted:
        if not frames or not (all_plans or light.plan in given):
            continue
        line = claims.line(light)
        if line is None or light.filter not in {None, line.filter}:
            key = (light.plan or "", without_tile(light.goal or ""), light.filter or "")
            lost[key] += frames
            first.setdefault(key, light)
        elif claims.shows(line, light):
            begun.add(line.plan)
        else:
            shown, now = (each.object.removesuffix(tile(line.key)) for each in (light, line))
            moved[line.plan, shown, now] += frames
    for (plan, shown, now), frames in sorted(moved.items()):
        yield _moved(claims, (plan, shown, now), frames)
    for (plan, goal, role), frames in sorted(lost.items()):
        heir, cure = _heir(claims, first[plan, goal, role], begun, goal)
        if heir:
            why = f"count{'s' * (frames == 1)} for no goal any more, taken for {goal} of '{plan}'"
            yield Forgotten(heir, frames, why, cure)


def _moved(claims: Claims, which: tuple[str, str, str], frames: int) -> Forgotten:
    """Return what is said of frames whose plan points elsewhere by now.

    which: the plan, what it showed and what it shows, without their tiles.
    """
    plan, shown, now = which
    where, cure = f"which points at {now} now", "give the new target a plan of its own, or take the change back"
    if now == shown and claims.tiled(plan):
        where = "whose tiles lie elsewhere now"
        cure = "give the plan with other tiles another name, or take the change back"
    elif now in (plan, shown):
        where = "which points elsewhere now"
    why = f"of {shown} no longer count{'s' * (frames == 1)} for '{plan}', {where}"
    return Forgotten(plan, frames, why, cure)


def _heir(claims: Claims, light: Exposed, begun: set[str], goal: str) -> tuple[str, str]:
    """Return the plan that probably has another name for what a light was taken for, and what to write; '' if none."""
    plan, said = light.plan or "", light.goal or ""
    own = next((line.plan for line in claims.lines if plan in (line.plan, *(old for old, _ in line.formerly))), "")
    mine = [line for line in claims.lines if line.plan == own]
    if own and light.filter not in {None, *(line.filter for line in mine)}:
        return own, f"they count again as soon as a goal of it takes {light.filter}"
    if own:
        tiled = any(without_tile(line.key) == goal for line in mine)
        other = f"if a goal has another name or exposure now, write 'formerly: {goal}' in it"
        return own, "a tile is a picture of its own: give the plan with other tiles another name" if tiled else other
    new = [line for line in claims.lines if line.plan not in begun]
    renamed = f"write 'formerly: {plan}' in it"
    for line in new:
        if line.key == said and light.filter in {None, line.filter}:
            return line.plan, f"if '{line.plan}' is its new name, {renamed}"
    for line in new:
        if line.filter == light.filter and claims.shows(line, light):
            return line.plan, f"if '{line.plan}' is its new name, {renamed}, and 'formerly: {goal}' in its goal"
    return "", ""
