"""Lights that were reduced with other numbers of their train than are declared by now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.store.record import State
from obsy.engine.store.store import Store

CALLED = {
    "scale_arcsec": ("the scale", "arcsec"),
    "conversion": ("the conversion", "e/adu"),
    "read_noise_e": ("the read noise", "e"),
    "saturation_adu": ("saturation", "adu"),
    "aperture_mm": ("the aperture", "mm"),
}
"""What reduction knows of a train, in words, with its unit."""


class Stale(NamedTuple):
    """What a train was declared otherwise when lights of it were reduced."""

    train: str
    changes: tuple[tuple[str, float | None, float | None], ...]
    """Key of CALLED, what it was and is by now, in its unit; None is unknown."""

    def __str__(self) -> str:
        """Return it in words."""
        told = (f"{CALLED[key][0]} was {_said(was, key)}, is {_said(now, key)}" for key, was, now in self.changes)
        return f"{self.train}: {', '.join(told)}"

    def as_json(self, lights: int) -> list[dict[str, Any]]:
        """Return an object a change, for so many lights."""
        return [
            {"train": self.train, "what": key, "was": was, "is": now, "lights": lights}
            for key, was, now in self.changes
        ]


def reopen_stale(store: Store, rules: ProcessingRules) -> Counter[Stale]:
    """Have accepted lights reduced again whose products say that they were made with other numbers; count them by why.

    Masters are combined in ADU and know none of these. What an earlier version made does not say what with, and stays.
    """
    found: Counter[Stale] = Counter()
    for product in store.products("calibrated"):
        known, used = rules.trains.get(product.train or ""), product.recipe.get("optics")
        if known is None or used is None or not (why := _changed(used, asdict(known.optics))):
            continue
        light = store.frame(product.frame) if product.frame else None
        if light is not None and light.accepted and light.path.exists() and rules.credit(light):
            store.put(replace(light, state=State.ARCHIVED, pending=True))
            found[Stale(product.train or "", why)] += 1
    return found


def _changed(
    used: Mapping[str, Any], declared: Mapping[str, Any]
) -> tuple[tuple[str, float | None, float | None], ...]:
    """Return the keys of what is declared otherwise by now, with what was used and what is declared."""
    return tuple((key, used.get(key), declared[key]) for key in CALLED if used.get(key) != declared[key])


def _said(value: float | None, key: str) -> str:
    return "unknown" if value is None else f"{value:g} {CALLED[key][1]}"
