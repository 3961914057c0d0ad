"""What a change of the plans would lose: accepted frames that no goal claims, or whose plan points elsewhere by now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from obsy.engine.frames.frame import Exposed
from obsy.engine.schedule.claims import Claims
from obsy.engine.schedule.goal_line import tile


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


def forgotten(claims: Claims, accepted: Iterable[Exposed]) -> Iterator[Forgotten]:
    """Yield what the plans do not claim, goal by goal; the tiles of a mosaic together.

    accepted: lights that say their plan. A plan that is simply not there, and looks like no new one, claims nothing.
    """
    begun: set[str] = set()
    moved: Counter[tuple[str, str, str]] = Counter()
    lost: dict[tuple[str, str, str], list[Exposed]] = {}
    for light in accepted:
        if (line := claims.line(light)) is None:
            goal = (light.goal or "").partition("_")[0]
            lost.setdefault((light.plan or "", goal, light.filter or ""), []).append(light)
        elif claims.shows(line, light):
            begun.add(line.plan)
        else:
            moved[line.plan, light.object.removesuffix(tile(line.key)), line.object.removesuffix(tile(line.key))] += 1
    for (plan, shown, now), frames in sorted(moved.items()):
        where = f"at {now}" if now not in (plan, shown) else "elsewhere"
        why = f"of {shown} no longer count{'s' * (frames == 1)} for '{plan}', which points {where} now"
        yield Forgotten(plan, frames, why, "give the new target a plan of its own, or take the change back")
    for (_, goal, _), lights in sorted(lost.items()):
        heir, cure = _heir(claims, lights[0], begun, goal)
        if heir:
            why = f"count{'s' * (len(lights) == 1)} for no goal any more, taken for {goal} of '{lights[0].plan}'"
            yield Forgotten(heir, len(lights), why, cure)


def _heir(claims: Claims, light: Exposed, begun: set[str], goal: str) -> tuple[str, str]:
    """Return the plan that probably has another name for what a light was taken for, and what to write; '' if none."""
    plan, said = light.plan or "", light.goal or ""
    own = next((line.plan for line in claims.lines if plan in (line.plan, *(old for old, _ in line.formerly))), "")
    if own:
        tiled = any(line.plan == own and line.key.partition("_")[0] == goal for line in claims.lines)
        other = f"if a goal has another name or exposure now, write 'formerly: {goal}' in it"
        return own, "a tile is a picture of its own: give the plan with other tiles another name" if tiled else other
    new = [line for line in claims.lines if line.plan not in begun]
    renamed = f"write 'formerly: {plan}' in it"
    for line in new:
        if line.key == said:
            return line.plan, f"if '{line.plan}' is its new name, {renamed}"
    for line in new:
        if line.filter == light.filter and claims.shows(line, light):
            return line.plan, f"if '{line.plan}' is its new name, {renamed}, and 'formerly: {goal}' in its goal"
    return "", ""
