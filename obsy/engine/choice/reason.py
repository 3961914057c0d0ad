"""Why a sight is offered, in a sentence."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from obsy.engine.choice.ranking import NARROW, Ranked, Sky, covers
from obsy.units import duration


def why(each: Ranked, sky: Sky) -> str:
    """Return what the night, the Moon and the field make of a sight."""
    return "; ".join(_parts(each, sky)) + "."


def clock(when: datetime, sky: Sky) -> str:
    """Return a time of the site's clock."""
    return f"{when.astimezone(ZoneInfo(sky.observatory.site.timezone)):%H:%M}"


def _parts(each: Ranked, sky: Sky) -> Iterator[str]:
    sight = each.sight
    high = f"{each.altitude_deg:.0f} deg high at {clock(each.best, sky)}"
    if each.transit and sight.transit:
        span = f"{clock(each.transit.ingress, sky)} to {clock(each.transit.egress, sky)}"
        deep = f"{100 * (sight.swing_mag or 0):.2g} % deep"
        deep += f" ({each.significance:.0f} times the noise)" if each.significance is not None else ""
        yield f"planet {sight.transit[0]} crosses it from {span}, {deep}, {high}"
    else:
        yield f"{duration(each.hours * 3600)}, best {high}"
    if each.moon_up:
        shield = f", and {' and '.join(_narrow(sky))} let little of its light through" if each.narrow else ""
        yield f"the Moon ({sky.lit_percent:.0f} % lit) is {each.moon_deg:.0f} deg away{shield}"
    else:
        yield "the Moon is down then"
    if (share := covers(sight, sky.train)) is not None and sight.size_arcmin:
        size = " x ".join(f"{side:g}" for side in dict.fromkeys(sight.size_arcmin))
        part = f"{100 * share:.0f} % of" if share < 1 else f"{share:.1f} times"
        yield f"{size} arcmin, {part} the field's short side"
    if sight.mag is not None:
        swing = f", and changes by {sight.swing_mag:.2g}" if sight.swing_mag and not sight.transit else ""
        yield f"magnitude {sight.mag:g}{swing}"


def _narrow(sky: Sky) -> list[str]:
    return [role for role in NARROW if role in sky.train.roles]
