"""Requests made for a night without a sky: the arrays are drawn, not computed."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Claim, Request
from obsy.engine.sky.grid import Grid
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train
from tests.support.requests import line

START = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture
def grid() -> Grid:
    return Grid(START, 60.0, 601)


@pytest.fixture
def overheads() -> Overheads:
    return Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0)


@pytest.fixture
def ask(grid: Grid) -> Callable[..., Candidate]:
    def _ask(name: str, free: np.ndarray | None = None, **change: object) -> Candidate:
        what = {"plan": name, "goal": "L-180s", "role": "L", "exposure_s": 180.0}
        what |= {key: value for key, value in change.items() if key in what}
        asked = {"train": "newton", "count": 10, "claim": Claim(float(change.pop("priority", 5)))}  # type: ignore[arg-type]
        asked |= {key: value for key, value in change.items() if key in asked}
        rising_h = float(change.get("rising_h", -8.0))  # type: ignore[arg-type]
        hour_angle = rising_h + grid.seconds * 1.002737909 / 3600
        return Candidate(
            Request(line(**what), **asked),  # type: ignore[arg-type]
            np.full(grid.count, float(change.get("ra_deg", 10.0))),  # type: ignore[arg-type]
            np.full(grid.count, 41.0),
            np.full(grid.count, 60.0),
            hour_angle,
            np.ones(grid.count, dtype=bool) if free is None else free,
            fixed=change.get("fixed"),  # type: ignore[arg-type]
            refused=change.get("refused"),  # type: ignore[arg-type]
        )

    return _ask


@pytest.fixture(scope="session")
def declare() -> Callable[..., Plan]:
    """A plan from as much YAML as a test wants to say."""

    def _declare(*want: dict[str, object], **said: object) -> Plan:
        plain = {"kind": "plan", "name": "heart", "target": "IC 1805", "pipeline": "deep-sky"}
        return Plan.model_validate(
            plain | {"want": want or ({"filter": "L", "exposure": "180 s", "count": 10},)} | said
        )

    return _declare


@pytest.fixture
def train() -> Train:
    """A frame of 7.3 by 5.5 arcminutes at 1.71 arcseconds a pixel."""
    camera = {
        "model": "A 256",
        "size": "256 x 192 px",
        "pixel": "5.4 um",
        "gain": 100,
        "offset": 50,
        "temperature": "-10 degC",
        "conversion": "0.8 e/ADU",
        "read_noise": "1.5 e",
        "dark_current": "0.02 e/s",
        "full_well": "50000 e",
        "pedestal": "500 ADU",
        "download": "2 s",
        "timeout": "30 s",
    }
    focuser = {
        "travel": "60000 steps",
        "best": "30000 steps",
        "drift": "-20 steps/degC",
        "sample": "100 steps",
        "every": "1 h",
    }
    return Train.model_validate(
        {
            "kind": "train",
            "name": "newton",
            "mount": "m",
            "telescope": {"aperture": "130 mm", "focal_length": "650 mm"},
            "camera": camera,
            "filters": {"change": "3 s", "slots": [{"role": role, "label": role} for role in ("L", "R", "Ha")]},
            "focuser": focuser,
        }
    )
