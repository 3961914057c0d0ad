"""What each plan got of a night, and why it got no more."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from obsy.engine.journal import moment
from obsy.engine.night_record import Capture, Span, joined
from obsy.engine.progress import GoalKey
from obsy.engine.report.inputs import GoalInput, ReportInputs, StackInput
from obsy.engine.report.transits import TransitStory, transit_story
from obsy.engine.report.words import by_local_clocks, clock, listed, proven, so_far
from obsy.engine.signal import Signal, more

if TYPE_CHECKING:
    from obsy.engine.science.saturated_target import SaturatedTarget

NEAR = timedelta(minutes=8)
"""Exposures no farther apart than this are drawn as one piece: a filter change and a focus run lie between them."""
_MEASURED = re.compile(r"^([\w-]+): (-?[\d.]+)(.*)$")
"""'fwhm: 8.2 arcsec, above 6'."""

SATED = "it has all it wants"
UNASKED = "it was not asked for tonight"
"""Of each plan that the night was not begun with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStory(GoalInput):
    """One line of a plan: before tonight, tonight, and what is missing."""

    tonight_s: float
    accepted: int
    rejected: int
    waiting: int
    unplaced: str = ""
    """Why nothing was taken for it tonight."""
    transit: TransitStory | None = None
    about_transit: str = ""
    """The same in words, by the clocks of the site."""
    trains: tuple[str, ...] = ()
    """Those that took frames for it tonight."""
    proven: Signal = Signal()
    """Of a goal in S/N, what all of its frames prove, tonight's too."""

    @property
    def missing_s(self) -> float | None:
        """What is still wanted after tonight; None where the sky decides, or the frames do not tell yet."""
        if self.until is not None:
            left = more(self.proven, self.until)
            return None if left is None else left * self.exposure_s
        if self.count is not None:
            return max(0, self.count - self.before - self.accepted) * self.exposure_s
        return None if self.wanted_s is None else max(0.0, self.wanted_s - self.before_s - self.tonight_s)

    @property
    def shares(self) -> tuple[float, float]:
        """How much of it was done before tonight, and how much tonight, 0 to 1; nothing where the sky decides."""
        if self.until is not None:
            before, now = (max(0.0, each.squared) / self.until.snr**2 for each in (self.signal, self.proven))
            return min(1.0, before), max(0.0, min(1.0, now) - min(1.0, before))
        if not self.wanted_s:
            return 0.0, 0.0
        before, tonight = self.before_s / self.wanted_s, self.tonight_s / self.wanted_s
        if self.count:
            before, tonight = self.before / self.count, self.accepted / self.count
        return min(1.0, before), max(0.0, min(1.0 - before, tonight))

    @property
    def so_far(self) -> str:
        """'1 h 12 min of 3 h', '4 of 6 frames', 'S/N 62 of 100, about 1.3 h more'; empty where the sky decides."""
        if self.until is not None:
            return proven(self.proven, self.until, self.exposure_s)
        frames, done_s = self.before + self.accepted, self.before_s + self.tonight_s
        return so_far(frames, done_s, self.count, self.wanted_s) if self.wanted_s else ""

    @property
    def frames(self) -> int:
        """Delivered tonight."""
        return self.accepted + self.rejected + self.waiting


@dataclass(frozen=True, slots=True)
class SameReason:
    """Frames of which the same was said."""

    code: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class PlanStory:
    """What one plan got of the night."""

    plan: str
    target: str
    goals: tuple[GoalStory, ...]
    rejections: tuple[SameReason, ...]
    unstacked: tuple[SameReason, ...]
    """Accepted, and not in the stack."""
    taken: tuple[Span, ...]
    """When its frames were exposed."""
    stacks: tuple[StackInput, ...]
    trains: tuple[str, ...] = ()
    """Those that took frames for it tonight; if none did, those that could."""
    with_trains: str = ""
    """The same in words, ' with newton', where there is more than one train."""
    saturated: tuple["SaturatedTarget", ...] = ()
    """Frames of tonight in which the target is saturated, by filter and train."""

    @property
    def accepted(self) -> int:
        """Tonight's accepted frames."""
        return sum(goal.accepted for goal in self.goals)

    @property
    def rejected(self) -> int:
        """Tonight's rejected frames."""
        return sum(goal.rejected for goal in self.goals)

    @property
    def tonight_s(self) -> float:
        """Tonight's accepted exposure."""
        return sum(goal.tonight_s for goal in self.goals)


