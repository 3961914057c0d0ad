"""A night in at most forty lines of plain text."""

from textwrap import wrap

from obsy.engine.events.night import NightLookedBack
from obsy.engine.night_record import Notice, Span
from obsy.engine.report.plans import GoalStory, PlanStory, left
from obsy.engine.report.story import Story
from obsy.engine.report.words import bar, by_local_clocks, clock, day, listed, several, zones

LINES, WIDTH = 40, 100
_BAR = 20


def terminal(story: Story) -> str:
    """The summary: what needs attention, the headline, each plan, what was not taken and why."""
    unfinished = "" if story.finished else f" (not finished: {story.state})"
    times = f"times in {zones(story.window.start, story.window.end, story.timezone)}"
    head = [f"{story.site}, {day(story.night)}{unfinished}; {times}", story.headline]
    alarms = [_notice(notice, story.timezone) for notice in story.notices]
    opened = [(f"{s.enclosure} " * story.several, *_clocks(s, story.timezone)) for s in story.roof]
    roof = ", ".join(f"{where}{start} to {end}" for where, start, end in opened)
    if story.record.hindsight:
        head += wrap(NightLookedBack.words(story.record.hindsight), WIDTH, subsequent_indent="  ")
    shares = [f"share {each.share.name}: {each.words}" for each in story.shares]
    parts = [head, _short(alarms, 6), [f"roof open {roof}"] if roof else [], shares, _taken(story), _left(story)]
    last = [f"magnitudes: {'; '.join(each.short for each in story.magnitudes)}"] if story.magnitudes else []
    last += [f"transits: {'; '.join(each.told for each in story.fitted)}"] if story.fitted else []
    lines = _short([line for part in parts for line in part], LINES - len(last))
    return "\n".join(line if len(line) <= WIDTH else line[: WIDTH - 1] + "…" for line in [*lines, *last])


def _clocks(span: Span, timezone: str) -> tuple[str, str]:
    return clock(span.start, timezone), clock(span.end, timezone)


def _notice(notice: Notice, timezone: str) -> str:
    words = by_local_clocks(notice.words, timezone, notice.first)
    more = f" (and {notice.count - 1} more like it)" if notice.count > 1 else ""
    return f"{'ALARM' if notice.grave else 'note '} {clock(notice.first, timezone)}  {words}{more}"


def _taken(story: Story) -> list[str]:
    return [""] + [line for plan in story.plans if plan.taken for line in _plan(plan)] if story.lights else []


def _plan(plan: PlanStory) -> list[str]:
    goals = [
        line
        for goal in plan.goals
        if goal.frames
        for line in (f"  {goal.goal:<14} {_bar(goal)} {_amount(goal)}{_by(goal, plan)}", *_transit(goal))
    ]
    reasons = [f"  rejected: {group.count} for {group.code}" for group in plan.rejections]
    reasons += [f"  accepted, not in the stack: {group.count}, {group.words}" for group in plan.unstacked]
    reasons += [
        f"  its target is saturated in {s.saturated} of {s.frames} frames in {s.filter}" for s in plan.saturated
    ]
    return [f"{plan.plan}{plan.with_trains}: {plan.accepted} accepted, {plan.rejected} rejected", *goals, *reasons]


def _by(goal: GoalStory, plan: PlanStory) -> str:
    """' by newton' where several trains took the plan's frames."""
    return f" by {listed(list(goal.trains))}" if len(plan.trains) > 1 else ""


def _bar(goal: GoalStory) -> str:
    """'▓▓▓▓████░░░░': before, tonight, missing."""
    if not goal.so_far:
        return " " * _BAR
    return bar(_BAR, sum(goal.shares), goal.shares[0])


def _amount(goal: GoalStory) -> str:
    return goal.so_far or f"{several(goal.accepted, 'frame')} accepted; {goal.asked}"


def _transit(goal: GoalStory) -> list[str]:
    return wrap(goal.about_transit, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _left(story: Story) -> list[str]:
    wanting = [each for each in left(story.plans) if each.wanting]
    if not wanting:
        return []
    whose = [" ".join((each.plan, ", ".join(each.goals))).strip() + each.with_trains for each in wanting]
    told = _short([f"  {who}: {each.words}" for who, each in zip(whose, wanting, strict=True)], 8)
    return ["", "not taken:", *(line for each in told for line in wrap(each, WIDTH, subsequent_indent="    "))]


def _short(lines: list[str], most: int) -> list[str]:
    """At most so many lines; the last says how many were left out."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"  … and {len(lines) - most + 1} more in the page"]
