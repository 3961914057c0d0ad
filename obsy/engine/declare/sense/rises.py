"""A target that never stands where it may be taken, whatever the date."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import Visibility, visibilities
from obsy.engine.declare.visibility import culmination_deg


def check(declared: Declared) -> Iterator[Diagnostic]:
    """One complaint a plan, at the limit that is to blame; and one for a darkness that never comes."""
    told: set[tuple[str, str]] = set()
    for visibility in visibilities(declared):
        for diagnostic in _complaints(visibility):
            key = (visibility.entry.document.name, diagnostic.code)
            if key not in told:
                told.add(key)
                yield diagnostic


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
    mend = f"ask for 'above {max(0, int(top) - 3)} deg', or choose a target farther {_farther(visibility)}"
    return found, f"a target that rises above {lowest:g} deg", mend


def _farther(visibility: Visibility) -> str:
    return "north" if visibility.sky.dec_deg < visibility.site.latitude else "south"


def _blame(visibility: Visibility) -> tuple[str | int, ...]:
    """The limit, if the person set one; else the target."""
    for key in ("altitude", "airmass", "meridian"):
        if getattr(visibility.when, key) is not None:
            return _loc(visibility, key)
    return ("target",)


def _loc(visibility: Visibility, key: str) -> tuple[str | int, ...]:
    """Where a constraint stands: in the goal's own `when`, or in the plan's."""
    own = getattr(visibility.entry.document.want[visibility.number].when, key) is not None
    return ("want", visibility.number, "when", key) if own else ("when", key)
