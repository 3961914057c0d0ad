"""Projects of ACP Scheduler: RTML 2.3, one Request for each plan, with targets and pictures."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import cure, declination, place, right_ascension
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, angle, frames, phrase

_MOVING = ("OrbitalElements", "Planet")
_NOTHING = r"(version|ID|User|UserName|Email|Project|Name) .*|(Dither|Binning) [01]|Minimum 1(\.0)?"


@reads("ACP Scheduler project", r"<RTML\b", "'Request' with 'Target'", _NOTHING)
def requests(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of each request."""
    for request in source.xml().every("Request"):
        schedule = request["Schedule"]
        when, priority = _when(schedule), schedule["Priority"].text
        further = (f"priority {priority}, which ACP counts otherwise",) if priority else ()
        for target in request["Target"]:
            name = target["Name"].text or request["ID"].text
            if not name:
                yield Leftover(target.line, "a target without a name", "give it one in ACP Scheduler", (target,))
                continue
            if moves := next((key for key in _MOVING if key in target.keys), None):
                found = f"'{name}': a target that moves, {moves} '{target[moves].text}'"
                yield Leftover(target.line, found, "write 'target:' of its plan by hand", (target,))
                continue
            ra, dec = (target["Coordinates"][key].text for key in ("RightAscension", "Declination"))
            here = place(right_ascension(ra, 1.0), declination(dec))
            if (ra or dec) and not here:
                yield Leftover(target.line, f"'{name}': '{ra}' and '{dec}' are no place", cure(ra, dec), (target,))
                continue
            more = {"notes": request["Description"].text, **angle(target["PositionAngle"].number)}
            lost: list[str] = [*further]
            want = _goals(target, lost)
            yield Wish(name, target.line, here, want, when, more, lost=tuple(lost), parts=(request, target))


def _goals(target: Part, lost: list[str]) -> tuple[Mapping[str, Any], ...]:
    """Return the goals of a target; ACP's interval, of a monitored one, is in hours."""
    turns, interval = target["@count"].within(0) or 1, target["@interval"].number or 0
    goals = (
        frames(
            picture["Filter"].text or UNSAID,
            picture["ExposureTime"].number,
            turns * (picture["@count"].within(0) or 1),
            lost,
            setting={"binning": int(binning)} if (binning := picture["Binning"].number or 1) > 1 else {},
            every=f"{digits(interval)} h" if interval > 0 else None,
        )
        for picture in target["Picture"]
    )
    return tuple(filter(None, goals))


def _when(schedule: Part) -> dict[str, str]:
    low, high = (schedule["AirmassRange"][end].within(1) for end in ("Minimum", "Maximum"))
    highest = schedule["Airmass"]["Airmass"].within(1) or schedule["Airmass"].within(1)
    air = (("above {}", low), ("below {}", high), ("below {}", highest if highest != high else None))
    distance, width = schedule["Moon"]["Distance"].number, schedule["Moon"]["Width"].number or 0
    sides = [schedule["HourAngleRange"][side] for side in ("East", "West")]
    east, west = (each.number for each in sides)
    for each in sides if east is None or west is None else ():
        each.leave()
    hours = (("above {} h", -abs(east)), ("below {} h", west)) if east is not None and west is not None else ()
    first, last = (utc(schedule["TimeRange"][end]) for end in ("Earliest", "Latest"))
    apart = (("farther than {} deg", distance), ("width {} d", width if width > 0 else None))
    return {
        "altitude": phrase(("above {} deg", schedule["Horizon"].number)),
        "airmass": phrase(*air),
        "moon": phrase(*apart) if distance is not None else "",
        "hour_angle": phrase(*hours),
        "dates": phrase(("after {}", first), ("before {}", last)),
    }


def utc(said: Part) -> str:
    """Return a moment in ISO 8601, of UTC where it names no zone, as the language has it; '' if it is none."""
    try:
        moment = datetime.fromisoformat(said.text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        said.leave()
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
