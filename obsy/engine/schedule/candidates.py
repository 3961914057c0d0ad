"""Declared less done: every goal of every plan under tonight's sky, or the reason it has nothing to ask."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import numpy as np

from obsy.engine.declare.instrument import Instrument, serving
from obsy.engine.progress import NOTHING, Progress, ProgressByGoal
from obsy.engine.schedule.conditions import GoalSky, ObservingConditions, limits, refusal
from obsy.engine.schedule.cover import cover_goal, covering
from obsy.engine.schedule.flyover import flying, side_by_side
from obsy.engine.schedule.goal_line import GoalLine, lines, middle, wanted
from obsy.engine.schedule.overheads import Overheads, counted
from obsy.engine.schedule.request import NOT_CHOSEN, Candidate, Reason, Request
from obsy.engine.schedule.unproven import held
from obsy.engine.schedule.value import claim, had_h
from obsy.engine.sky.constraints import allowed
from obsy.engine.sky.grid import Mask, windows
from obsy.engine.sky.track import Track
from obsy.engine.sky.tracks import beside
from obsy.moments import noon
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.plan import Plan
from obsy.schemas.reserved import Loc, reserved
from obsy.units import duration

NO_TRAIN = Reason("no-train", "no train in use has the filters, the field and the scale that it needs")
OVER = Reason("night-over", "the night is over")


@dataclass(frozen=True, slots=True)
class DoneSoFar:
    """What was done before now, and what was learned by it."""

    progress: ProgressByGoal = field(default_factory=dict)
    """By goal."""
    trains: Mapping[str, str] = field(default_factory=dict)
    """The one that each plan's frames come from."""
    costs: Mapping[str, Overheads] = field(default_factory=dict)
    """What moving about costs, by train; of one that is not in it, as it is declared."""

    def of(self, line: GoalLine) -> Progress:
        """Return what was done of a goal."""
        return self.progress.get((line.plan, line.key), NOTHING)


def candidates(
    plans: Sequence[Plan],
    instruments: Sequence[Instrument],
    conditions: ObservingConditions,
    done: DoneSoFar,
    now: datetime,
) -> list[Candidate]:
    """Return one candidate for each goal that still wants something and each instrument that could take it.

    Those that cannot be had tonight say why. A plan that a train has begun stays with it for as long as it serves. What
    counts only together is not looked at yet: `bonded` does that, once all that refuses has been asked.
    """
    found = []
    spare = _spare(plans, conditions, done)
    debts = conditions.shares.debts(done.progress, now)
    for plan in plans:
        owed = conditions.value.share * conditions.shares.lacking(plan.name, debts)
        served = serving(plan, instruments, done.trains.get(plan.name)) or (None,)
        for line in lines(plan):
            of_line = (_candidate(line, (plan, each), conditions, done, now) for each in served)
            found += [_chosen(_owed(each, owed), spare.get(plan.name)) for each in of_line if each is not None]
    return side_by_side(found, instruments)


def _spare(plans: Sequence[Plan], conditions: ObservingConditions, done: DoneSoFar) -> dict[str, tuple[str, int]]:
    """Return the list of each plan that is to be chosen and has not begun, and how many it may begin yet."""
    begun = {plan for (plan, _), each in done.progress.items() if each.tried_at[-1:] >= (conditions.grid.start,)}
    choices = {plan.name: (str(plan.choose.of), plan.choose.most) for plan in plans if plan.choose is not None}
    taken = Counter(of for name, (of, _) in choices.items() if name in begun)
    return {name: (of, max(0, most - taken[of])) for name, (of, most) in choices.items() if name not in begun}


def _chosen(asked: Candidate, spare: tuple[str, int] | None) -> Candidate:
    """Return the candidate with what its list leaves, refused if that is nothing."""
    if spare is None:
        return asked
    if not spare[1]:
        return replace(asked, refused=asked.refused or NOT_CHOSEN)
    return replace(asked, request=replace(asked.request, choice=spare))


def _owed(asked: Candidate, points: float) -> Candidate:
    """Return the candidate with what an hour of it is worth more because its group lacks of its share."""
    if not points:
        return asked
    return replace(asked, request=replace(asked.request, claim=replace(asked.request.claim, share=points)))


