"""A target that never stands where it may be taken, whatever the date."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import Visibility, visibilities
from obsy.engine.declare.visibility import culmination_deg


def check(declared: Declared) -> Iterator[Diagnostic]:
    """One complaint a plan, at the limit that is to blame; and one for a darkness that never comes."""
    told: set[tuple[str, str]] = set()
    for reach in visibilities(declared):
        for diagnostic in _complaints(reach):
            key = (reach.entry.document.name, diagnostic.code)
            if key not in told:
                told.add(key)
                yield diagnostic


def _complaints(reach: Visibility) -> Iterator[Diagnostic]:
    if reach.up_h == 0.0:
        yield reach.entry.complain("never-rises", _words(reach), *_blame(reach))
    if reach.dark_h == 0.0:
        words = (
            "the Sun never sinks so low here",
            "a darkness that comes at this latitude",
            "write 'sun: below -12 deg'",
        )
        yield reach.entry.complain("never-dark", words, *_loc(reach, "sun"))


def _words(reach: Visibility) -> tuple[str, str, str]:
    top = culmination_deg(reach.sky.dec_deg, reach.site.latitude)
    lowest = reach.bounds.lowest_deg
    found = f"the target never stands where it may be taken at {reach.site.name}: its highest altitude is {top:.1f} deg"
    if top >= lowest:
        return found, "a target that clears the horizon and the limits", "correct the limits or the horizon's points"
    mend = f"ask for 'above {max(0, int(top) - 3)} deg', or choose a target farther {_farther(reach)}"
    return found, f"a target that rises above {lowest:g} deg", mend


def _farther(reach: Visibility) -> str:
    return "north" if reach.sky.dec_deg < reach.site.latitude else "south"


def _blame(reach: Visibility) -> tuple[str | int, ...]:
    """The limit, if the person set one; else the target."""
    for key in ("altitude", "airmass", "meridian"):
        if getattr(reach.when, key) is not None:
            return _loc(reach, key)
    return ("target",)


def _loc(reach: Visibility, key: str) -> tuple[str | int, ...]:
    """Where a constraint stands: in the goal's own `when`, or in the plan's."""
    own = getattr(reach.entry.document.want[reach.number].when, key) is not None
    return ("want", reach.number, "when", key) if own else ("when", key)
