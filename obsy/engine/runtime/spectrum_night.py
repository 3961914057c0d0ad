"""The frames of a plan's spectra in a night, with what calibrates them: store and archive together."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan

CALIBRATING = ("arc", "flat", "dark", "bias")


def spectrum_paths(store: Store, plan: Plan, night: date | None) -> tuple[str, date, list[Path]]:
    """Return the train, the night and the raw files of a plan's accepted spectra, the newest night if none is said.

    With them come that train's arcs, flats, darks and biases of the nearest night that has some. Raises UserError if
    there are none.
    """
    taken = [each for each in store.frames(night=night, kind="light") if each.plan == plan.name]
    lights = [each for each in taken if each.accepted]
    if not lights:
        when = f"in the night of {night}" if night else "in any night"
        why = next((f" ({len(taken)} are not: {each.reason})" for each in taken if each.reason), "")
        raise UserError(
            f"'{plan.name}' has no accepted frame {when}{why}: see 'obsy status', or name a folder of frames"
        )
    last = max(each.night for each in lights)
    lights = [each for each in lights if each.night == last]
    train = lights[0].train
    found = [each for each in lights if each.train == train]
    for kind in CALIBRATING:
        found += _nearest([each for each in store.frames(kind=kind) if each.train == train], last)
    return train or "", last, [_where(store, each) for each in found]


def _nearest(frames: Sequence[StoredFrame], night: date) -> list[StoredFrame]:
    """Return the frames of the night that is nearest to one."""
    if not frames:
        return []
    of = min((each.night for each in frames), key=lambda each: (abs((each - night).days), each))
    return [each for each in frames if each.night == of]


def _where(store: Store, frame: StoredFrame) -> Path:
    return store.folder / frame.path
