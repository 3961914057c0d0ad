"""What a text says of the weather: JSON, `key=value` lines, or one line of columns."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from obsy.errors import DeviceError
from obsy.schemas.spots import SWITCH, Spot, units_of
from obsy.units import WEATHER

LARGEST = 65536
"""Bytes; no weather is longer."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
YES, NO = {"on", "true", "yes"}, {"off", "false", "no"}
MILLISECONDS = 1e11
"""A time since 1970 that is larger is no number of seconds."""


@dataclass(frozen=True, slots=True)
class Said:
    """Quantities in obsy's units, and when they were measured, if the text says so (aware, UTC)."""

    values: Mapping[str, float]
    taken_at: datetime | None = None


def decoded(raw: bytes) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark, else Latin-1. Raise DeviceError if they are too many."""
    if len(raw) > LARGEST:
        raise DeviceError(f"it is longer than {LARGEST} bytes")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def parsed(text: str, written: str) -> Any:
    """Return a text as mappings and lists; columns are named by their number, from 1.

    written: json, keys or line. Raise DeviceError for whatever is not written so.
    """
    if written == "json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DeviceError(f"it is not JSON: {error}") from None
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if written == "line":
        if len(lines) != 1:
            raise DeviceError(f"it holds {len(lines)} lines, and not one")
        return {str(number): word for number, word in enumerate(re.split(r"[,;\s]\s*", lines[0]), start=1)}
    pairs = [re.split(r"\s*[=:]\s*", line, maxsplit=1) for line in lines]
    return {pair[0]: pair[1] for pair in pairs if len(pair) > 1}


def said(tree: Any, spots: Mapping[str, Spot], time: str | None, zone: tzinfo) -> Said:
    """Return what stands at the declared places; what is missing or no number of its unit is left out.

    Raise DeviceError if the time is declared and cannot be read.
    """
    found = {name: number(name, find(tree, spot.path), spot.unit) for name, spot in spots.items()}
    values = {name: value for name, value in found.items() if value is not None}
    if time is None:
        return Said(values)
    stamp = find(tree, time)
    if stamp is None and " " in time:  # date and time in two places
        stamp = " ".join(str(find(tree, part)) for part in time.split())
    return Said(values, moment(stamp, zone))


def find(node: Any, path: str) -> Any:
    """Return what stands at `main.wind` or `list.0.speed`; None if nothing does. A key may itself hold dots."""
    if isinstance(node, list):
        head, _, rest = path.partition(".")
        inside = node[int(head)] if head.isascii() and head.isdigit() and int(head[:9]) < len(node) else None
        return find(inside, rest) if rest else inside
    if not isinstance(node, dict) or path in node:
        return node.get(path) if isinstance(node, dict) else None
    dots = [place for place, letter in enumerate(path) if letter == "."]
    inner = (find(node[path[:dot]], path[dot + 1 :]) for dot in dots if path[:dot] in node)
    return next((each for each in inner if each is not None), None)


def number(quantity: str, raw: object, unit: str) -> float | None:
    """Return what was said in obsy's unit; None if it is no finite number, or bears another unit.

    A yes is the most that is plausible of its quantity, so that it breaks every limit of rain, and a no is nothing.
    """
    text = str(raw).strip() if isinstance(raw, str | int | float) else ""
    if unit == SWITCH:
        plain = float(text) if NUMBER.fullmatch(text) else None
        yes = (text.lower() in YES) if plain is None else plain != 0
        return (WEATHER[quantity].most if yes else 0.0) if plain is not None or text.lower() in YES | NO else None
    text = text.removesuffix(unit).rstrip()
    if not NUMBER.fullmatch(text):
        return None
    factor, offset = units_of(quantity)[unit]
    value = float(text) * factor + offset
    return value if math.isfinite(value) else None


def moment(raw: object, zone: tzinfo) -> datetime:
    """Return a moment, UTC: ISO 8601, with `/` for `-` if need be, or seconds or milliseconds since 1970.

    zone: of a time that names none. An hour that comes twice is the first one, so that nothing seems younger than it
    is. Raise DeviceError for anything else.
    """
    text = str(raw).strip().replace("/", "-") if isinstance(raw, str | int | float) else ""
    try:
        if NUMBER.fullmatch(text):
            since = float(text)
            return datetime.fromtimestamp(since / 1000 if since > MILLISECONDS else since, UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise DeviceError(f"{str(raw)[:60]!r} is no time") from None
