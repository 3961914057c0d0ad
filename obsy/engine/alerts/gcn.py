"""A notice of GCN, NASA's General Coordinates Network, in its unified schema (JSON).

Source: https://github.com/nasa-gcn/gcn-schema, `gcn/notices/core`, versions 2 to 6.
"""

from collections.abc import Iterator

from obsy.engine.alerts.notice import OBSERVATION, TEST, AlertNotice, moment, name_of, within
from obsy.engine.importing.trees import Part
from obsy.errors import UserError

TRIED = ("test", "injection", "injected", "mock")
"""What says that nothing was seen."""
OF_NOW = ("", "current", "initial", "update")
BRIGHTNESS = ("mag", "magnitude", "magpsf")
"""No schema of all missions has it; where a mission's own has, it is called so."""


def notice_of(tree: Part, called: str) -> AlertNotice:
    """Return what a notice tells. Raise UserError if it lacks what a plan needs."""
    where = list(filter(None, (tree["mission"].text, tree["instrument"].text)))
    if not where:
        raise UserError(f"{called}: 'mission' and 'instrument' are missing: it says not who sends it")
    ids = [each.text for each in tree["id"] if each.text] or [tree["id"].text]
    if not ids[0]:
        raise UserError(f"{called}: 'id' is missing: what it is about must have one, so that it is acted upon once")
    names = [each.text for each in tree["event_name"] if each.text] or [tree["event_name"].text]
    source = "/".join(("gcn", *(each.lower().replace("/", "-").replace(" ", "-") for each in where)))
    at = tree["trigger_time"].text or tree["observation_start"].text or tree["alert_datetime"].text
    sent = tree["alert_datetime"].text or tree["datetime_of_notice"].text or at
    return AlertNotice(
        id=f"{where[0].lower()} {ids[0]}",
        source=source,
        role=next(_roles(tree), OBSERVATION),
        called=name_of(names[0] or f"{where[0]} {ids[0]}"),
        at=moment("'trigger_time'", at, called),
        sent=moment("'alert_datetime'", sent, called),
        ra_deg=within("'ra'", _number(tree, "ra"), 0.0, 360.0, called),
        dec_deg=within("'dec'", _number(tree, "dec"), -90.0, 90.0, called),
        magnitude=next((found for key in BRIGHTNESS if (found := _number(tree, key)) is not None), None),
    )


def _roles(tree: Part) -> Iterator[str]:
    said = [tree[key].text.lower() for key in ("alert_tense", "alert_type")]
    yield from (TEST for each in said if each in TRIED)
    yield from (each for each in said if each not in OF_NOW)


def _number(tree: Part, key: str) -> float | None:
    """Return a number that is one in JSON, NaN and Infinity too: whoever takes it looks at its limits."""
    value = tree[key].value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isinstance(value, float) or abs(value) < 10**300 else float("inf")
