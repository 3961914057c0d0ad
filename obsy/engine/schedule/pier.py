"""When a German mount changes the side of its pier: chosen when it is sent to a target, kept until the next slew.

It is chosen by the half of the sky in which the target is then: at one that rises, a telescope west of its pier looks
east. All that plans asks here. Mounts decide so themselves (`devices/`), and a law of the tests holds both to it.
"""

from math import inf
from typing import overload

from obsy.engine.sidereal import HOURS_PER_S
from obsy.engine.sky.grid import Floats, Mask

RISING, SETTING = -1, 1
"""The halves of the sky: before the meridian, and from there to the lower culmination, where what sets rises again."""
HALF_TURN_H = 12.0


def half_of(hour_angle_h: float, later_s: float = 0.0) -> int:
    """Return the half of the sky in which a target is so long after it stood at an hour angle."""
    return SETTING if sets(hour_angle_h + later_s * HOURS_PER_S) else RISING


@overload
def sets(hour_angle_h: float) -> bool: ...


@overload
def sets(hour_angle_h: Floats) -> Mask: ...


def sets(hour_angle_h: float | Floats) -> bool | Mask:
    """Return whether a target is past the meridian, and not yet past its lower culmination."""
    return hour_angle_h % (2 * HALF_TURN_H) <= HALF_TURN_H


def tracks_on_s(half: int, hour_angle_h: float, past_s: float | None) -> float:
    """Return how long a mount may track on that was sent to a half and points there; infinite if it need not change.

    past_s: how long it may track past the meridian; None of a mount that never changes sides.
    """
    if past_s is None or half == SETTING:
        return inf
    return past_s - hour_angle_h / HOURS_PER_S


def flips(last: int, to: int, past_s: float | None) -> bool:
    """Return whether a mount changes sides on its way from one half of the sky to the next."""
    return past_s is not None and last != to
