"""Transits and other events: a goal that must be taken at its own time, from the first baseline to the last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from obsy.engine.declare.target import Ephemeris
from obsy.engine.progress import Progress
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid, Window, windows
from obsy.engine.sky.transit import PARTS, Transit, transits
from obsy.schemas.plan import Cover
from obsy.schemas.site import Location

TOLD = timedelta(minutes=3)
"""An ephemeris that may be wrong by more is told of."""
WHOLE = 0.8
"""A transit, or a part of one, of which this share was taken has been covered."""
CONTACT = 0.15
"""Ingress and egress, each as a share of the crossing: a large planet takes a tenth of it to enter, or little more."""
_LATE = timedelta(minutes=5)
"""A transit is not begun later than this after its baseline should have."""
_APART = timedelta(hours=3)
"""Frames farther apart than this are looked at one by one, so that years between two nights are not searched."""


@dataclass(frozen=True, slots=True)
class CoverGoal:
    """The transits of a planet as a goal wants them."""

    ephemeris: Ephemeris
    star: Fixed
    location: Location
    before: timedelta
    """Wanted before the first contact."""
    each_s: float
    """From one exposure to the next."""
    later: timedelta | None = None
    """Wanted after the last contact; as much as before the first if it is left out."""
    accept: str = "whole"
    """What will do: the whole, its ingress, its egress, or either."""
    name: str = "transit"
    """What people call it."""

    @property
    def after(self) -> timedelta:
        """Return how much is wanted after the last contact."""
        return self.before if self.later is None else self.later

    def transits(self, start: datetime, end: datetime) -> tuple[Transit, ...]:
        """Return the transits any part of which, baselines left out, falls between two times, in order."""
        return _transits(self.ephemeris, self.star, self.location, start, end)

    def window(self, transit: Transit) -> Window:
        """Return the time that a transit takes with its baselines.

        These are no shorter than what the ephemeris may be wrong by, as far as the transit itself is long.
        """
        error = min(transit.error, transit.egress - transit.ingress)
        return Window(transit.ingress - max(self.before, error), transit.egress + max(self.after, error))

    def parts(self, transit: Transit) -> dict[str, Window]:
        """Return the parts of a transit that a light curve needs, in order of time."""
        whole, contact = self.window(transit), (transit.egress - transit.ingress) * CONTACT
        entered, leaves = transit.ingress + contact, transit.egress - contact
        times = (whole.start, transit.ingress, entered, leaves, transit.egress, whole.end)
        return {name: Window(*pair) for name, pair in zip(PARTS, zip(times, times[1:], strict=False), strict=True)}

    def coverage(self, transit: Transit, taken: Sequence[datetime]) -> dict[str, float]:
        """Return the share of each part that was exposed, from 0 to 1.

        taken: when the exposures that count began.
        """
        return {name: self._share(part, taken) for name, part in self.parts(transit).items()}

    def is_covered(self, transit: Transit, taken: Sequence[datetime]) -> bool:
        """Return whether an event needs no other: most of what will do was taken, and its contacts are among it."""
        contacts, whole = self.parts(transit), self.window(transit)
        enough = [[whole, contacts["ingress"], contacts["egress"]]]
        enough += [[half, contacts[name]] for name, half in self.halves(transit).items()]
        return any(all(self._share(part, taken) >= WHOLE for part in parts) for parts in enough)

    def is_had(self, taken: Sequence[datetime]) -> bool:
        """Return whether one has been covered, after which none is wanted; taken: as of `coverage`, in order."""
        return any(self.is_covered(each, taken) for each in self.observed(taken))

    def halves(self, transit: Transit) -> dict[str, Window]:
        """Return the halves of an event that will do where it cannot be had whole, in order of time."""
        whole = self.window(transit)
        both = {"ingress": Window(whole.start, transit.middle), "egress": Window(transit.middle, whole.end)}
        return {name: half for name, half in both.items() if self.accept in {name, "either"}}

    def observed(self, taken: Sequence[datetime]) -> Iterator[Transit]:
        """Yield every transit during which, or beside which, something was taken.

        taken: in order.
        """
        reach = max(self.before, self.after) + timedelta(seconds=self.each_s)
        breaks = [0, *(n for n in range(1, len(taken)) if taken[n] - taken[n - 1] > _APART), len(taken)]
        for first, end in zip(breaks, breaks[1:], strict=False):
            if end > first:
                yield from self.transits(taken[first] - reach, taken[end - 1] + reach)

    def _share(self, part: Window, taken: Sequence[datetime]) -> float:
        length_s, each = part.length.total_seconds(), timedelta(seconds=self.each_s)
        spans = (min(at + each, part.end) - max(at, part.start) for at in taken)
        exposed_s = sum(max(span.total_seconds(), 0.0) for span in spans)
        return min(1.0, exposed_s / length_s) if length_s > 0 else 1.0


def _transits(
    ephemeris: Ephemeris, star: Fixed, place: Location, start: datetime, end: datetime
) -> tuple[Transit, ...]:
    """Return those between two times out of whole months: each night that asks for one is told the same moment."""
    if end - start > _MONTH or not _YEARS[0] <= start.year <= end.year <= _YEARS[1]:
        return _between(ephemeris, star, place, start, end)
    half = timedelta(hours=ephemeris.duration_h / 2)
    first, last = ((at - _EPOCH) // _MONTH for at in (start - half, end + half))
    found = (each for month in range(first, last + 1) for each in _of_month(ephemeris, star, place, month))
    return tuple(each for each in found if each.ingress < end and each.egress > start)


@lru_cache(maxsize=128)
def _of_month(ephemeris: Ephemeris, star: Fixed, place: Location, month: int) -> tuple[Transit, ...]:
    start, end = _EPOCH + month * _MONTH, _EPOCH + (month + 1) * _MONTH
    return tuple(each for each in transits(ephemeris, star, place, start, end) if start <= each.middle < end)


_between = lru_cache(maxsize=128)(transits)
_EPOCH, _MONTH, _YEARS = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=32), (1900, 2200)
"""A night asks for the same ones each time that it plans, and astropy's answer takes a hundredth of a second or two."""


