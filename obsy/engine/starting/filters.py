"""Filters by what plans call them, and by what drivers do."""

import re

NONE = "none"
ROLES = {
    "L": "l lum luminance", "R": "r red", "G": "g green", "B": "b blue", "Ha": "ha halpha h",
    "OIII": "oiii o3 o", "SII": "sii s2 s", "C": "c clear", "V": "v johnsonv", "Ic": "i ic cousinsi",
}  # fmt: skip
"""What drivers call a filter, letters and digits alone, by its role."""


def slots_of(said: str) -> list[tuple[str, str]]:
    """Return role and label of each filter in 'L=Luminance, R', in the order of the wheel; of 'none', nothing."""
    parts = [part.partition("=") for part in said.split(",") if part.strip() not in {"", NONE}]
    return [(role.strip(), (label or role).strip()) for role, _, label in parts]


def as_said(labels: list[str]) -> str:
    """Return the labels of a driver as `slots_of` reads them, each once, with its usual role."""
    slots: dict[str, str] = {}
    for label in dict.fromkeys(" ".join(re.sub("[,=]", " ", each).split()) for each in labels):
        slots.setdefault(label if role_of(label) in slots else role_of(label), label)
    return ", ".join(role if role == label else f"{role}={label}" for role, label in slots.items()) or NONE


def role_of(label: str) -> str:
    """Return what plans call a filter: L of 'Luminance', Ha of 'H-alpha 5 nm'; the label itself if nobody knows it."""
    word = re.sub(r"[^a-z0-9]", "", re.sub(r"\d+(\.\d+)?\s*nm", "", label.lower()))
    return next((role for role, known in ROLES.items() if word in known.split()), label)
