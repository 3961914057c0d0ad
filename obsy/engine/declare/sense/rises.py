"""A target that never stands where it may be taken, whatever the date."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import Visibility, culmination_deg, longest_h, longest_night_h, visibilities
from obsy.schemas.policy import Policy
from obsy.schemas.site import Site


def check(declared: Declared) -> Iterator[Diagnostic]:
    """One complaint a plan, at the limit that is to blame; and one for a darkness that never comes."""
    yield from _roofs(declared)
    first: dict[tuple[str, str], Diagnostic] = {}
    for visibility in visibilities(declared):
        for diagnostic in _complaints(visibility):
            first.setdefault((visibility.entry.document.name, diagnostic.code), diagnostic)
    yield from first.values()


def _roofs(declared: Declared) -> Iterator[Diagnostic]:
    """A darkness that the house rules ask for before a roof opens, and that never comes."""
    for entry in declared.of(Policy):
        safety, sites = entry.document.safety, [each.document for each in declared.of(Site)]
        light = [s.name for s in sites if safety and longest_night_h(s.latitude, safety.sun.roof.below) == 0.0]
        if light:
            found = f"the Sun never sinks so low at {light[0]}, so no roof there ever opens"
            words = (found, "a darkness that comes at this latitude", "write 'roof: below -6 deg'")
            yield entry.complain("never-dark", words, "safety", "sun", "roof")


def _complaints(visibility: Visibility) -> Iterator[Diagnostic]:
    if visibility.up_h == 0.0:
        yield visibility.entry.complain("never-rises", _words(visibility), *_blame(visibility))
    if visibility.dark_h == 0.0:
        words = (
            "the Sun never sinks so low here",
            "a darkness that comes at this latitude",
            "write 'sun: below -12 deg'",
        )
        yield visibility.entry.complain("never-dark", words, *_loc(visibility, "sun"))


def _words(visibility: Visibility) -> tuple[str, str, str]:
    top = culmination_deg(visibility.sky.dec_deg, visibility.site.latitude)
    lowest = visibility.bounds.lowest_deg
    where = f"where it may be taken at {visibility.site.name}"
    found = f"the target never stands {where}: its highest altitude is {top:.1f} deg"
    if top >= lowest:
        return found, "a target that clears the horizon and the limits", "correct the limits or the horizon's points"
    farther = "north" if visibility.sky.dec_deg < visibility.site.latitude else "south"
    mend, lower = f"choose a target farther {farther}", int(top) - 3
    if visibility.when.altitude is not None and _had_above(visibility, lower):
        mend = f"ask for 'above {lower} deg', or {mend}"
    return found, f"a target that rises above {lowest:g} deg", mend


def _had_above(visibility: Visibility, altitude_deg: float) -> bool:
    """Whether a lower limit of the plan's own would be enough."""
    reach, sky, site = visibility.mount.altitude.above or 0.0, visibility.sky, visibility.site
    bounds = visibility.bounds._replace(lowest_deg=max(altitude_deg, reach))
    return altitude_deg > reach and longest_h(sky.dec_deg, site.latitude, bounds) > 0.0


def _blame(visibility: Visibility) -> tuple[str | int, ...]:
    """The limit, if the person set one; else the target."""
    for key in ("altitude", "airmass", "meridian", "hour_angle"):
        if getattr(visibility.when, key) is not None:
            return _loc(visibility, key)
    return ("target",)


def _loc(visibility: Visibility, key: str) -> tuple[str | int, ...]:
    """Where a constraint stands: in the goal's own `when`, or in the plan's."""
    own = getattr(visibility.entry.document.want[visibility.number].when, key) is not None
    return ("want", visibility.number, "when", key) if own else ("when", key)