@dataclass(frozen=True, slots=True)
class Left:
    """Goals of a plan that were not taken for the same reason."""

    plan: str
    goals: tuple[str, ...]
    words: str
    wanting: bool
    """False if they have all they want."""
    with_trains: str = ""


def plans(
    captures: Sequence[Capture], inputs: ReportInputs, intent: Mapping[str, Any], unsafe: Sequence[Span]
) -> tuple[PlanStory, ...]:
    """Every plan: those with frames in the order in which they were begun, then the others as they are declared."""
    lights = [capture for capture in captures if capture.plan]
    dusk, unplaced = intent.get("dusk"), intent.get("unplaced", ())
    reasons = {(each["plan"], each["goal"]): each["reason"] for each in unplaced}
    if dusk:
        reasons = {key: by_local_clocks(words, inputs.timezone, moment(dusk)) for key, words in reasons.items()}
    reasons |= _missed(intent, unsafe, inputs.timezone)
    goals = [_goal(line, lights, reasons, inputs) for line in _lines(lights, inputs)]
    names = list(dict.fromkeys([*(str(capture.plan) for capture in lights), *(goal.plan for goal in goals)]))
    return tuple(_plan(name, [goal for goal in goals if goal.plan == name], lights, inputs) for name in names)


def _plan(name: str, goals: Sequence[GoalStory], lights: Iterable[Capture], inputs: ReportInputs) -> PlanStory:
    own = [capture for capture in lights if capture.plan == name]
    trains = tuple(dict.fromkeys(capture.train for capture in own)) or inputs.trains.get(name, ())
    return PlanStory(
        plan=name,
        target=inputs.targets.get(name, name),
        goals=tuple(goals),
        rejections=grouped(own, "rejected"),
        unstacked=grouped(own, "accepted"),
        taken=joined(map(shot, own), NEAR),
        stacks=tuple(stack for stack in inputs.stacks if stack.plan == name),
        trains=trains,
        with_trains=f" with {listed(list(trains), 'and' if own else 'or')}" if inputs.several_trains and trains else "",
        saturated=tuple(each for each in inputs.saturated if each.plan == name),
    )


def shot(capture: Capture) -> Span:
    """Return when a frame was exposed."""
    return Span(capture.began, capture.began + timedelta(seconds=capture.exposure_s))


def _lines(lights: Iterable[Capture], inputs: ReportInputs) -> Iterator[GoalInput]:
    """The declared lines, then those that have frames though they are not among them."""
    why = "no longer declared" if inputs.all_plans else "not among the plans that were given"
    known = {(line.plan, line.goal) for line in inputs.goals}
    yield from inputs.goals
    for capture in lights:
        line = (str(capture.plan), str(capture.goal))
        if line not in known:
            known.add(line)
            yield GoalInput(*line, capture.filter or "", capture.exposure_s, None, why)


def _goal(
    line: GoalInput, lights: Iterable[Capture], reasons: Mapping[GoalKey, str], inputs: ReportInputs
) -> GoalStory:
    own = [capture for capture in lights if (capture.plan, capture.goal) == (line.plan, line.goal)]
    accepted = [capture for capture in own if capture.verdict == "accepted"]
    known = inputs.transits.get((line.plan, line.goal))
    transit = transit_story(known, sorted(capture.began for capture in accepted)) if known else None
    return GoalStory(
        **{part.name: getattr(line, part.name) for part in fields(GoalInput)},
        tonight_s=sum(capture.exposure_s for capture in accepted),
        accepted=len(accepted),
        rejected=sum(capture.verdict == "rejected" for capture in own),
        waiting=sum(capture.verdict == "waiting" for capture in own),
        unplaced="" if own else reasons.get((line.plan, line.goal), ""),
        transit=transit,
        about_transit=transit.words(inputs.timezone) if transit else "",
        trains=tuple(dict.fromkeys(capture.train for capture in own)),
        proven=_proven(line, accepted),
    )


