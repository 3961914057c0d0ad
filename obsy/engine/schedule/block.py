"""A request placed on an instrument between two times."""

from dataclasses import dataclass
from datetime import datetime

from obsy.engine.schedule.request import Reason, Request


@dataclass(frozen=True, slots=True)
class Block:
    """`count` frames of one request; from the start of the first exposure to the end of the last file."""

    request: Request
    count: int
    start: datetime
    end: datetime
    ra_deg: float
    dec_deg: float
    hour_angle_h: float
    """At the start; its sign is the side of the meridian, and so of the pier."""
    ra_rate: float = 0.0
    """Motion on the sky in right ascension times cos dec, arcsec per hour."""
    dec_rate: float = 0.0
    """Motion in declination, arcsec per hour."""
    fixed: bool = False
    """Whether its time is its own, as a transit's: then it is taken to its end, and gives way to nothing."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A request that gets nothing tonight, and why."""

    request: Request
    reason: Reason


@dataclass(frozen=True, slots=True)
class Schedule:
    """One night's blocks in order of time, and what found no place."""

    blocks: tuple[Block, ...]
    unplaced: tuple[Unplaced, ...]
