"""Projects of ACP Scheduler: RTML 2.3, one Request for each plan, with targets and pictures."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from obsy.engine.importing.given import Element, GivenFile, tree_of_xml
from obsy.engine.importing.places import declination, place, right_ascension
from obsy.engine.importing.wish import UNSAID, Leftover, Wish, frames, number, plain

_OTHERS = ("SkyCondition", "Telescope", "Reason", "Correction")
_MOVING = ("OrbitalElements", "Planet")


def requests(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of each request."""
    for request in tree_of_xml(source).every("Request"):
        schedule = next(iter(request.all("Schedule")), Element("", request.line))
        lost = [f"{tag} '{said}'" for tag in _OTHERS for said in (request.said(tag), schedule.said(tag)) if said]
        if schedule.said("Priority"):
            lost.append(f"priority {schedule.said('Priority')}, which ACP counts otherwise")
        for target in request.all("Target"):
            name = target.said("Name") or request.said("ID")
            if not name:
                yield Leftover(target.line, "a target without a name", "give it one in ACP Scheduler")
                continue
            if moves := next((each for key in _MOVING for each in target.all(key)), None):
                found = f"'{name}': a target that moves, {moves.tag} '{moves.text}'"
                yield Leftover(target.line, found, "write 'target:' of its plan by hand")
                continue
            ra, dec = (target.said(f"Coordinates/{key}") for key in ("RightAscension", "Declination"))
            here = place(right_ascension(ra, 1.0), declination(dec)) if ra and dec else None
            more = {"notes": notes} if (notes := request.said("Description")) else {}
            if angle := target.number("PositionAngle"):
                more["angle"] = f"{plain(angle)} deg"
            yield Wish(
                name,
                target.line,
                here,
                _goals(target),
                _when(schedule),
                more,
                lost=tuple(lost),
            )


def _goals(target: Element) -> tuple[Mapping[str, Any], ...]:
    turns = number(target.attributes.get("count")) or 1
    every = _every(target)
    goals = (
        frames(
            picture.said("Filter") or UNSAID,
            picture.number("ExposureTime"),
            turns * (number(picture.attributes.get("count")) or 1),
            setting={"binning": int(binning)} if (binning := picture.number("Binning") or 1) > 1 else {},
            every=every,
        )
        for picture in target.all("Picture")
    )
    return tuple(goal for goal in goals if goal)


def _every(target: Element) -> str | None:
    """Return the cadence of a monitored target: ACP's interval is in hours."""
    interval = number(target.attributes.get("interval"))
    return f"{plain(interval)} h" if interval and interval > 0 else None


def _when(schedule: Element) -> dict[str, str]:
    when: dict[str, str] = {}
    if (horizon := schedule.number("Horizon")) is not None:
        when["altitude"] = f"above {plain(horizon)} deg"
    air = [("above", schedule.number("AirmassRange/Minimum")), ("below", schedule.number("AirmassRange/Maximum"))]
    air += [("below", schedule.number("Airmass/Airmass") or schedule.number("Airmass"))]
    if limits := [f"{word} {plain(limit)}" for word, limit in air if limit is not None and limit > 1]:
        when["airmass"] = " and ".join(dict.fromkeys(limits))
    if (distance := schedule.number("Moon/Distance")) is not None:
        width = schedule.number("Moon/Width") or 0
        when["moon"] = f"farther than {plain(distance)} deg" + (f" and width {plain(width)} d" if width > 0 else "")
    east, west = (schedule.number(f"HourAngleRange/{side}") for side in ("East", "West"))
    if east is not None and west is not None:
        when["hour_angle"] = f"above {plain(-abs(east))} h and below {plain(west)} h"
    moments = (("after", schedule.said("TimeRange/Earliest")), ("before", schedule.said("TimeRange/Latest")))
    if dates := [f"{word} {moment}" for word, said in moments if (moment := utc(said))]:
        when["dates"] = " and ".join(dates)
    return when


def utc(said: str) -> str:
    """Return a moment in ISO 8601, of UTC where it names no zone, as the language has it; '' if it is none."""
    try:
        moment = datetime.fromisoformat(said)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
