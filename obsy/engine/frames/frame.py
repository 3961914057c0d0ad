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
    ARC = "arc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed(Identity):
    """What was exposed and where it pointed, and what it was asked for. `taken_at` is its start, UTC.

    None is what the header does not say.
    """

    object: str
    filter: str | None
    exposure_s: float
    taken_at: datetime
    ra_deg: float | None = None
    dec_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Exposed):
    """One FITS file."""

    path: Path
    sha256: str
    kind: FrameKind
    gain: int | None
    offset: int | None
    binning: int | None
    temperature_c: float | None
    camera: str | None
    telescope: str | None
    rows: int
    columns: int
    airmass: float | None = None
    pier: str | None = None
    readout: str | None = None
    """The camera's readout mode, as its driver calls it."""
    rotation_deg: float | None = None
    """Where the rotator stood, by its own scale."""
    repairs: tuple[str, ...] = ()
    """The code of each rule (`Repair`) by which it was read where the header does not say a fact plainly."""
