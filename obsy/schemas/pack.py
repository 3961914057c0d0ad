"""Plans and pipelines of others, in a version: read and checked, and of no effect yet."""

from typing import Any, ClassVar, Literal

from obsy.schemas.model import Document, Text


class Pack(Document):
    """A shared bundle; its hash stands in `packs.lock`, which obsy writes."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["pack"]
    source: Text
    """Its address."""
    version: Text
    """Which of its versions."""
    plans: tuple[Text, ...] = ()
    """Those that are wanted; all if left out."""
    change: dict[Text, Any] = {}
    """What is said otherwise than in the pack, for all of its plans."""
