"""A camera's settings, which some programs write under the names of other things."""

import re
from math import isfinite

from obsy.engine.frames.cards import Cards, comment

LARGEST = 2**63 - 1
"""What a store keeps of a whole number."""
ELECTRONS = re.compile(r"electr(?:on)?s?\b|\be-(?![a-z])|\be ?(?:/|per\b)|(?:/|per) ?e-?\b|\badu\b", re.IGNORECASE)
"""What a comment says of a GAIN that is a conversion: '[electrons/count] Pixel gain', 'e-/ADU', 'e per ADU'."""
UNSET = re.compile(r"gain or ISO", re.IGNORECASE)
"""The comment of a program that writes 0 where it knows no gain (Astro Pixel Processor)."""
MOST_E_PER_ADU = 20.0
"""No camera counts so many electrons as one; settings go to hundreds."""


def setting(cards: Cards, *keys: str) -> int | None:
    """Return a driver's whole-number setting; a broken number is something else, such as electrons per ADU."""
    said = (each for key in keys if isinstance(each := cards.get(key), int | float) and not isinstance(each, bool))
    value = next((float(each) for each in said if isfinite(each)), None)
    return int(value) if value is not None and value.is_integer() and abs(value) < LARGEST else None


def gain(cards: Cards) -> int | None:
    """Return the gain that the camera was set to; None where GAIN is, or may be, electrons per ADU (EGAIN, CVF).

    Source: 111 headers of some thirty programs. Those of cameras with a setting write a whole number, or a comment that
    calls it a gain; observatories write `1.0 / [electrons/count]`. A bare `1.0` may be either, and is neither here.
    """
    if "GAIN" not in cards:
        return setting(cards, "CAM-GAIN")
    value, said = cards["GAIN"], comment(cards, "GAIN")
    if ELECTRONS.search(said) or (UNSET.search(said) and value == 0):
        return None
    bare = isinstance(value, float) and value <= MOST_E_PER_ADU and "gain" not in said.lower()
    return None if bare else setting(cards, "GAIN")