def _candidate(
    line: GoalLine,
    whose: tuple[Plan, Instrument | None],
    conditions: ObservingConditions,
    done: DoneSoFar,
    now: datetime,
) -> Candidate | None:
    """A goal under tonight's sky; None if it wants nothing."""
    (plan, instrument), progress = whose, done.of(line)
    dusk = conditions.grid.start
    count, due = (1, None) if line.goal.cover else wanted(line, progress, now, dusk)
    reach = instrument.mount.limits if instrument else ()
    count, unproven = held(line, progress, dusk, count, partial(had_h, plan, line, reach, conditions))
    if not count and unproven is None:
        return None
    sky = _sky(line, plan, instrument, conditions)
    track = sky.track
    worth = claim(plan, line, reach, count, conditions)
    whole = count + progress.accepted + progress.waiting if line.goal.until else 0
    signal = progress.signal if line.goal.until else None
    asked = Candidate(
        Request(line, instrument.name if instrument else "", count, worth, whole, signal),
        track.ra_deg,
        track.dec_deg,
        conditions.tracks[plan.name].altitude_deg,
        track.hour_angle_h,
        sky.free,
        moonlight=sky.moonlight,
        track=None if instrument is None else track,
        limits=sky.limits,
        refused=sky.never,
    )
    if instrument is None or asked.refused is not None or unproven is not None:
        return replace(asked, refused=asked.refused or unproven)
    if line.flies or (line.goal.cover is not None and asked.free.any()):
        return _at_its_time(asked, (sky, instrument), conditions, done, (now, due))
    if due is not None and due > conditions.grid.end and progress.accepted_at[-1:] >= (dusk,):
        return replace(asked, refused=_not_due(due))  # it was had tonight, whatever of its window is left
    if not (ahead := _ahead(conditions, now)).any():
        return replace(asked, refused=OVER)
    shared = len(sky.limits) - len(_pause(plan)) - len(_lasts(plan, conditions))  # those are told otherwise

    def why() -> Reason:
        return refusal(sky.limits[:shared], sky.kept[:shared], ahead)

    return (
        replace(asked, refused=why()) if not (asked.free & ahead).any() else _from(due, asked, conditions, ahead, why)
    )


def _at_its_time(
    asked: Candidate,
    whose: tuple[GoalSky, Instrument],
    conditions: ObservingConditions,
    done: DoneSoFar,
    when: tuple[datetime, datetime | None],
) -> Candidate | None:
    """Return the candidate for the next event or flyover; None if it wants none. when: now, and when it is due."""
    line, (now, due) = asked.request.line, when
    progress, each_s = done.of(line), counted(done.costs, whose[1]).each_s(line)
    if line.goal.cover is not None:
        return covering(asked, cover_goal(line.plan, line.goal.cover, conditions, each_s), conditions, progress, now)
    soonest = max(each for each in (now, conditions.grid.start, due) if each is not None)
    return flying(asked, whose, conditions, progress, (soonest, each_s))


def _sky(line: GoalLine, plan: Plan, instrument: Instrument | None, conditions: ObservingConditions) -> GoalSky:
    """Return what holds of a goal all night; worked out once for each version of its plan."""
    key = plan.name, line.key, instrument.name if instrument else ""
    if (known := conditions.known.get(key)) is not None and known.plan is plan:
        return known
    track, lit = _seen(plan, line, instrument, conditions), conditions.moonlight(plan.name, line.filter)
    if instrument is None:
        free = np.zeros(track.altitude_deg.shape, bool)
        found = GoalSky(plan, conditions.place, track, lit, (), free, NO_TRAIN)
    else:
        declared = limits(line.goal.when.over(plan.when), conditions, instrument.mount.limits)
        kept = (*declared, *_pause(plan), *_lasts(plan, conditions))
        never = _not_at_all(plan, line, conditions) or _no_masters(instrument)
        found = GoalSky(plan, conditions.place, track, lit, kept, allowed(kept, track), never)
    conditions.known[key] = found
    return found


def _pause(plan: Plan) -> tuple[Dates, ...]:
    """Return that a plan is not taken before its pause is over."""
    until = plan.paused.until if plan.paused is not None else None
    return () if until is None else (Dates.model_construct(after=until),)


def _lasts(plan: Plan, conditions: ObservingConditions) -> tuple[Dates, ...]:
    """Return that a plan is not taken once the alert that wants it is over."""
    wanted = conditions.wanted.get(plan.name)
    return () if wanted is None else (Dates.model_construct(before=wanted.until),)


def _paused_until(plan: Plan, conditions: ObservingConditions) -> datetime | None:
    until = plan.paused.until if plan.paused is not None else None
    return until if until is None or isinstance(until, datetime) else noon(until, conditions.place.longitude_deg)


