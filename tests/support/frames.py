"""What a light says of itself where a test asks for little more: nothing that it need not say."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from obsy.engine.frames.frame import FrameKind

A_LIGHT: dict[str, Any] = {
    "path": Path("light.fits"),
    "sha256": "0" * 64,
    "kind": FrameKind.LIGHT,
    "object": "M31",
    "filter": "L",
    "exposure_s": 180.0,
    "gain": None,
    "offset": None,
    "binning": None,
    "temperature_c": None,
    "camera": None,
    "telescope": None,
    "taken_at": datetime(2026, 11, 21, 20, tzinfo=UTC),
    "rows": 1,
    "columns": 1,
}
"""The facts that every `Frame` must have, to be overridden by those a test is about."""
