"""What files are for that do not say it themselves: by the folder that they were asked to be put in."""

from pathlib import Path

from obsy.engine.identity import Identity
from obsy.engine.journal import tickets


class Tickets:
    """The tickets of every night, also of one that was killed before its files came; safe to ask from any thread."""

    def __init__(self, incoming: Path, journals: Path) -> None:
        """Match files below `incoming` with what the journals in a folder say."""
        self._incoming, self._journals = incoming, journals
        self._known: dict[str, Identity] = {}

    def add(self, folder: str, asked: Identity) -> None:
        """Know what the files in a folder of arrivals will be for; the journal has it already."""
        self._known[folder] = asked

    def asked(self, path: Path) -> Identity:
        """Return what a file that has arrived was asked for; nothing if nobody asked for files in its folder."""
        folder = path.parent.name
        if path.parent == self._incoming:
            return Identity()
        if folder not in self._known:  # from an earlier run, or put there by hand
            self._known = {folder: Identity()} | tickets(self._journals) | self._known
        return self._known[folder]