def cover_goal(plan: str, cover: Cover, conditions: ObservingConditions, each_s: float) -> CoverGoal:
    """Return the events that a plan's goal wants."""
    return events_of(cover, conditions.events[plan], conditions.place, each_s)


def events_of(
    cover: Cover, recurring: tuple[Fixed, Mapping[str, Ephemeris]], place: Location, each_s: float
) -> CoverGoal:
    """Return the events that a goal wants of what recurs at a star, in any night, dark or not."""
    star, events = recurring
    before, after = (timedelta(seconds=side) for side in cover.sides_s)
    name = "transit" if cover.transit is not None else cover.of
    return CoverGoal(events[cover.of], star, place, before, each_s, after, cover.accept, name)


def covering(
    asked: Candidate, wanted: CoverGoal, conditions: ObservingConditions, progress: Progress, now: datetime
) -> Candidate | None:
    """Return the candidate for tonight's event, fixed to its time; None once one has been covered.

    One that was begun in time goes on to its end, whatever is in hand by then; it is judged afterwards.
    """
    grid, taken = conditions.grid, progress.accepted_at
    tonights = wanted.transits(grid.start - wanted.before, grid.end + wanted.after)
    had = [_had(asked, wanted, each, grid) for each in tonights if wanted.window(each).end > now]
    begun = next((each for each in had if any(each.start <= at < each.end for at in progress.tried_at)), None)
    if begun is None and wanted.is_had(taken):
        return None
    reasons = [
        _cut_off(asked, each, conditions, f"the {wanted.name}", late=now > each.start + _LATE and each is not begun)
        for each in had
    ]
    if not had:
        reason = Reason("no-transit-tonight", f"no {wanted.name} falls in what is left of the night")
        return replace(asked, refused=asked.refused or reason)
    window, why = next((each for each in zip(had, reasons, strict=True) if each[1] is None), (had[0], reasons[0]))
    if begun is not None:
        window, why = begun, reasons[had.index(begun)]
    request = replace(asked.request, count=int(window.length.total_seconds() // wanted.each_s))
    return replace(asked, request=request, fixed=window, begun=begun is not None, refused=asked.refused or why)


def _had(asked: Candidate, wanted: CoverGoal, event: Transit, grid: Grid) -> Window:
    """Return what can be had of an event: all of it, or the longest free time in it with a half that will do."""
    whole = wanted.window(event)
    parts = [Window(max(each.start, whole.start), min(each.end, whole.end)) for each in windows(asked.free, grid)]
    enough = [p for p in parts for h in wanted.halves(event).values() if p.start <= h.start and h.end <= p.end]
    return max(enough, key=lambda part: part.length, default=whole)


def _cut_off(
    asked: Candidate, window: Window, conditions: ObservingConditions, what: str, *, late: bool
) -> Reason | None:
    """Return why an event cannot be had; None if it can, or if it was begun in time and goes on."""
    grid = conditions.grid
    when = f"{what} with its baseline, from {window.start:%H:%M} UTC to {window.end:%H:%M} UTC"
    if window.start < grid.start or window.end > grid.end:
        return Reason("cut-off", f"{when}, reaches out of the night")
    if not asked.free[grid.index(window.start) : grid.index(window.end) + 1].all():
        return Reason("cut-off", f"what it asks for does not hold throughout {when}")
    return Reason("cut-off", f"it is too late for {when}") if late else None
