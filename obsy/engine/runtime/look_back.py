"""At dawn, the roofs being closed: how far the night was from the best that its weather allowed.

What is asked is gathered at once; the answer takes some seconds, and may be worked out in another process.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta

from obsy.engine.events.night import NightLookedBack
from obsy.engine.fold import fold
from obsy.engine.journal import Entry
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import Capture, Span
from obsy.engine.runtime.overheads import declared
from obsy.engine.runtime.planner import Planner
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.hindsight import NightAsItWas, hindsight
from obsy.engine.schedule.learned import learned
from obsy.engine.schedule.request import Candidate
from obsy.schemas.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class LookBack:
    """What is asked of a night that is over: all that another process needs to answer it."""

    asked: Sequence[Candidate]
    timelines: Sequence[Timeline]
    was: NightAsItWas
    weights: Value

    def answer(self) -> NightLookedBack | None:
        """Return what is to be told of it; None if nothing could be had."""
        found = hindsight(self.asked, self.timelines, self.was, self.weights)
        if found is None:
            return None
        lost = {name: round(points, 2) for name, points in found.lost.items()}
        return NightLookedBack(
            value=round(found.value, 2),
            best=round(found.best, 2),
            share_percent=round(found.share_percent, 1),
            lost=lost,
        )


def answered(found: NightLookedBack | None) -> "Future[NightLookedBack | None]":
    """Return work that is done already."""
    work: Future[NightLookedBack | None] = Future()
    work.set_result(found)
    return work


def look_back(planner: Planner, before: Tally, journal: Iterable[Entry]) -> LookBack | None:
    """Return what is to be asked of a night that is over; None if none of it is known.

    before: what was done when it began.
    """
    entries = list(journal)
    record = fold(entries)
    if record.first is None:
        return None
    planner = _then(planner)
    instruments, place = planner.observatory.instruments, planner.observatory.site.location
    lights = [each for each in record.captures if each.kind == "light"]
    rejected = [each for each in lights if each.verdict == "rejected"]
    ran = {each.name: [run for run in record.blocks if run.train == each.name] for each in instruments}
    mounts = {each.name: each.mount.name for each in instruments}
    counted = [each for each in lights if each.verdict == "accepted"]
    worked = {train: [Span(r.began, r.ended) for r in runs if r.ended and r.frames] for train, runs in ran.items()}
    for each in counted:  # of a block that was cut off too
        worked.setdefault(each.train, []).append(_exposed(each))
    waited: defaultdict[tuple[str, str | None], list[Span]] = defaultdict(list)
    for wait in record.gave_way:
        waited[wait.plan, wait.goal].append(Span(wait.at, wait.until))
    was = NightAsItWas(
        accepted=counted,
        unsafe={
            each.name: [span for span in record.spans("unsafe") if span.enclosure in ("", each.enclosure.name)]
            for each in instruments
        },
        rejected={train: [_exposed(each) for each in rejected if each.train == train] for train in mounts},
        busy={
            train: [span for other, spans in worked.items() if mounts.get(other) == mount for span in spans]
            for train, mount in mounts.items()
        },
        waited=waited,
    )
    costs = {train: (mounts[train], each) for train, each in planner.costs.items()}
    true = {train: each.costs for train, each in learned([entries], costs, place.longitude_deg).items()}
    here, begin = replace(planner, costs=true), max(planner.night.start, record.first)
    plain = [replace(each, track=None, limits=()) for each in here.asked(before, begin)]
    return LookBack(plain, here.timelines(before, begin), was, here.observatory.value)


def _then(planner: Planner) -> Planner:
    """Return the planner with what was in use on its night, though it has been retired since."""
    was = planner.observatory.as_of(planner.night.date)
    return replace(planner, observatory=was, costs={**declared(was), **planner.costs})


def _exposed(capture: Capture) -> Span:
    return Span(capture.began, capture.began + timedelta(seconds=capture.exposure_s))
