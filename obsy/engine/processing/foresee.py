"""What would become of old files if they were brought in, without writing anything."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import fields, replace
from pathlib import Path

from obsy.engine.frames.check import COMES_AGAIN, LEFT_ALONE
from obsy.engine.frames.copy import reading, sha256_of
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import describe, refuse_rehearsal
from obsy.engine.frames.name import place
from obsy.engine.frames.packed import cards_within, is_packed, unpacked
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome, gone
from obsy.engine.processing.old_files import Track
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError, SourceError


def foreseen(
    paths: Sequence[Path], data_root: DataRoot, rules: ProcessingRules, track: Track = iter
) -> list[BroughtIn]:
    """Return what would become of each file; nothing is written but what SQLite keeps beside a store that is read.

    A store of an earlier version is brought up to this one, as by whatever reads it.
    """
    with ExitStack() as held:
        store = held.enter_context(Store(data_root.store)) if data_root.store.exists() else None
        found: list[BroughtIn] = []
        met: set[str] = set()
        for path in track(paths):
            each = _foreseen(path, data_root, rules, store)
            sha256 = each.frame.sha256 if each.frame is not None else ""
            is_again = each.outcome is FileOutcome.TAKEN and sha256 in met
            found.append(replace(each, outcome=FileOutcome.DUPLICATE) if is_again else each)
            met.add(sha256)
    return found


def _foreseen(path: Path, data_root: DataRoot, rules: ProcessingRules, store: Store | None) -> BroughtIn:
    try:
        frame = rules.identified(_read(path), path)
    except SourceError as why:
        return BroughtIn(path, FileOutcome.LEFT, code=why.code, reason=str(why))
    except FrameError as why:
        if why.code in COMES_AGAIN:
            return gone(path)
        outcome = FileOutcome.LEFT if why.code in LEFT_ALONE else FileOutcome.ASIDE
        return BroughtIn(path, outcome, code=why.code, reason=str(why))
    if (before := store.frame(frame.sha256) if store is not None else None) is not None:
        return BroughtIn(
            path, FileOutcome.KNOWN if before.source == path.as_posix() else FileOutcome.DUPLICATE, frame=before
        )
    night = rules.night_of(frame.taken_at)
    said = {part.name: getattr(frame, part.name) for part in fields(Frame)}
    said["path"] = data_root.archive / place(frame, night)
    return BroughtIn(path, FileOutcome.TAKEN, frame=StoredFrame(**said, source=path.as_posix(), night=night))


def _read(path: Path) -> Frame:
    """Return the frame of a file that may be packed. Raises as `read`."""
    with reading(path):
        cards = cards_within(path)
        sha256 = _sha256_unpacked(path) if is_packed(path) else sha256_of(path)
    frame = describe(cards, path, sha256)
    refuse_rehearsal(cards)
    return frame


def _sha256_unpacked(path: Path) -> str:
    digest = hashlib.sha256()
    for piece in unpacked(path):
        digest.update(piece)
    return digest.hexdigest()
