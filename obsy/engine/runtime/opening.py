"""What was planned when a night began, as its journal tells it, if it does."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from obsy.engine.journal import Entry, moment

BLOCK, UNPLACED = ("plan", "goal", "start", "end"), ("plan", "goal", "reason", "code")
"""What words each of them has."""


def planned_first(begun: Entry) -> Mapping[str, Any] | None:
    """Return the intent of the entry that began a night; None if it has none as obsy writes it."""
    wanted = begun.get("intent")
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        if isinstance(wanted, Mapping) and all(
            [
                *(isinstance(each[name], str) for each in wanted["blocks"] for name in BLOCK),
                *(isinstance(each["count"], int) for each in wanted["blocks"]),
                *(isinstance(each.get("train", ""), str) for each in wanted["blocks"] if isinstance(each, Mapping)),
                *(moment(each["start"]) <= moment(each["end"]) for each in wanted["blocks"]),
                *(isinstance(each[name], str) for each in wanted["unplaced"] for name in UNPLACED),
            ]
        ):
            return wanted
    return None
