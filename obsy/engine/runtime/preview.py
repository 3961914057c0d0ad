"""What a night would be: the same intent that `apply` carries out, and nothing touched."""

from datetime import UTC, date, datetime
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.intent import Intent, intent
from obsy.engine.journal import read
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.block import Schedule


def preview(observatory: Observatory, root: Path, day: date, simulate: bool) -> Intent:
    """Return a night's intent: from its beginning, from where its journal ends, or from now if the real one goes on.

    A night that is finished has nothing left to do, unless there is something new to observe before dawn.
    """
    planner, data_root = prepare(observatory, day), DataRoot.of(root, observatory.site, simulate)
    before = fold(read(data_root.journal(day)), data_root.incoming)
    known = _tally(data_root, observatory) if data_root.known_store().exists() else Tally()  # a dry run makes no store
    known.failed |= before.failed
    night = planner.night
    begin = night.start if simulate else min(max(night.start, datetime.now(UTC)), night.end)
    wanted = planner.intent(known, max(begin, before.last or begin))
    if before.finished and not wanted.blocks:
        return intent(planner.night, observatory, Schedule((), ()))
    return wanted


def _tally(data_root: DataRoot, observatory: Observatory) -> Tally:
    from obsy.engine.runtime.tally import tally  # noqa: PLC0415
    from obsy.engine.store.store import Store  # noqa: PLC0415  Django loads only where a store is used

    with Store(data_root.store) as store:
        return tally(store, observatory.plans)
