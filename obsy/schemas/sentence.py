"""A condition that somebody wrote as a sentence, as the trigger that it means."""

import re
from typing import Any

from pydantic import BaseModel, ValidationError

from obsy.reworded import clauses
from obsy.schemas.when import When
from obsy.units import WEATHER

WORDS = tuple(dict.fromkeys((*When.model_fields, *WEATHER)))
_CONDITION = re.compile(rf"(?:(?:when|if|while|once|as soon as)\b|(?:the )?(?:{'|'.join(WORDS)})\b)", re.IGNORECASE)
_LASTS = re.compile(r",?\s+for (?:at least )?(\d[\w. ]*)$")


def is_condition(said: str) -> bool:
    """Return whether it begins as what must hold does, and so names no alert."""
    return _CONDITION.match(said.strip()) is not None


def rewritten(said: str, trigger: type[BaseModel]) -> str:
    """Return the trigger that a sentence means, as it is written; '' where it means none that this model reads."""
    lasts = _LASTS.search(said)
    found: dict[str, Any] = {}
    for word, rest in clauses(said[: lasts.start()] if lasts else said, WORDS).items():
        room = "weather" if word in WEATHER and (word not in When.model_fields or "deg" in rest) else "when"
        found.setdefault(room, {})[word] = rest
    if lasts:
        found["hold_for"] = lasts[1].strip()
    try:
        trigger.model_validate(found)
    except ValidationError:
        return ""
    return _flow(found)


def _flow(said: Any) -> str:
    """Return a mapping as it is written on one line."""
    return f"{{{', '.join(f'{key}: {_flow(each)}' for key, each in said.items())}}}" if isinstance(said, dict) else said
