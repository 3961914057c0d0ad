"""That the KStars which a person runs is to take the frames, and not one that obsy begins."""

from typing import NamedTuple


class Attach(NamedTuple):
    """With what word of theirs."""

    list_is_empty: bool = False
    """That EKOS's scheduler has no job of theirs, where it cannot tell."""
