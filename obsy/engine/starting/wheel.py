"""The filters of a wheel in one line, by what plans call them and what its driver does."""

import re

from obsy.engine.exchange.filters import role_of

NONE = "none"


def slots_of(said: str) -> list[tuple[str, str]]:
    """Return role and label of each filter in 'L=Luminance, R', in the order of the wheel; of 'none', nothing.

    Semicolons part them too, and blanks where nothing else does.
    """
    listed = re.split(r"[,;]" if re.search(r"[,;=]", said) else r"\s+", said)
    parts = [part.partition("=") for part in listed if part.strip() not in {"", NONE}]
    return [(role.strip(), (label or role).strip()) for role, _, label in parts]


def as_said(labels: list[str]) -> str:
    """Return the labels of a driver as `slots_of` reads them, each once, with its usual role."""
    slots: dict[str, str] = {}
    for label in dict.fromkeys(" ".join(re.sub("[,;=]", " ", each).split()) for each in labels):
        slots.setdefault(label if role_of(label) in slots else role_of(label), label)
    return (
        ", ".join(role if role == label and " " not in label else f"{role}={label}" for role, label in slots.items())
        or NONE
    )
