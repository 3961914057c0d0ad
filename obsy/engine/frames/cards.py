"""The cards of a header: values by keyword, with what stands behind them where somebody kept it."""

from collections.abc import Mapping

MOST_AXES = 999
"""Source: FITS standard 4.0, section 4.4.1.1."""
Value = str | int | float | bool
Cards = Mapping[str, Value]


class CommentedCards(dict[str, Value]):
    """The cards of a header with what stands behind them, which some programs' cards mean nothing without."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self.comments: dict[str, str] = {}
        self.remarks: list[str] = []
        """What its COMMENT cards say."""


def comment(cards: Cards, key: str) -> str:
    """Return what stands behind a card; empty if nothing does, or nobody kept it."""
    return cards.comments.get(key, "") if isinstance(cards, CommentedCards) else ""


def remarks(cards: Cards) -> list[str]:
    """Return what its COMMENT cards say; nothing if nobody kept it."""
    return cards.remarks if isinstance(cards, CommentedCards) else []


def whole(cards: Cards, key: str, default: int) -> int:
    """Return the whole number of a card; `default` if it says none."""
    value = cards.get(key)
    return value if isinstance(value, int) else default
