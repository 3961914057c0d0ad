"""The page of a night: one HTML file that needs nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from obsy.engine.disk import write_whole
from obsy.engine.events.night import NightLookedBack
from obsy.engine.journal import moment
from obsy.engine.night_record import Span, joined
from obsy.engine.render import render
from obsy.engine.report.altitude import altitude_chart, looks
from obsy.engine.report.axes import Look, TimeScale
from obsy.engine.report.charts import frames_chart, weather_chart
from obsy.engine.report.outlook import night, still_open
from obsy.engine.report.pictures import StackPicture, pictures
from obsy.engine.report.plans import NEAR, GoalStory, PlanStory, left, shot, unasked
from obsy.engine.report.story import Story, open_seconds
from obsy.engine.report.timeline import TrainInput, timeline
from obsy.engine.report.words import amount, by_local_clocks, clock, day, hours, listed, several, zones
from obsy.engine.schedule.learned import STEPS
from obsy.units import duration


@dataclass(frozen=True, slots=True)
class Bar:
    """One goal: how much of it was there before, what tonight added, in percent of what is wanted."""

    goal: GoalStory
    before: float
    tonight: float
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One plan that got something tonight."""

    story: PlanStory
    look: Look
    bars: tuple[Bar, ...]
    pictures: tuple[StackPicture, ...]


def write(story: Story, path: Path) -> None:
    """Put the page there, whole or not at all; a page that was there is replaced."""
    write_whole(path, html(story).encode())


def html(story: Story) -> str:
    """The page's text: the same story gives the same bytes."""
    axis, aside = TimeScale(story.window), unasked(story.plans)
    curves = replace(story.curves, plans=tuple(each for each in story.curves.plans if each.name not in aside))
    return render(
        "report/night.html.j2",
        story=story,
        cards=cards(story.plans),
        outlook=still_open(story.outlook),
        night=night,
        left=left(story.plans),
        hour_marks=axis.hours(story.timezone),
        roof=[axis.bar(span) for span in story.roof],
        altitude=altitude_chart(curves, story.window, story.taken, story.unsafe),
        looks=looks(story.taken),
        timeline=timeline(_trains(story), story.taken, story.window),
        lost=any(not run.found for run in story.record.focus),
        weather=weather_chart(story),
        frames=frames_chart(story),
        clock=partial(clock, timezone=story.timezone),
        local=partial(by_local_clocks, timezone=story.timezone),
        open_s=open_seconds(story.record),
        zones=zones(story.window.start, story.window.end, story.timezone),
        day=day,
        amount=amount,
        duration=duration,
        hours=hours,
        listed=listed,
        moment=moment,
        several=several,
        steps=STEPS,
        hindsight=NightLookedBack.words(story.record.hindsight) if story.record.hindsight else "",
    )


def _trains(story: Story) -> Iterator[TrainInput]:
    """Yield what the timeline shows of each train that was to do something, or did."""
    for mount in story.spent:
        idle = tuple(replace(span, words=each.words) for each in mount.idle for span in each.spans)
        for name in mount.trains:
            planned = tuple((plan, span) for plan, train, span in story.planned if train == name)
            lights = [each for each in story.lights if each.train == name and each.plan]
            taken = tuple(
                (plan, span)
                for plan in dict.fromkeys(str(each.plan) for each in lights)
                for span in joined((shot(each) for each in lights if each.plan == plan), NEAR)
            )
            focus = tuple((run.found, Span(run.at, run.at)) for run in story.record.focus if run.train == name)
            if planned or taken:
                yield TrainInput(name or "the train", planned, taken, idle, focus)


def cards(plans: Iterable[PlanStory]) -> tuple[Card, ...]:
    """A card for each plan with frames tonight."""
    taken = [plan for plan in plans if plan.taken]
    own = looks(plan.plan for plan in taken)
    return tuple(
        Card(plan, own[plan.plan], tuple(_bar(goal) for goal in plan.goals), pictures(plan.plan, plan.stacks))
        for plan in taken
    )


def _bar(goal: GoalStory) -> Bar:
    if not goal.so_far:
        words = f"{several(goal.accepted, 'frame')} tonight, {goal.before} before; {goal.about_transit or goal.asked}"
        return Bar(goal, 0.0, 0.0, words)
    before, tonight = goal.shares
    return Bar(goal, round(100 * before, 1), round(100 * tonight, 1), _progress(goal))


def _progress(goal: GoalStory) -> str:
    """'+36 min, 1 h 12 min of 3 h, 1 h 48 min left'."""
    if not goal.before + goal.accepted:
        return f"nothing yet of {goal.asked}"
    gain = duration(goal.tonight_s) if goal.count is None else str(goal.accepted)
    if goal.until is not None:
        return (f"+{gain}, " if goal.accepted else "") + goal.so_far + (", done" if goal.missing_s == 0 else "")
    missing = goal.missing_s or 0.0
    rest = f", {duration(missing)} left" if missing > 0 else ", done"
    return (f"+{gain}, " if goal.accepted else "") + goal.so_far + rest
