"""What a mount that stands is asked for: a place over the ground that can be had, no stack, and no endless trail."""

from collections.abc import Iterator
from math import asin, ceil, cos, degrees, floor, radians, sin
from typing import NamedTuple

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import Standing, standing
from obsy.engine.declare.names import resolve
from obsy.engine.declare.sense.visibility import Reach, screen, skyline_deg
from obsy.engine.declare.target import FixedTarget
from obsy.engine.sidereal import ARCSEC_PER_S
from obsy.schemas.horizon import Horizon
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.schemas.target import OverGround
from obsy.units import duration

ANEW_S = 240.0
"""A place over the ground whose stars are followed is pointed at anew after so long."""
Words = tuple[str, str, str]


class Allowed(NamedTuple):
    """What one thing allows of a place over the ground."""

    what: str
    key: str
    """The word of `when` that says so; '' of what is none."""
    lowest_deg: float
    highest_deg: float


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of places over the ground that horizon, mount or `when` never allow."""
    if not all(map(declared.all_well, ("train", "mount", "enclosure", "site", "horizon"))):
        return  # where it could be taken is not known
    screens = {each.document.name: screen(each.document) for each in declared.of(Horizon)}
    for entry in declared.of(Plan):
        if isinstance(entry.document.target, OverGround) and not entry.document.targets:
            yield from dict.fromkeys(_never(entry, _served(entry.document, declared), screens))


def warned(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of stacks of what stands, and of exposures in which the sky carries everything out of the frame."""
    steps = {each.document.name: {step.step for step in each.document.steps} for each in declared.of(Pipeline)}
    for entry in declared.of(Plan):
        plan = entry.document
        if plan.targets:
            continue  # a table is reserved
        still = plan.tracking == "none" or (isinstance(plan.target, OverGround) and plan.tracking == "target")
        if still and "stack" in steps.get(plan.pipeline, ()):
            able = [name for name, made in steps.items() if "stack" not in made]
            mend = f"write 'pipeline: {able[0]}'" if able else "write a pipeline without 'stack'"
            words = (
                f"'{plan.pipeline}' stacks, and what stands is laid on no grid",
                "a pipeline without 'stack'",
                mend,
            )
            yield entry.complain("no-effect", words, "pipeline")
        for number, goal in enumerate(plan.want):
            trails = [_trail(plan, goal.exposure, each, still) for each in _served(plan, declared)]
            if trails and all(trails) and trails[0]:
                yield entry.complain("long-trail", trails[0], "want", number, "exposure")


def _served(plan: Plan, declared: Declared) -> list[Standing]:
    every = list(standing(declared))
    return [each for each in every if plan.served_by(each.train.document)] or every


def _never(entry: Entry[Plan], served: list[Standing], screens: dict[str, Reach]) -> Iterator[Diagnostic]:
    place = entry.document.target
    assert isinstance(place, OverGround)  # noqa: S101
    for number in range(len(entry.document.want)):
        told = [_refused(place, _allowed(entry.document, number, each, screens)) for each in served]
        if told and all(told) and told[0]:
            key, words = told[0]
            own = key and getattr(entry.document.want[number].when, key) is not None
            loc = ("want", number, "when", key) if own else ("when", key) if key else ("target", "altitude")
            yield entry.complain("never-rises", words, *loc)


def _allowed(plan: Plan, number: int, each: Standing, screens: dict[str, Reach]) -> list[Allowed]:
    place, site, mount = plan.target, each.site, each.mount
    assert isinstance(place, OverGround)  # noqa: S101
    seen, azimuth, reach = screens.get(site.horizon or "", Reach()), place.azimuth % 360.0, mount.altitude.bounds()
    ceiling = skyline_deg(seen.ceiling, azimuth) if seen.ceiling else 90.0
    found = [
        Allowed("the level horizon", "", 0.0, 90.0),
        Allowed(f"horizon '{site.horizon}' there", "", skyline_deg(seen.skyline, azimuth), ceiling),
        Allowed(f"mount '{mount.name}'", "", reach.lowest_deg, reach.highest_deg),
    ]
    for key, limit in plan.want[number].when.over(plan.when).constraints():
        bounds = limit.bounds()
        found.append(Allowed(f"'{key}'", key, bounds.lowest_deg, bounds.highest_deg))
    return found


def _refused(place: OverGround, allowed: list[Allowed]) -> tuple[str, Words] | None:
    """Say which limit does not allow a place, the word of `when` that says so, and what to write; None if all do."""
    said = place.altitude
    broken = next((each for each in allowed if not each.lowest_deg <= said <= each.highest_deg), None)
    if broken is None:
        return None
    low, high = ceil(max(each.lowest_deg for each in allowed)), floor(min(each.highest_deg for each in allowed))
    bound = f"from {broken.lowest_deg:g}" if said < broken.lowest_deg else f"up to {broken.highest_deg:g}"
    found = f"a place over the ground at {said:g} deg, and {broken.what} allows {bound} deg"
    mend = f"write 'altitude: {low if said < low else high:g} deg' at the target"
    if low > high:
        mend = f"loosen '{broken.key}'" if broken.key else "choose another azimuth, or correct the horizon's points"
    elif broken.key:
        mend += f", or loosen '{broken.key}'"
    return broken.key, (found, f"an altitude from {max(low, 0)} to {max(high, 0)} deg", mend)


def _trail(plan: Plan, exposure_s: float, each: Standing, still: bool) -> Words | None:
    """Say how far the sky moves in one exposure, if that is out of the frame, or a place is left behind."""
    train, wanders = each.train.document, isinstance(plan.target, OverGround) and not still
    far = ARCSEC_PER_S * cos(radians(_dec_deg(plan, each.site)))
    trail, most_s = far * exposure_s, ANEW_S if wanders else min(train.field) * 3600 / 2 / max(far, 1e-9)
    if not (still or wanders) or exposure_s <= most_s:
        return None
    who = "the stars carry the frame from its place" if wanders else "the stars draw lines"
    found = f"{duration(exposure_s)}, in which {who} by {trail:,.0f} arcsec, {trail / train.scale:,.0f} px"
    return found, f"at most {floor(most_s)} s", f"write 'exposure: {floor(most_s)} s' or less, and more frames"


def _dec_deg(plan: Plan, site: Site) -> float:
    """Return the declination that a plan points at; 0 of what is not known, which moves fastest."""
    if isinstance(place := plan.target, OverGround):
        up, north, latitude = radians(place.altitude), radians(place.azimuth), radians(site.latitude)
        return degrees(asin(sin(up) * sin(latitude) + cos(up) * cos(latitude) * cos(north)))
    target = resolve(plan)
    return target.dec_deg if isinstance(target, FixedTarget) else 0.0
