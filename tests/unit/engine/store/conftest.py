"""A store of its own for each test, and frames to put in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.store.open import leave_store, open_store
from obsy.engine.store.record import FrameRecord

START = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    open_store(tmp_path / "store.sqlite")
    yield tmp_path / "store.sqlite"
    leave_store()


@pytest.fixture
def light() -> Callable[..., FrameRecord]:
    """`light(3, filter="R")`: the frame number 3 of M31, with some fields changed."""

    def make(number: int = 1, **changes: object) -> FrameRecord:
        fields: dict[str, object] = dict(
            sha256=f"{number:064x}",
            path=f"archive/{number}.fits",
            source=f"{number}.fits",
            night=date(2026, 11, 21),
            kind="light",
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
        return FrameRecord(**(fields | changes))  # type: ignore[arg-type]

    return make
