"""Frame: one FITS file as its header describes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from obsy.engine.identity import Identity


class FrameKind(StrEnum):
    """What a frame is for."""

    LIGHT = "light"
    BIAS = "bias"
    DARK = "dark"
    FLAT = "flat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Identity):
    """One FITS file, and what it was asked for. `taken_at` is the start of the exposure, UTC.

    None is what the header does not say.
    """

    path: Path
    sha256: str
    kind: FrameKind
    object: str
    filter: str | None
    exposure_s: float
    gain: int | None
    offset: int | None
    binning: int | None
    temperature_c: float | None
    camera: str | None
    telescope: str | None
    taken_at: datetime
    rows: int
    columns: int
    ra_deg: float | None = None
    dec_deg: float | None = None
    airmass: float | None = None
    pier: str | None = None