def _proven(line: GoalInput, accepted: Iterable[Capture]) -> Signal:
    """Return what all frames of a goal in S/N prove."""
    found = line.signal
    for each in accepted if line.until is not None else ():
        of = line.until.of if line.until is not None else None
        found = found.with_frame(each.measures, each.exposure_s, of)
    return found


def _missed(intent: Mapping[str, Any], unsafe: Sequence[Span], timezone: str) -> dict[GoalKey, str]:
    """Why something that was intended may not have been taken: by line, in words."""
    out: dict[GoalKey, str] = {}
    for block in intent.get("blocks", ()):
        when = Span(moment(block["start"]), moment(block["end"]))
        words = f"intended for {clock(when.start, timezone)} to {clock(when.end, timezone)}"
        out.setdefault((block["plan"], block["goal"]), f"{words}, but {_why(when, unsafe)}")
    return out


def _why(when: Span, unsafe: Sequence[Span]) -> str:
    spans = [span for span in unsafe if span.meets(when.start, when.end)]
    if not spans:
        return "the night went another way"
    return f"it was not safe: {max(spans, key=lambda span: span.seconds).words}"


def grouped(captures: Iterable[Capture], verdict: str) -> tuple[SameReason, ...]:
    """The reasons of a verdict, the commonest first; of measured ones, the range."""
    found: dict[str, list[str]] = defaultdict(list)
    for capture in captures:
        if capture.verdict == verdict and (capture.reason or verdict == "rejected"):
            found[capture.reason.partition(":")[0]].append(capture.reason)
    groups = [SameReason(code, len(reasons), _words(code, reasons)) for code, reasons in found.items()]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.code)))


def _words(code: str, reasons: list[str]) -> str:
    """'6.1 to 8.2 arcsec, above 6' where all are measured alike; otherwise the first, without its code."""
    matches = [_MEASURED.match(reason) for reason in reasons]
    values = sorted((match[2] for match in matches if match), key=float)
    tails = {match[3] if match else None for match in matches}
    if len(tails) == 1 and values and None not in tails:
        low, high = values[0], values[-1]
        return (low if low == high else f"{low} to {high}") + str(tails.pop())
    return reasons[0].removeprefix(f"{code}:").strip() or code


def left(plans: Iterable[PlanStory]) -> tuple[Left, ...]:
    """What was not taken, and why; a goal that has all it wants says so, and plans nobody asked for are one line."""
    every, found = tuple(plans), dict[tuple[str, str, str], list[str]]()
    aside = unasked(every)
    for plan in every:
        if plan.plan in aside and len(aside) > 1:
            found.setdefault((f"{len(aside)} plans", "they were not asked for tonight", ""), [])
            continue
        for goal in plan.goals:
            if not goal.frames:
                found.setdefault((plan.plan, _why_not(goal), plan.with_trains), []).append(goal.goal)
    return tuple(
        Left(plan, tuple(goals), words, words != SATED, with_trains)
        for (plan, words, with_trains), goals in found.items()
    )


def unasked(plans: Iterable[PlanStory]) -> frozenset[str]:
    """Return the plans of which nothing was asked for: others were given to the night."""
    return frozenset(
        each.plan for each in plans if all(not goal.frames and _why_not(goal) == UNASKED for goal in each.goals)
    )


def _why_not(goal: GoalStory) -> str:
    if goal.unplaced or goal.about_transit:
        return "; ".join(words for words in (goal.unplaced, goal.about_transit) if words)
    return SATED if goal.missing_s == 0 else UNASKED
