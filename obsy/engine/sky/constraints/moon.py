"""The Moon does not spoil the target."""

import numpy as np

from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Moon


def allows(constraint: Moon, track: Track) -> Mask:
    """Where the Moon is below the horizon, or keeps every limit that is set."""
    kept = np.ones(track.grid.count, dtype=np.bool_)
    if constraint.farther_than is not None:
        kept &= track.moon_separation_deg >= constraint.farther_than
    if constraint.fainter_than is not None:
        kept &= track.moon_illuminated_percent <= constraint.fainter_than
    if constraint.below is not None:
        kept &= track.moon_altitude_deg <= constraint.below
    # A Moon asked to be well below the horizon is not good enough just below it.
    harmless_deg = min(0.0, constraint.below or 0.0)
    return np.asarray(kept | (track.moon_altitude_deg < harmless_deg))


def reason(constraint: Moon) -> str:
    """Why it refuses, in words that follow 'because'."""
    wanted = []
    if constraint.farther_than is not None:
        wanted.append(f"farther than {constraint.farther_than:g} deg")
    if constraint.fainter_than is not None:
        wanted.append(f"fainter than {constraint.fainter_than:g} %")
    if constraint.below is not None:
        wanted.append(f"below {constraint.below:g} deg")
    return f"the Moon is not {' and '.join(wanted)}"