def _not_at_all(plan: Plan, line: GoalLine, conditions: ObservingConditions) -> Reason | None:
    """Return why a goal gets nothing tonight whatever the sky: its plan pauses, or says what is not built yet."""
    until = _paused_until(plan, conditions)
    if plan.paused is not None and until is not None and until >= conditions.grid.end:
        exact = isinstance(plan.paused.until, datetime)
        return Reason("paused", f"it pauses until {f'{until:%Y-%m-%d %H:%M} UTC' if exact else plan.paused.until}")
    others: set[Loc] = {("want", number) for number, goal in enumerate(plan.want) if goal is not line.goal}
    locs = [loc for loc in conditions.reserved.get(plan.name, ()) if loc[:2] not in others]
    words = " and ".join(dict.fromkeys(_unbuilt(loc) for loc in locs))
    is_or_are = "is" if len(locs) == 1 else "are"
    return Reason("not-built-yet", f"{words} {is_or_are} not carried out in this version yet") if words else None


def _unbuilt(loc: Loc) -> str:
    match loc:
        case ("rule", name):
            return f"rule '{name}', which is to ask for it,"
        case ("ekos", key):
            return f"'{key}' (by --runner ekos; --runner indi does it)"
        case _:
            return f"'{loc[-1]}'"


def _no_masters(instrument: Instrument) -> Reason | None:
    """Return why a train can take nothing: its masters are to be made in a way that is not built yet."""
    word = next((loc[-1] for loc in reserved(instrument.calibration)), None)
    what = f"'{word}' in the calibration of '{instrument.name}' is not carried out in this version yet"
    return None if word is None else Reason("not-built-yet", what)


def _ahead(conditions: ObservingConditions, now: datetime) -> Mask:
    """Return what is left of the night; (times,)."""
    grid = conditions.grid
    return np.arange(grid.count) >= (grid.count if now >= grid.end else grid.index(now))


def _not_due(due: datetime) -> Reason:
    return Reason("not-due", f"its cadence makes it due on {due:%Y-%m-%d} at {due:%H:%M} UTC")


def _from(
    due: datetime | None, asked: Candidate, conditions: ObservingConditions, ahead: Mask, why: Callable[[], Reason]
) -> Candidate:
    """The candidate, not before its cadence makes it due, and refused if no exposure fits anywhere.

    why: says what takes most of the time.
    """
    if due is not None and due > conditions.grid.end:
        return replace(asked, refused=_not_due(due))
    if due is not None and due > conditions.grid.start:
        asked = replace(asked, free=asked.free & (np.arange(conditions.grid.count) > conditions.grid.index(due)))
        why = partial(Reason, "not-due", f"its cadence makes it due at {due:%H:%M} UTC")
    spans = windows(asked.free & ahead, conditions.grid)
    longest_s = max((span.length.total_seconds() for span in spans), default=0.0)
    lacks = next((what for seconds, what in _at_once(asked.request) if longest_s < seconds), None)
    if lacks is None:
        return asked
    guilty = why()
    because = "" if guilty.code == "never-together" else f": {guilty.words}"
    return replace(asked, refused=Reason("window-too-short", f"no window tonight is as long as {lacks}{because}"))


def _at_once(request: Request) -> Iterator[tuple[float, str]]:
    """Yield what must be taken in one go, in seconds and in words."""
    goal = request.line.goal
    yield goal.exposure, f"one exposure of {goal.exposure:g} s"
    if goal.run is not None:
        run_s = min(goal.run.at_least, request.count * goal.exposure)
        yield run_s, f"its run of {duration(run_s)}"


def _seen(plan: Plan, line: GoalLine, instrument: Instrument | None, conditions: ObservingConditions) -> Track:
    """Return where the goal's tile is at each instant: as far from the target as at the first."""
    track = conditions.tracks[plan.name]
    if plan.mosaic is None or instrument is None:
        return track
    key = (plan.name, instrument.name, line.column, line.row)
    if key not in conditions.tiles:
        ra, dec = middle(line, plan, instrument.train, (float(track.ra_deg[0]), float(track.dec_deg[0])))
        ra_deg, dec_deg = (track.ra_deg + ra - track.ra_deg[0]) % 360.0, track.dec_deg + dec - track.dec_deg[0]
        conditions.tiles[key] = beside(track, np.asarray(ra_deg), np.asarray(dec_deg), conditions.place)
    return conditions.tiles[key]
