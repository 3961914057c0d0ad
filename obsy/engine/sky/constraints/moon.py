"""The Moon does not spoil the target."""

import numpy as np

from obsy.engine.sky.grid import Floats, Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Moon

FULL_MOON_D = 29.530589 / 2
"""From new to full Moon. Source: mean synodic month, Meeus, Astronomical Algorithms, ch. 49."""


def needed_deg(constraint: Moon, track: Track) -> Floats:
    """The distance from the Moon that is enough at each instant; (times,).

    Source of the Lorentzian: the Berkeley Automated Imaging Telescope team, as ACP tells it: distance / (1 + (age from
    full Moon / width)^2). The age is the elongation that the lit share stands for, turned into days at a steady pace.
    """
    needed = np.full(track.grid.count, constraint.farther_than or 0.0)
    if constraint.width is not None:
        lit = np.clip(track.moon_illuminated_percent / 100, 0.0, 1.0)
        from_full_d = FULL_MOON_D * np.arccos(2 * lit - 1) / np.pi
        needed /= 1 + (from_full_d / constraint.width) ** 2
    if constraint.relaxed_below is not None:
        needed *= np.clip(track.moon_altitude_deg / constraint.relaxed_below, 0.0, 1.0)
    return needed


def allows(constraint: Moon, track: Track) -> Mask:
    """Where the Moon is below the horizon, or keeps every limit that is set."""
    kept = np.ones(track.grid.count, dtype=np.bool_)
    if constraint.farther_than is not None:
        kept &= track.moon_separation_deg >= needed_deg(constraint, track)
    if constraint.fainter_than is not None:
        kept &= track.moon_illuminated_percent <= constraint.fainter_than
    if constraint.below is not None:
        kept &= track.moon_altitude_deg <= constraint.below
    # A Moon asked to be well below the horizon is not good enough just below it.
    harmless_deg = min(0.0, constraint.below or 0.0)
    return np.asarray(kept | (track.moon_altitude_deg < harmless_deg))


def reason(constraint: Moon) -> str:
    """Why it refuses, in words that follow 'because'."""
    wanted = [
        said.format(limit)
        for said, limit in (
            ("farther than {:g} deg", constraint.farther_than),
            ("width {:g} d", constraint.width),
            ("relaxed below {:g} deg", constraint.relaxed_below),
            ("fainter than {:g} %", constraint.fainter_than),
            ("below {:g} deg", constraint.below),
        )
        if limit is not None
    ]
    return f"the Moon is not {' and '.join(wanted)}"
