"""Plans and pipelines of others, in a version."""

from typing import Any, Literal

from obsy.schemas.model import Document, Text


class Pack(Document):
    """A shared bundle, copied to `packs/`; its hashes stand in `packs.lock`, which `obsy pack` writes."""

    kind: Literal["pack"]
    source: Text
    """A folder, or a git repository, by its path or its address."""
    version: Text
    """Which of its versions: a tag of the repository, with or without a 'v' before it."""
    plans: tuple[Text, ...] = ()
    """Those that are wanted; all if left out."""
    change: dict[Text, Any] = {}
    """What is said otherwise than in the pack, for all of its plans."""
