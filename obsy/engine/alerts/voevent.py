"""A VOEvent 2.0 packet (XML), as GCN and others send it.

Source: Seaman et al., Sky Event Reporting Metadata, version 2.0, IVOA Recommendation, 11 July 2011.
"""

import re
from collections.abc import Iterator

from obsy.engine.alerts.notice import OBSERVATION, AlertNotice, moment, name_of, within
from obsy.engine.importing.trees import Part
from obsy.errors import UserError

_IVORN = re.compile(r"ivo://([^/#]+)/([^#]+)#(.+)")
_GCN = re.compile(r"(?:^|\.)gcn(?:\.|$)")
NUMBERED = ("trigid", "graceid")
"""Parameters by which GCN numbers what it tells of: that of a burst is the same in all its packets."""
BRIGHTNESS = ("mag", "magnitude")


def notice_of(tree: Part, called: str) -> AlertNotice:
    """Return what a packet tells. Raise UserError if it lacks what a plan needs."""
    ivorn = _IVORN.fullmatch(tree["@ivorn"].text)
    if ivorn is None:
        said = tree["@ivorn"].text
        words = f"its ivorn '{said}' is none" if said else "it has no ivorn"
        raise UserError(f"{called}:{tree.line}: {words}: expected one such as ivo://nasa.gsfc.gcn/SWIFT#BAT_1")
    broker = "gcn" if _GCN.search(ivorn[1].lower()) else ivorn[1].lower()
    source = "/".join((broker, *(each.lower() for each in re.split(r"[/_]", ivorn[2]))))
    told = {each["@name"].text.lower(): each["@value"] for each in _within(tree, "What", "Param")}
    number = next((told[key].text for key in NUMBERED if key in told and told[key].text not in ("", "0")), "")
    cited = next((each.text for each in _within(tree, "Citations", "EventIVORN") if each.text), "")
    place = next(_within(tree, "WhereWhen", "AstroCoords"), Part(None))
    names = [each.text for each in _within(tree, "Why", "Name") if each.text]
    sent = tree["Who"]["Date"].text
    at = place["Time"]["TimeInstant"]["ISOTime"].text or sent
    called_so = f"{ivorn[2]} {number}" if number else ivorn[3]
    return AlertNotice(
        id=f"{ivorn[2].lower()} {number}" if number else cited or ivorn[0],
        source=source,
        role=next(_roles(tree), OBSERVATION),
        called=name_of(names[0] if names else called_so.replace("_", " ")),
        at=moment("its ISOTime", at, called),
        sent=moment("its Date", sent or at, called),
        ra_deg=within("right ascension (C1)", _degrees(place, "C1", called), 0.0, 360.0, called),
        dec_deg=within("declination (C2)", _degrees(place, "C2", called), -90.0, 90.0, called),
        magnitude=next((told[key].number for key in BRIGHTNESS if key in told), None),
    )


def _within(tree: Part, tag: str, inner: str) -> Iterator[Part]:
    """Yield the elements of a tag within another, wherever they stand there."""
    for each in tree[tag]:
        yield from each.every(inner)


def _roles(tree: Part) -> Iterator[str]:
    if (role := tree["@role"].text or OBSERVATION) != OBSERVATION:
        yield role
    cited = (each["@cite"].text for each in _within(tree, "Citations", "EventIVORN"))
    yield from (each for each in cited if each == "retraction")


def _degrees(place: Part, key: str, called: str) -> float | None:
    position = place["Position2D"]
    system = (place["@coord_system_id"].text or "UTC-FK5-GEO").upper()
    unit = position["@unit"].text or "deg"
    if unit not in {"deg", "degrees"} or not {"FK5", "ICRS"} & {*system.split("-")}:
        words = f"its place is in {unit} of {system}: expected degrees of FK5 or ICRS"
        raise UserError(f"{called}:{position.line}: {words}")
    return position["Value2"][key].number
