"""Where the site, its horizon and the mount let a goal be taken."""

from collections.abc import Iterator
from typing import NamedTuple

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import standing
from obsy.engine.declare.resolve import resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.declare.visibility import Bounds, altitude_at_airmass, longest_h, longest_night_h
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.schemas.when import When

DARK_DEG = -18.0
"""What dark means where a plan does not say."""


class Visibility(NamedTuple):
    """One goal of one plan, and how long its target can be had in the longest night of the year."""

    entry: Entry[Plan]
    number: int
    when: When
    sky: FixedTarget
    site: Site
    mount: Mount
    bounds: Bounds

    @property
    def up_h(self) -> float:
        """The longest unbroken time in a day in which it is where it may be taken, hours."""
        return longest_h(self.sky.dec_deg, self.site.latitude, self.bounds)

    @property
    def dark_h(self) -> float:
        """The longest night of the year, as dark as the goal asks, hours."""
        return longest_night_h(self.site.latitude, self.when.sun.below if self.when.sun else DARK_DEG)


def visibilities(declared: Declared) -> Iterator[Visibility]:
    """Yield every goal with a fixed target, from where it can be had longest by a train that serves its plan."""
    if not all(map(declared.all_well, ("train", "mount", "enclosure", "site", "horizon"))):
        return  # where it could be taken is not known
    instruments = [(each.train.document, each.mount, each.site) for each in standing(declared)]
    skylines = {h.document.name: h.document.points for h in declared.of(Horizon)}
    skyline = {
        site.name: tuple(
            sorted((point.azimuth % 360.0, point.altitude) for point in skylines.get(site.horizon or "", ()))
        )
        for _, _, site in instruments
    }
    for entry in declared.of(Plan):
        plan, sky = entry.document, resolve(entry.document)
        if not isinstance(sky, FixedTarget) or not instruments:
            continue
        served = [instrument for instrument in instruments if plan.served_by(instrument[0])] or instruments
        places = list(dict.fromkeys((mount, site) for _, mount, site in served))
        for number, goal in enumerate(plan.want):
            when = goal.when.over(plan.when)
            had = [Visibility(entry, number, when, sky, s, m, _bounds(when, m, skyline[s.name])) for m, s in places]
            yield max(had, key=lambda each: min(each.up_h, each.dark_h)) if len(had) > 1 else had[0]


def _bounds(when: When, mount: Mount, skyline: tuple[tuple[float, float], ...]) -> Bounds:
    lowest, highest = [mount.altitude.above or 0.0], [90.0 if mount.altitude.below is None else mount.altitude.below]
    if when.altitude is not None:
        lowest += [] if when.altitude.above is None else [when.altitude.above]
        highest += [] if when.altitude.below is None else [when.altitude.below]
    if when.airmass is not None:
        lowest.append(altitude_at_airmass(when.airmass.below))
    return Bounds(max(lowest), min(highest), when.meridian.within if when.meridian else 12.0, skyline)
