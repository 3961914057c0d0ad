"""What a frame is for: known when it is asked for, written with it, and never guessed from names later."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

Card = tuple[str, str | int | float | bool, str]
"""Keyword, value and comment of one FITS header card."""
KEYWORDS = {
    "site": ("OBSYSITE", "site that the camera stands on"),
    "train": ("OBSYTRAI", "train that took it"),
    "plan": ("OBSYPLAN", "plan that asked for it"),
    "goal": ("OBSYGOAL", "goal of the plan"),
    "block": ("OBSYBLCK", "block that it was taken in"),
    "commit": ("OBSYCOMM", "commit of the plans"),
}
"""The header card of each fact, with its comment."""
ASKED_S = "OBSYEXPO"
"""The card of the exposure that was asked for, where the camera says that it was another: goals and masters go by it,
and EXPTIME says what was exposed."""
DIRTY = "-dirty"
"""Ends a commit when files differed from it."""


def plain(value: str) -> str:
    """Return a text as a card can hold it: printable ASCII."""
    return "".join(sign if " " <= sign <= "~" else "?" for sign in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a frame was asked for. None is what nobody said: a foreign frame has none of it, a dark has no plan."""

    site: str | None = None
    train: str | None = None
    plan: str | None = None
    goal: str | None = None
    block: str | None = None
    """When its block began, UTC: '20261121T193000Z'."""
    commit: str | None = None
    """Hash of the commit of the declared files; it ends in '-dirty' if they differed from it."""

    @classmethod
    def of(cls, said: object) -> "Identity":
        """Return the identity alone, of anything that has its fields."""
        return Identity(**{part: getattr(said, part) for part in KEYWORDS})

    @classmethod
    def read(cls, cards: Mapping[str, object]) -> "Identity":
        """Return what a header's cards, or a mapping by their keywords, say."""
        found = {part: str(cards.get(key) or "").strip() for part, (key, _) in KEYWORDS.items()}
        return Identity(**{part: value or None for part, value in found.items()})

    def cards(self) -> tuple[tuple[str, str, str], ...]:
        """Return the header cards of what is said: keyword, value and comment."""
        said = ((key, getattr(self, part), comment) for part, (key, comment) in KEYWORDS.items())
        return tuple((key, value, comment) for key, value, comment in said if value is not None)

    def over(self, other: Self) -> "Identity":
        """Return this identity, with what it leaves unsaid taken from another."""
        return Identity(**{part: getattr(self, part) or getattr(other, part) for part in KEYWORDS})


assert set(KEYWORDS) == {part.name for part in fields(Identity)}
