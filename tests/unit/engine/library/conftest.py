"""A small library, its train and its calibration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from obsy.engine.declare.instrument import Instrument
from obsy.engine.library.master import Master
from obsy.schemas.calibration import Calibration
from obsy.schemas.train import Train
from tests.support.equipment import carrying


@pytest.fixture(scope="session")
def make_master() -> Callable[..., Master]:
    """A master of the declared camera; any field can be changed."""

    def make(kind: str, **changed: object) -> Master:
        plain: dict[str, object] = {
            "path": Path(f"{kind}.fits"),
            "sha256": kind,
            "train": "refractor",
            "kind": kind,
            "exposure_s": {"bias": 0.0, "dark": 180.0, "flat": 2.0}[kind],
            "filter": "L" if kind == "flat" else None,
            "gain": 100,
            "offset": 30,
            "binning": 1,
            "temperature_c": -10.0,
            "camera": "ASI",
            "night": date(2026, 11, 20),
            "taken_at": datetime(2026, 11, 20, 18, tzinfo=UTC),
            "frames": 15,
        }
        return Master(**(plain | changed))  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def calibration() -> Calibration:
    """Biases and darks for a month, flats for a week."""
    return Calibration.model_validate(
        {
            "kind": "calibration",
            "name": "library",
            "train": "refractor",
            "bias": {"count": 25, "max_age": "30 d"},
            "dark": {"count": 15, "max_age": "30 d", "within": "1 degC"},
            "flat": {"count": 12, "exposure": "2 s", "max_age": "7 d"},
        }
    )


@pytest.fixture
def train() -> Train:
    """A small refractor with five filters."""
    slots = [{"role": role, "label": role} for role in ("L", "R", "G", "B", "Ha")]
    return Train.model_validate(
        {
            "kind": "train",
            "name": "refractor",
            "mount": "eq6",
            "telescope": {"aperture": "80 mm", "focal_length": "480 mm"},
            "camera": {
                "model": "ASI",
                "size": "1024 x 1024 px",
                "pixel": "4.6 um",
                "gain": 100,
                "offset": 30,
                "temperature": "-10 degC",
                "conversion": "1.2 e/adu",
                "read_noise": "3 e",
                "dark_current": "0.02 e/s",
                "full_well": "60 ke",
                "pedestal": "500 adu",
                "download": "2 s",
                "timeout": "30 s",
            },
            "filters": {"change": "3 s", "slots": slots},
            "focuser": {
                "travel": "10000 steps",
                "best": "5000 steps",
                "drift": "-10 steps/degC",
                "sample": "100 steps",
                "every": "1 h",
            },
            "panel": {"settle": "5 s"},
        }
    )


@pytest.fixture
def instrument(train: Train, calibration: Calibration) -> Instrument:
    """The refractor with its calibration."""
    return replace(carrying(train), calibration=calibration)
