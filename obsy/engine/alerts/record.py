"""Alerts as they are kept in the data folder: a file each, on the disk before it counts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from obsy.engine.disk import write_whole
from obsy.schemas.model import plain_name


@dataclass(frozen=True, slots=True)
class RuleWish:
    """What one rule makes of an alert."""

    rule: str
    until: datetime
    plans: tuple[Mapping[str, Any], ...] = ()
    """As they would be written in files."""
    named: str = ""
    """Or the name of a plan that is declared."""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """What came, when, and what became of it."""

    id: str
    source: str
    role: str
    called: str
    at: datetime
    came: datetime
    ra_deg: float
    dec_deg: float
    magnitude: float | None = None
    wishes: tuple[RuleWish, ...] = ()
    refused: str = ""
    """Why nothing is done with it; empty if something is."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_said))
        return told


def keep(folder: Path, record: AlertRecord) -> Path:
    """Write an alert down; when this returns it is on the disk. Raise OSError if the disk refuses."""
    short = sha256(record.id.encode()).hexdigest()[:12]
    path = folder / f"{plain_name(record.id)[:40].rstrip('-')}-{short}.json"
    write_whole(path, json.dumps(record.as_json(), indent=1, ensure_ascii=False).encode())
    return path


def records(folder: Path) -> Iterator[AlertRecord]:
    """Yield the alerts that are kept, in the order in which they came. What is none of ours is passed over."""
    found = []
    for path in folder.glob("*.json"):
        try:
            found.append(_record(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    yield from sorted(found, key=lambda each: (each.came, each.id))


def _record(said: dict[str, Any]) -> AlertRecord:
    wishes = tuple(
        RuleWish(**{**each, "until": datetime.fromisoformat(each["until"]), "plans": tuple(each["plans"])})
        for each in said["wishes"]
    )
    times = {key: datetime.fromisoformat(said[key]) for key in ("at", "came")}
    return AlertRecord(**{**said, **times, "wishes": wishes})


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
