"""Where the site, its horizon and the mount let a goal be taken."""

from collections.abc import Iterator
from typing import NamedTuple

from obsy.engine.declare.declared import Declared, Entry
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
    """Every goal with a fixed target, where there is one site and one mount to take it with."""
    sites, mounts = declared.of(Site), declared.of(Mount)
    if not sites or not mounts:
        return
    site, mount = sites[0].document, mounts[0].document
    skyline = next((h.document.points for h in declared.of(Horizon) if h.document.name == site.horizon), ())
    points = tuple(sorted((point.azimuth % 360.0, point.altitude) for point in skyline))
    for entry in declared.of(Plan):
        sky = resolve(entry.document)
        for number, goal in enumerate(entry.document.want if isinstance(sky, FixedTarget) else ()):
            when = goal.when.over(entry.document.when)
            assert isinstance(sky, FixedTarget)  # noqa: S101 - said above, but mypy forgets
            yield Visibility(entry, number, when, sky, site, _bounds(when, mount, points))


def _bounds(when: When, mount: Mount, skyline: tuple[tuple[float, float], ...]) -> Bounds:
    lowest, highest = [mount.altitude.above or 0.0], [90.0 if mount.altitude.below is None else mount.altitude.below]
    if when.altitude is not None:
        lowest += [] if when.altitude.above is None else [when.altitude.above]
        highest += [] if when.altitude.below is None else [when.altitude.below]
    if when.airmass is not None:
        lowest.append(altitude_at_airmass(when.airmass.below))
    return Bounds(max(lowest), min(highest), when.meridian.within if when.meridian else 12.0, skyline)
