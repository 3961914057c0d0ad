"""Between the values of the archive, the library and the store, which know nothing of each other."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.ingest import Ingested
from obsy.engine.library.master import Master
from obsy.engine.processing.folders import Folders
from obsy.engine.store.record import FrameRecord, MasterRecord

_SHARED = tuple({part.name for part in fields(Frame)} & {part.name for part in fields(FrameRecord)} - {"path", "kind"})


def to_store(ingested: Ingested, name: str, folders: Folders, roles: Mapping[str, str]) -> FrameRecord:
    """An archived frame as the store keeps it; `name` is what the camera had called it.

    Its filter is named by its role: a label that is none of `roles` is taken for a role itself.
    """
    label = ingested.frame.filter
    frame = replace(ingested.frame, filter=None if label is None else roles.get(label, label))
    return FrameRecord(
        path=folders.short(ingested.archived),
        source=name,
        night=ingested.night,
        kind=str(frame.kind),
        **{key: getattr(frame, key) for key in _SHARED},
    )


def from_store(record: FrameRecord, folders: Folders) -> Frame:
    """The archived frame again."""
    shared = {key: getattr(record, key) for key in _SHARED}
    return Frame(path=folders.full(record.path), kind=FrameKind(record.kind), **shared)


def master(record: MasterRecord, folders: Folders) -> Master:
    """A master as the library weighs it."""
    names = {part.name for part in fields(Master)} - {"path", "frames"}
    shared = {key: value for key, value in asdict(record).items() if key in names}
    return Master(path=folders.full(record.path), frames=len(record.members), **shared)
