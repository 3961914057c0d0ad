from datetime import date
from pathlib import Path

import pytest

from obsy.engine.frames.frame import FrameKind
from obsy.engine.runtime.spectrum_night import spectrum_paths
from obsy.engine.store.record import State, StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from tests.support.frames import A_LIGHT

FIRST, LATER, LAST = date(2026, 8, 1), date(2026, 8, 3), date(2026, 8, 9)
PLAN = Plan.model_validate(
    {
        "kind": "plan",
        "name": "vega",
        "target": {"ra": "279.2 deg", "dec": "38.8 deg"},
        "want": [{"filter": "spectrum", "exposure": "60 s", "count": 2}],
        "pipeline": "spectrum",
    }
)


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "store.sqlite") as store:
        yield store


def put(store: Store, name: str, kind: FrameKind, night: date, **said: object) -> None:
    of = {"plan": "vega", "goal": "spectrum-60s"} if kind is FrameKind.LIGHT else {"plan": None, "goal": None}
    about = {"sha256": name, "path": store.folder / f"{name}.fits", "kind": kind, "train": "lisa", "accepted": True}
    frame = A_LIGHT | of | {"source": f"{name}.fits", "night": night, "state": State.GRADED, "pending": False}
    store.put(StoredFrame(**frame | about | said))


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_spectra_of_the_newest_night_come_with_what_was_taken_nearest_to_them(store: Store) -> None:
    put(store, "old", FrameKind.LIGHT, FIRST)
    put(store, "new", FrameKind.LIGHT, LATER)
    put(store, "cloudy", FrameKind.LIGHT, LATER, accepted=False, reason="clouds")
    for night, name in ((FIRST, "arc-1"), (LAST, "arc-9")):
        put(store, name, FrameKind.ARC, night)
    put(store, "dark", FrameKind.DARK, LAST)
    put(store, "of-another", FrameKind.ARC, LATER, train="newton")
    train, night, paths = spectrum_paths(store, PLAN, None)
    assert (train, night, names(paths)) == ("lisa", LATER, ["new.fits", "arc-1.fits", "dark.fits"])
    assert names(spectrum_paths(store, PLAN, FIRST)[2])[0] == "old.fits"


def test_where_no_spectrum_was_accepted_it_is_said_why(store: Store) -> None:
    with pytest.raises(UserError, match="'vega' has no accepted frame in any night: see"):
        spectrum_paths(store, PLAN, None)
    put(store, "cloudy", FrameKind.LIGHT, LATER, accepted=False, reason="no-master: bias: none")
    with pytest.raises(UserError, match=r"no accepted frame in the night of 2026-08-03 \(1 are not: no-master"):
        spectrum_paths(store, PLAN, LATER)
