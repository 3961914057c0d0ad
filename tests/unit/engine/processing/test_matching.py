"""Frames that were brought in before their train was declared get it later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.frames.frame import FrameKind
from obsy.engine.processing.matching import match_anew
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.processing.sidecar import read_sidecar
from obsy.engine.runtime.processing import rules_of_old_files
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.sqlite") as opened:
        yield opened


@pytest.fixture
def rules(root: Path) -> ProcessingRules:
    return rules_of_old_files(declare(root, root / "plans"))


def left(store: Store, number: int, **said) -> StoredFrame:
    """Have a frame in the store as `obsy reduce` leaves one without a train."""
    own = {"path": store.folder / f"{number}.fits", "sha256": f"{number:064}", "source": f"{number}.fits"}
    rest = {"night": date(2026, 11, 21), "pending": False, "reason": "no-train"}
    store.register(frame := StoredFrame(**A_LIGHT | own | rest | said))
    return frame


def test_a_frame_gets_the_train_that_was_declared_since_and_its_filter_by_its_role(store, rules, root) -> None:
    instrument = next(each for each in declare(root, root / "plans").instruments if each.train.filters is not None)
    slot, model = instrument.train.slots[0], instrument.train.camera.model
    light = left(store, 1, camera=model, filter=slot.label)
    dark = left(store, 2, camera=model, filter=None, kind=FrameKind.DARK)
    foreign = left(store, 3, camera="nobody's")
    judged = left(store, 4, camera=model, accepted=True)
    other = left(store, 5, camera=model, train="of a friend")
    assert match_anew(store, rules) == {instrument.name: 2}
    open_now = {"train": instrument.name, "pending": True, "reason": ""}
    assert store.frame(light.sha256) == replace(light, filter=slot.role, **open_now)
    assert store.frame(dark.sha256) == replace(dark, **open_now)
    assert [store.frame(each.sha256) for each in (foreign, judged, other)] == [foreign, judged, other]
    assert read_sidecar(light.path, store.folder).frame["train"] == instrument.name
    assert match_anew(store, rules) == {}
