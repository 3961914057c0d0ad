"""A store of its own for each test, and frames to put in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.frames.frame import FrameKind
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from tests.support.made_store import USUAL

START = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _made_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here Django makes each store, as for whoever uses obsy."""
    monkeypatch.setattr(Store, "_make", USUAL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.sqlite") as store:
        yield store


@pytest.fixture
def light(tmp_path: Path) -> Callable[..., StoredFrame]:
    """`light(3, filter="R")`: the frame number 3 of M31, with some fields changed."""

    def make(number: int = 1, **changes: object) -> StoredFrame:
        fields: dict[str, object] = dict(
            sha256=f"{number:064x}",
            path=tmp_path / "archive" / f"{number}.fits",
            source=f"{number}.fits",
            night=date(2026, 11, 21),
            site="home",
            train="main",
            kind=FrameKind.LIGHT,
            object="m31",
            filter="L",
            exposure_s=180.0,
            gain=100,
            offset=10,
            binning=1,
            temperature_c=-10.0,
            camera="cam",
            telescope="tube",
            taken_at=START + timedelta(minutes=4 * number),
            rows=48,
            columns=64,
            ra_deg=10.68,
            dec_deg=41.27,
            airmass=1.1,
            pier="west",
            plan="m31",
            goal="L-180s",
        )
        return StoredFrame(**(fields | changes))  # type: ignore[arg-type]

    return make
