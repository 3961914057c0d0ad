"""The check of a file that has come in: copied into the archive or put aside, by a worker or by processing itself."""

from dataclasses import dataclass
from pathlib import Path

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.copy import UNREADABLE, Seen
from obsy.engine.frames.fits import NOT_PLAIN
from obsy.engine.frames.header import REHEARSAL
from obsy.engine.frames.ingest import Arriving, Fetched, fetch
from obsy.engine.frames.quarantine import move_aside, quarantine
from obsy.errors import ArchiveError, FrameError, SourceError

COMES_AGAIN = {"vanished", "still-changing"}
"""Faults of the moment, not of the file: the watch tells of it again."""
LEFT_ALONE = {NOT_PLAIN, REHEARSAL}
"""What of an old file is no matter for a quarantine."""


@dataclass(frozen=True, slots=True)
class PutAside:
    """A file that was put aside: why, where, and what of it was, for `release`."""

    why: FrameError
    place: Path
    source: Seen


def check(order: Arriving, cards: Cards | None = None) -> Fetched | PutAside:
    """Copy a frame into the archive, or put aside what is none. cards: what a glance at it has shown already.

    Raises FrameError if it went away or still changes, ArchiveError if the disk cannot take it now, SourceError if it
    can only be left alone.
    """
    why = order.why
    if why is None:
        try:
            return fetch(order, cards)
        except FrameError as fault:
            if fault.code in COMES_AGAIN:
                raise
            if order.old and fault.code in LEFT_ALONE:
                raise SourceError(fault.code, str(fault)) from fault
            why = fault
        except (ArchiveError, OSError):
            raise
        except Exception as fault:  # one file must not keep all others from being taken
            why = unreadable(fault)
    put_aside = move_aside if why.code == NOT_PLAIN else quarantine
    return PutAside(why, *put_aside(order.path, order.quarantine, why))


def unreadable(fault: Exception) -> FrameError:
    """Return why a file is put aside over which obsy trips."""
    return FrameError(UNREADABLE, f"obsy cannot read it ({type(fault).__name__}: {fault})")


def move(order: Arriving) -> PutAside:
    """Put a file aside without reading it. Raises OSError or ArchiveError if it must stay where it is."""
    assert order.why is not None
    return PutAside(order.why, *move_aside(order.path, order.quarantine, order.why))
