"""The frames of a plan's spectra in a night, with what calibrates them: store and archive together."""

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
    last = night or max(store.nights_of("light", plan=plan.name, accepted=True), default=None)
    taken = store.frames(night=last, kind="light", plan=plan.name)
    lights = [each for each in taken if each.accepted]
    if not lights or last is None:
        when = f"in the night of {night}" if night else "in any night"
        why = next((f" ({len(taken)} are not: {each.reason})" for each in taken if each.reason), "")
        raise UserError(
            f"'{plan.name}' has no accepted frame {when}{why}: see 'obsy status', or name a folder of frames"
        )
    train = lights[0].train
    found = [each for each in lights if each.train == train]
    for kind in CALIBRATING:
        found += _nearest(store, kind, train, last)
    return train or "", last, [_where(store, each) for each in found]


def _nearest(store: Store, kind: str, train: str | None, night: date) -> list[StoredFrame]:
    """Return a train's frames of a kind of the night that is nearest to one."""
    nights = store.nights_of(kind, train=train)
    if not nights:
        return []
    of = min(nights, key=lambda each: (abs((each - night).days), each))
    return [each for each in store.frames(of, kind) if each.train == train and each.accepted is not False]


def _where(store: Store, frame: StoredFrame) -> Path:
    return store.folder / frame.path
