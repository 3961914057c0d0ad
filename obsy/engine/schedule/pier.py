"""Which side of its pier a German mount hangs on: decided when it is sent to a target, and kept until the next slew.

All that plans asks here. Mounts decide so themselves (`devices/`), and a law of the tests holds both to it.
"""

from math import inf

EAST, WEST = -1, 1
"""Of the meridian: where the target is when the mount is sent to it."""
SIDEREAL_H_PER_S = 1.002737909 / 3600
"""By so much an hour angle grows in a second."""


def side_of(hour_angle_h: float, later_s: float = 0.0) -> int:
    """Return the side on which a mount hangs that is sent to a target so long after it stood at an hour angle."""
    return WEST if hour_angle_h + later_s * SIDEREAL_H_PER_S >= 0 else EAST


def tracks_on_s(side: int, hour_angle_h: float, past_s: float | None) -> float:
    """Return how long a mount may track on that hangs on a side and points there; infinite if it need not change.

    past_s: how long it may track past the meridian; None of a mount that never changes sides.
    """
    if past_s is None or side == WEST:
        return inf
    return past_s - hour_angle_h / SIDEREAL_H_PER_S


def flips(last: int, to: int, past_s: float | None) -> bool:
    """Return whether a mount changes sides on its way from one target to the next."""
    return past_s is not None and last != to
