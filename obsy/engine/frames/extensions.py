"""Pictures that stand in an extension of a FITS file, compressed or not, behind a first part that is empty."""

import re

from obsy.engine.frames.cards import MOST_AXES, Cards, CommentedCards, comment, remarks, whole

TABLE = re.compile(
    r"T(FIELDS|FORM\d+|TYPE\d+|UNIT\d+|HEAP)|Z(IMAGE|BITPIX|NAXIS\d*|TILE\d+|CMPTYPE|NAME\d+|VAL\d+)|.COUNT"
)
"""Cards of the table in which a compressed picture lies. Source: FITS standard 4.0, section 10.1."""


def picture_in(cards: Cards) -> Cards | None:
    """Return the cards of an extension that is a picture, as they would be of a first part; None if it is none.

    Source: FITS standard 4.0, sections 7.1 and 10.1 (tile compression).
    """
    if str(cards.get("XTENSION", "")).strip() == "IMAGE" and cards.get("NAXIS", 0) != 0:
        return cards
    if cards.get("ZIMAGE") is not True:
        return None
    bare = CommentedCards()
    for key, value in cards.items():
        if not TABLE.fullmatch(key):
            bare[key], bare.comments[key] = value, comment(cards, key)
    axes = min(whole(cards, "ZNAXIS", 0), MOST_AXES)
    for key in ("BITPIX", "NAXIS", *(f"NAXIS{n}" for n in range(1, axes + 1))):
        if f"Z{key}" in cards:
            bare[key] = cards[f"Z{key}"]
    return bare


def with_its_picture(first: Cards, pictures: list[Cards]) -> Cards:
    """Return the cards of the first part with those of the only picture behind it, which count before its own.

    Source: the INHERIT convention, FITS standard 4.0, section 4.4.2.6.
    """
    if first.get("NAXIS", 0) != 0 or len(pictures) != 1:
        return first
    both = CommentedCards()
    for cards in (first, pictures[0]):
        both.update(cards)
        both.comments.update({key: comment(cards, key) for key in cards})
        both.remarks += remarks(cards)
    return both
