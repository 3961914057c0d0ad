"""One body's night as `obsy sky` prints it: a line for each thing that happens, and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from obsy.engine.sky.almanac import Almanac
from obsy.engine.sky.earth import rotation_unknown
from obsy.engine.sky.openings import Edge
from obsy.engine.sky.passages import Passages, Stand
from obsy.engine.sky.shadow import Shadow
from obsy.schemas.site import Site
from obsy.units import duration


@dataclass(frozen=True)
class AlmanacPage:
    """What is told of, as seen from where."""

    name: str
    site: Site
    day: date
    above_deg: float | None
    """What counts as up; None: the horizon."""
    seen: Almanac
    warning: str | None = None

    @property
    def is_of(self) -> str:
        """'sun', 'moon', or '' for all else."""
        return self.name.lower() if self.name in {"Sun", "Moon"} else ""


def page(told: AlmanacPage) -> Iterator[str]:
    """Yield the lines that people read."""
    place, zone, night = told.site.location, ZoneInfo(told.site.timezone), told.seen.night
    where = f"{abs(place.latitude_deg):g} deg {'NS'[place.latitude_deg < 0]}"
    where += f", {abs(place.longitude_deg):g} deg {'EW'[place.longitude_deg < 0]}"
    yield f"{told.name} from {told.site.name} ({where}), night of {told.day}"
    yield f"{night.start:%Y-%m-%d %H:%M} to {night.end:%Y-%m-%d %H:%M} UTC; local clocks are those of {zone}"
    yield ""
    yield "    UTC       local"
    yield from (f"    {_clocks(when, zone)}  {what}" for when, what in sorted(_events(told)))
    remarks = [*_remarks(told), *_openings(told, zone)]
    yield from ["", *remarks] if remarks else []


def _clocks(when: datetime, zone: ZoneInfo) -> str:
    return f"{when:%H:%M:%S}  {when.astimezone(zone):%H:%M:%S}"


def _events(told: AlmanacPage) -> Iterator[tuple[datetime, str]]:
    """Yield everything that happens, and when."""
    for name, night in told.seen.twilights.items():
        yield from ((at, f"{name} {what}") for at, what in ((night.dusk, "dusk"), (night.dawn, "dawn")) if at)
    yield from _passing("the Sun", told.seen.sun, transits=told.is_of == "sun")
    yield from _passing("the Moon", told.seen.moon, transits=told.is_of == "moon")
    if not told.is_of or told.above_deg is not None:
        yield from _passing("it", told.seen.body, above=_above(told), shadow=told.seen.shadow)


def _passing(
    who: str, over: Passages, *, above: str = "", transits: bool = True, shadow: Shadow | None = None
) -> Iterator[tuple[datetime, str]]:
    def lit(each: Stand) -> str:
        return "" if shadow is None else ", lit by the Sun" if shadow.is_lit(each.when) else ", in the Earth's shadow"

    yield from ((each.when, f"{who} rises{above}, {_azimuth(each)}{lit(each)}") for each in over.rises)
    yield from ((each.when, f"{who} sets{above}, {_azimuth(each)}{lit(each)}") for each in over.sets)
    for each in [each for each in over.transits if transits and each.altitude_deg > 0]:
        yield each.when, f"{who} stands highest, {each.altitude_deg:.1f} deg, {_azimuth(each)}{lit(each)}"
    for does, passed in (("enters", shadow.enters), ("leaves", shadow.leaves)) if shadow else ():
        for each in [each for each in passed if each.altitude_deg > 0]:
            yield each.when, f"{who} {does} the Earth's shadow, {each.altitude_deg:.1f} deg, {_azimuth(each)}"


def _above(told: AlmanacPage) -> str:
    return "" if told.above_deg is None else f" (at {told.above_deg:g} deg)"


def _azimuth(stand: Stand) -> str:
    return f"azimuth {round(stand.azimuth_deg) % 360} deg"


def _remarks(told: AlmanacPage) -> Iterator[str]:
    """Say what does not happen, and how the Moon is."""
    seen = told.seen
    if not seen.body.rises and not seen.body.sets and told.is_of != "sun":
        above = "the horizon" if told.above_deg is None else f"{told.above_deg:g} deg"
        if seen.body.highest_deg < (told.above_deg or 0.0):
            yield f"It does not rise above {above} that night: {seen.body.highest_deg:.1f} deg at most."
        else:
            yield f"It stays above {above} all night: {seen.body.lowest_deg:.1f} deg at least."
    yield from _darkness(seen)
    at = f"{seen.best.when:%H:%M} UTC, when it stands {seen.best.altitude_deg:.0f} deg high"
    apart = "" if told.is_of else f" and {seen.moon_apart_deg:.0f} deg from it"
    if told.is_of != "sun":
        yield f"The Moon is {seen.moon_lit_percent:.0f} % lit{apart} at {at}."
    if told.warning:
        yield f"Take care: {told.warning}."
    if unknown := rotation_unknown(told.seen.night.end):
        first, last = unknown.tables
        known = f"how the Earth turns is known from {first} to {last}"
        yield f"Take care: {known}; these times may be off by {duration(unknown.seconds)}."


def _darkness(seen: Almanac) -> Iterator[str]:
    """Say what the Sun does not do."""
    if not seen.sun.rises and not seen.sun.sets:
        is_up = seen.sun.highest_deg > 0
        yield "The Sun does not set that night." if is_up else "The Sun does not rise: it is polar night."
    if not seen.night.dark:
        yield f"There is no dark: the Sun sinks to {seen.sun.lowest_deg:.1f} deg, and not below -18."
    elif seen.night.dusk is None and seen.night.dawn is None:
        yield "It is dark from noon to noon: the Sun stays below -18 deg."


def _openings(told: AlmanacPage, zone: ZoneInfo) -> Iterator[str]:
    """Say when it may be had, and what begins and ends that."""
    if told.is_of == "sun":
        return
    if not told.seen.openings:
        yield "It is never up in the dark."
    for each in told.seen.openings:
        window = each.window
        yield f"In the dark and up for {duration(window.length.total_seconds())}:"
        yield f"    {_clocks(window.start, zone)}  from when {_words(each.opens)}"
        yield f"    {_clocks(window.end, zone)}  until {_words(each.closes)}"


def _words(edge: Edge) -> str:
    return edge.words or "the night begins or ends, at noon of the longitude"


def shape(told: AlmanacPage) -> dict[str, Any]:
    """Return the same for a machine; times are ISO 8601 in UTC, and in the zone of the site where they say `local`."""
    seen, zone = told.seen, ZoneInfo(told.site.timezone)

    def moment(when: datetime | None) -> dict[str, str] | None:
        return {"utc": when.isoformat(), "local": when.astimezone(zone).isoformat()} if when else None

    def stand(each: Stand) -> dict[str, Any]:
        return {**(moment(each.when) or {}), "altitude_deg": each.altitude_deg, "azimuth_deg": each.azimuth_deg}

    def passing(over: Passages) -> dict[str, Any]:
        stood = {"rises": over.rises, "transits": over.transits, "sets": over.sets}
        reached = {"highest_deg": over.highest_deg, "lowest_deg": over.lowest_deg}
        return {**{name: [*map(stand, each)] for name, each in stood.items()}, **reached}

    def edge(each: Edge) -> dict[str, Any]:
        return {**(moment(each.when) or {}), "when": _words(each)}

    return {
        "name": told.name,
        "night": told.day.isoformat(),
        "site": {"name": told.site.name, **told.site.location._asdict(), "timezone": told.site.timezone},
        "above_deg": told.above_deg,
        "from": moment(seen.night.start),
        "until": moment(seen.night.end),
        "twilights": {
            name: {"dusk": moment(each.dusk), "dawn": moment(each.dawn)} for name, each in seen.twilights.items()
        },
        "sun": passing(seen.sun),
        "moon": {**passing(seen.moon), "lit_percent": seen.moon_lit_percent, "apart_deg": seen.moon_apart_deg},
        "body": passing(seen.body),
        "shadow": seen.shadow
        and {"enters": [*map(stand, seen.shadow.enters)], "leaves": [*map(stand, seen.shadow.leaves)]},
        "best": stand(seen.best),
        "windows": [{"opens": edge(each.opens), "closes": edge(each.closes)} for each in seen.openings],
        "remarks": [*_remarks(told)],
        "warning": told.warning,
    }
