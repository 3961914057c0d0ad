"""Projects of ACP Scheduler: RTML 2.3, one Request for each plan, with targets and pictures."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import declination, place, right_ascension
from obsy.engine.importing.trees import Element
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, angle, digits, frames, number, phrase

_MOVING = ("OrbitalElements", "Planet")
_NOTHING = r"(version|ID|User|UserName|Email|Project|Name) .*|(Dither|Binning) [01]"


@reads("ACP Scheduler project", r"<RTML\b", "'Request' with 'Target'", _NOTHING)
def requests(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of each request."""
    for request in source.xml().every("Request"):
        schedule = request.first("Schedule")
        when, priority = _when(schedule), schedule.said("Priority")
        lost = (f"priority {priority}, which ACP counts otherwise",) if priority else ()
        for target in request.all("Target"):
            name = target.said("Name") or request.said("ID")
            if not name:
                yield Leftover(target.line, "a target without a name", "give it one in ACP Scheduler", (target,))
                continue
            if moves := next((each for key in _MOVING for each in target.all(key)), None):
                found = f"'{name}': a target that moves, {moves.tag} '{moves.text}'"
                yield Leftover(target.line, found, "write 'target:' of its plan by hand", (target,))
                continue
            ra, dec = (target.said(f"Coordinates/{key}") for key in ("RightAscension", "Declination"))
            here = place(right_ascension(ra, 1.0), declination(dec))
            more = {"notes": request.said("Description"), **angle(target.number("PositionAngle"))}
            yield Wish(name, target.line, here, _goals(target), when, more, lost=lost, parts=(request, target))


def _goals(target: Element) -> tuple[Mapping[str, Any], ...]:
    """Return the goals of a target; ACP's interval, of a monitored one, is in hours."""
    turns, interval = number(target.attribute("count")) or 1, number(target.attribute("interval")) or 0
    goals = (
        frames(
            picture.said("Filter") or UNSAID,
            picture.number("ExposureTime"),
            turns * (number(picture.attribute("count")) or 1),
            setting={"binning": int(binning)} if (binning := picture.number("Binning") or 1) > 1 else {},
            every=f"{digits(interval)} h" if interval > 0 else None,
        )
        for picture in target.all("Picture")
    )
    return tuple(filter(None, goals))


def _when(schedule: Element) -> dict[str, str]:
    low, high = (schedule.number(f"AirmassRange/{end}") for end in ("Minimum", "Maximum"))
    highest = schedule.number("Airmass/Airmass") or schedule.number("Airmass")
    air = (("above {}", low), ("below {}", high), ("below {}", highest if highest != high else None))
    distance, width = schedule.number("Moon/Distance"), schedule.number("Moon/Width") or 0
    east, west = (schedule.number(f"HourAngleRange/{side}") for side in ("East", "West"))
    hours = (("above {} h", -abs(east)), ("below {} h", west)) if east is not None and west is not None else ()
    first, last = (utc(schedule.said(f"TimeRange/{end}")) for end in ("Earliest", "Latest"))
    apart = (("farther than {} deg", distance), ("width {} d", width if width > 0 else None))
    return {
        "altitude": phrase(("above {} deg", schedule.number("Horizon"))),
        "airmass": phrase(*((form, limit) for form, limit in air if limit is not None and limit > 1)),
        "moon": phrase(*apart) if distance is not None else "",
        "hour_angle": phrase(*hours),
        "dates": phrase(("after {}", first), ("before {}", last)),
    }


def utc(said: str) -> str:
    """Return a moment in ISO 8601, of UTC where it names no zone, as the language has it; '' if it is none."""
    try:
        moment = datetime.fromisoformat(said)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
