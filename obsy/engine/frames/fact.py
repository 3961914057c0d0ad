"""What single cards say: texts, and numbers however they are written; words for nothing are nothing."""

import re
from math import isfinite
from typing import Generic, NamedTuple, TypeVar

from obsy.engine.frames.cards import Cards, comment

T = TypeVar("T")
NOTHING = {"", "none", "unknown", "n/a", "--"}
"""Words for no filter and no object."""
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d*)?(?:[eE][+-]?\d+)?)\s*(?:C|deg ?C|s|um|mm)?")
"""Also with a decimal comma, and with its unit behind it. Source: headers of PixInsight and POCS."""


class Fact(NamedTuple, Generic[T]):
    """A fact, and by which rule it was read where a header does not say it plainly; the rule is empty where it does.

    The rule is a `Repair`; of a fact that is unsaid it is why, in words.
    """

    value: T
    repair: str = ""


def text(cards: Cards, key: str) -> str:
    """Return a card's text; empty if there is none."""
    return str(cards.get(key, "")).strip()


def named(cards: Cards, *keys: str) -> str:
    """Return the first of these that is a name; empty if all are missing, or words for nothing."""
    found = (said for key in keys if isinstance(cards.get(key), str) and (said := text(cards, key)))
    return next((said for said in found if said.lower() not in NOTHING - {"unknown"}), "")


def amount(cards: Cards, *keys: str) -> tuple[float, str] | None:
    """Return the first of these that is a finite number, and its card; also one that is written as a text."""
    for key in keys:
        value = cards.get(key)
        if isinstance(value, str) and (match := _NUMBER.fullmatch(value.strip())):
            value = float(match[1].replace(",", "."))
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value), key
    return None


def comment_says(cards: Cards, key: str, pattern: str) -> bool:
    """Return whether what stands behind a card holds an expression, in any case."""
    return re.search(pattern, comment(cards, key), re.IGNORECASE) is not None
