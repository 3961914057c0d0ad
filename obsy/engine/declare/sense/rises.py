"""A target that never stands where it may be taken, whatever the date."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import Visibility, culmination_deg, longest_night_h, visibilities
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.constraint import Bounds, Constraint
from obsy.schemas.policy import Policy
from obsy.schemas.site import Site


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of the limits that are to blame, once at each place, and of a darkness that never comes."""
    yield from _roofs(declared)
    yield from dict.fromkeys(each for visibility in visibilities(declared) for each in _complaints(visibility))


def _roofs(declared: Declared) -> Iterator[Diagnostic]:
    """A darkness that the house rules ask for before a roof opens, and that never comes."""
    for entry in declared.of(Policy):
        safety, sites = entry.document.safety, [each.document for each in declared.of(Site)]
        light = [s.name for s in sites if safety and longest_night_h(s.latitude, safety.sun.roof.below) == 0.0]
        if light:
            found = f"the Sun never sinks so low at {light[0]}, so no roof there ever opens"
            words = (found, "a darkness that comes at this latitude", "write 'roof: below -6 deg'")
            yield entry.complain("never-dark", words, "safety", "sun", "roof")


def _complaints(seen: Visibility) -> Iterator[Diagnostic]:
    for key in _blamed(seen) if seen.up_h == 0.0 else ():
        yield seen.entry.complain("never-rises", _words(seen, key), *_loc(seen, key))
    if seen.dark_h == 0.0:
        found, expected = "the Sun never sinks so low here", "a darkness that comes at this latitude"
        yield seen.entry.complain("never-dark", (found, expected, "write 'sun: below -12 deg'"), *_loc(seen, "sun"))


def _blamed(seen: Visibility) -> list[str]:
    """The plan's limits that keep the target down each by itself, else one that does with others; '' if none does."""
    said = {key: limit for key, limit in seen.when.constraints() if limit.bounds() != Bounds()}
    if not seen.under({}).up_h:
        return [""]
    alone = [key for key, limit in said.items() if not seen.under({key: limit}).up_h]
    return alone or [key for key in said if seen.under(said | {key: None}).up_h][:1] or list(said)[:1]


def _words(seen: Visibility, key: str) -> tuple[str, str, str]:
    limit: Constraint | None = getattr(seen.when, key) if key else None
    top = culmination_deg(seen.sky.dec_deg, seen.site.latitude)
    lowest = seen.under({key: limit} if key else {}).bounds.lowest_deg
    found = f"the target never stands where it may be taken at {seen.site.name}: its highest altitude is {top:.1f} deg"
    if top >= lowest:
        if seen._replace(mount=seen.mount.model_copy(update={"altitude": Altitude.model_construct()})).under().up_h:
            reach = " and ".join(f"{word} {said:g} deg" for word, said in seen.mount.altitude if said is not None)
            found += f", and mount '{seen.mount.name}' points {reach}"
        loosen = f"loosen {key!r}, " if key else ""
        mend = f"{f'loosen {key!r}, or ' if key else ''}correct the limits or the horizon's points"
        if seen._replace(bounds=seen.bounds._replace(ceiling=())).up_h:
            found += f", and it is never out from under the ceiling of horizon '{seen.site.horizon}'"
            mend = f"{loosen}choose a target that passes beside or below it, or correct the ceiling"
        elif seen._replace(bounds=seen.bounds._replace(zone=None)).up_h:
            found += f", and it is up within the meridian zone of mount '{seen.mount.name}' alone"
            mend = f"{loosen}narrow 'meridian_zone', or choose a target that is up for longer"
        return found, "a target that clears the horizon and the limits", mend
    mend = f"choose a target farther {'north' if seen.sky.dec_deg < seen.site.latitude else 'south'}"
    lower = limit.lower(int(top) - 3) if limit is not None else ""
    if limit is not None and lower and seen.under({key: type(limit).model_validate(lower)}).up_h:
        mend = f"ask for '{lower}', or {mend}"
    return found, f"a target that rises above {lowest:.4g} deg", mend


def _loc(visibility: Visibility, key: str) -> tuple[str | int, ...]:
    """Where a constraint stands: in the goal's own `when`, or in the plan's; the target, if it is none."""
    if not key:
        return ("target",)
    own = getattr(visibility.entry.document.want[visibility.number].when, key) is not None
    return ("want", visibility.number, "when", key) if own else ("when", key)
