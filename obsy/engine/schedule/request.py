"""What the scheduler weighs: a goal that still wants something, seen on the night's grid."""

from dataclasses import dataclass

from obsy.engine.sky.arrays import Floats, Mask
from obsy.engine.sky.window import Window


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request has no place tonight: a stable code, and words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, without the sky: one goal of one plan, on one tile of it."""

    plan: str
    goal: str
    object: str
    """What their picture is called: the plan's name, and the tile."""
    train: str
    filter: str
    exposure_s: float
    count: int
    """Frames still wanted."""
    priority: int
    target: str = ""
    """What the frames' OBJECT cards say; `object` where it is empty."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A request under tonight's sky; arrays are (times,) on the night's grid."""

    request: Request
    ra_deg: Floats
    dec_deg: Floats
    altitude_deg: Floats
    hour_angle_h: Floats
    free: Mask
    """Where every declared constraint holds."""
    fixed: Window | None = None
    """A time that must be covered whole, such as a transit."""
    begun: bool = False
    """Whether that time has come and its frames are being taken: then nothing displaces it."""
    refused: Reason | None = None
    """Why it cannot be taken tonight whatever else is done."""
