"""Transits: a goal that must be taken at its own time, from the first baseline to the last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from obsy.engine.declare.target import Ephemeris
from obsy.engine.progress import Progress
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Window
from obsy.engine.sky.transit import Transit, transits
from obsy.schemas.plan import Cover
from obsy.schemas.site import Location

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
    baseline: timedelta
    """Wanted before the first and after the last contact."""
    each_s: float
    """From one exposure to the next."""

    def transits(self, start: datetime, end: datetime) -> tuple[Transit, ...]:
        """Return the transits any part of which, baselines left out, falls between two times, in order."""
        return _transits(self.ephemeris, self.star, self.location, start, end)

    def window(self, transit: Transit) -> Window:
        """Return the time that a transit takes with its baselines."""
        return Window(transit.ingress - self.baseline, transit.egress + self.baseline)

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
        """Return whether a transit needs no other: most of it was taken, and ingress and egress are among it."""
        shares = self.coverage(transit, taken)
        whole = self._share(self.window(transit), taken)
        return min(whole, shares["ingress"], shares["egress"]) >= WHOLE

    def observed(self, taken: Sequence[datetime]) -> Iterator[Transit]:
        """Yield every transit during which, or beside which, something was taken.

        taken: in order.
        """
        reach = self.baseline + timedelta(seconds=self.each_s)
        breaks = [0, *(n for n in range(1, len(taken)) if taken[n] - taken[n - 1] > _APART), len(taken)]
        for first, end in zip(breaks, breaks[1:], strict=False):
            if end > first:
                yield from self.transits(taken[first] - reach, taken[end - 1] + reach)

    def _share(self, part: Window, taken: Sequence[datetime]) -> float:
        length_s, each = part.length.total_seconds(), timedelta(seconds=self.each_s)
        spans = (min(at + each, part.end) - max(at, part.start) for at in taken)
        exposed_s = sum(max(span.total_seconds(), 0.0) for span in spans)
        return min(1.0, exposed_s / length_s) if length_s > 0 else 1.0


_transits = lru_cache(maxsize=128)(transits)
"""A night asks for the same ones each time that it plans, and astropy's answer takes a tenth of a second."""

PARTS = ("baseline before", "ingress", "middle", "egress", "baseline after")


def cover_goal(plan: str, cover: Cover, conditions: ObservingConditions, each_s: float) -> CoverGoal:
    """Return the transits that a plan's goal wants."""
    star, planets = conditions.planets[plan]
    return CoverGoal(planets[cover.transit], star, conditions.place, timedelta(seconds=cover.baseline), each_s)


def covering(
    asked: Candidate, wanted: CoverGoal, conditions: ObservingConditions, progress: Progress, now: datetime
) -> Candidate | None:
    """Return the candidate for tonight's transit, fixed to its time; None once one has been covered.

    One that was begun in time goes on to its end, whatever is in hand by then; it is judged afterwards.
    """
    tonights = wanted.transits(conditions.grid.start, conditions.grid.end)
    window = next((each for each in map(wanted.window, tonights) if each.end > now), None)
    begun = window is not None and any(window.start <= at < window.end for at in progress.tried_at)
    taken = progress.accepted_at
    if not begun and any(wanted.is_covered(transit, taken) for transit in wanted.observed(taken)):
        return None
    if window is None:
        reason = Reason("no-transit-tonight", "no transit falls in what is left of the night")
        return replace(asked, refused=asked.refused or reason)
    request = replace(asked.request, count=int(window.length.total_seconds() // wanted.each_s))
    refused = asked.refused or _cut_off(asked, window, conditions, late=now > window.start + _LATE and not begun)
    return replace(asked, request=request, fixed=window, begun=begun, refused=refused)


def _cut_off(asked: Candidate, window: Window, conditions: ObservingConditions, *, late: bool) -> Reason | None:
    """Return why a transit cannot be had whole; None if it can, or if it was begun in time and goes on."""
    grid = conditions.grid
    when = f"from {window.start:%H:%M} UTC to {window.end:%H:%M} UTC"
    if window.start < grid.start or window.end > grid.end:
        return Reason("cut-off", f"the transit with its baseline, {when}, reaches out of the night")
    if not asked.free[grid.index(window.start) : grid.index(window.end) + 1].all():
        return Reason("cut-off", f"what it asks for does not hold throughout the transit with its baseline, {when}")
    return Reason("cut-off", f"it is too late for the transit with its baseline, {when}") if late else None
