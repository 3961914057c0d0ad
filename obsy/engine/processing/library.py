"""Building a master from a night's accepted calibration frames."""

from concurrent.futures import Future
from datetime import date
from functools import partial

from obsy.engine.library.master import CalibrationSet, Master, Masters
from obsy.engine.processing import masters
from obsy.engine.processing.record import master
from obsy.engine.processing.room import Room
from obsy.engine.reduce.orders import MasterResult
from obsy.engine.store.masters import register_master
from obsy.engine.store.record import FrameRecord
from obsy.errors import FrameError

Kept = tuple[FrameRecord, ...]


def build(room: Room, wanted: CalibrationSet, night: date, answer: "Future[Master]") -> None:
    """Have a worker combine them, and answer with the registered master, or with why there is none."""
    try:
        kept = masters.members(wanted, night)
    except FrameError as why:
        answer.set_exception(why)
        return
    using = room.masters_for(kept[0])
    order = masters.order(kept, using, room.folders)
    room.bench.submit(room.craft.build_master, order, partial(_built, room, kept, using, answer))


def _built(room: Room, kept: Kept, using: Masters, answer: "Future[Master]", result: MasterResult | Exception) -> None:
    if isinstance(result, Exception):
        answer.set_exception(result)
        return
    record = masters.record(result, kept, using, room.folders)
    register_master(record)
    room.tell("master-built", {"kind": record.kind, "filter": record.filter, "frames": len(kept), "place": record.path})
    answer.set_result(master(record, room.folders))
