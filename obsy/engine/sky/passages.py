"""When something rises, stands highest and sets, to a hundredth of a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike

from obsy.engine.sky.crossings import crossings, turns
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.knots import between
from obsy.engine.sky.track import Track

HORIZON_DEG = -34 / 60
"""The true altitude of what is seen at the horizon, by refraction. Source: USNO."""


@dataclass(frozen=True)
class Stand:
    """Where something stands at a moment (aware UTC), without refraction."""

    when: datetime
    altitude_deg: float
    azimuth_deg: float


@dataclass(frozen=True)
class Passages:
    """How something goes over the sky in the time of its track; each in order."""

    rises: tuple[Stand, ...]
    transits: tuple[Stand, ...]
    """It passes the meridian on the side where it stands highest; what flies too fast for that, its highest."""
    sets: tuple[Stand, ...]
    highest_deg: float
    lowest_deg: float


def passages(track: Track, horizon_deg: ArrayLike = HORIZON_DEG, *, is_fast: bool = False) -> Passages:
    """Return how a target goes over the sky.

    horizon_deg: the true altitude of its centre when it rises and sets; (times,), or one number.
    is_fast: it circles the Earth itself.
    """
    seconds, columns = track.grid.seconds, _columns(track, horizon_deg)

    def joined(at_s: Floats) -> Floats:
        return between(columns, track.grid.step_s, at_s)

    def altitude(at_s: Floats) -> Floats:
        north, east, up = joined(at_s).T[:3]
        return np.asarray(np.degrees(np.arctan2(up, np.hypot(north, east))))

    def meridian(at_s: Floats) -> Floats:
        return joined(at_s)[:, 3]

    passed = crossings(lambda at: altitude(at) - joined(at)[:, 5], seconds)
    turned, is_top = turns(altitude, seconds)
    south = turned[is_top] if is_fast else np.array([each.at_s for each in crossings(meridian, seconds)])
    heights = np.concatenate((track.altitude_deg, altitude(turned))) if turned.size else track.altitude_deg
    return Passages(
        rises=stands(track, [at for at, up in passed if up]),
        transits=stands(track, south[is_fast | (joined(south)[:, 4] > 0)] if south.size else ()),
        sets=stands(track, [at for at, up in passed if not up]),
        highest_deg=float(heights.max()),
        lowest_deg=float(heights.min()),
    )


def stands(track: Track, moments_s: Iterable[float]) -> tuple[Stand, ...]:
    """Return where it stands so many seconds after the track's begin, in order."""
    at_s = np.array(sorted(moments_s))
    rows = between(_columns(track, 0.0), track.grid.step_s, at_s) if at_s.size else ()
    return tuple(_stand(track, at, row) for at, row in zip(at_s.tolist(), rows, strict=True))


def _columns(track: Track, horizon_deg: ArrayLike) -> Floats:
    """North, east, up, sine and cosine of the hour angle, and the horizon, all of them smooth; (times, 6)."""
    altitude, azimuth = np.radians(track.altitude_deg), np.radians(track.azimuth_deg)
    turned, level = track.hour_angle_h * (np.pi / 12), np.cos(altitude)
    north, east, up = level * np.cos(azimuth), level * np.sin(azimuth), np.sin(altitude)
    horizon = np.broadcast_to(np.asarray(horizon_deg, dtype=np.float64), altitude.shape)
    return np.stack((north, east, up, np.sin(turned), np.cos(turned), horizon), axis=-1)


def _stand(track: Track, at_s: float, row: Floats) -> Stand:
    north, east, up = row[:3].tolist()
    altitude, azimuth = np.degrees(np.arctan2(up, np.hypot(north, east))), np.degrees(np.arctan2(east, north)) % 360.0
    return Stand(track.grid.start + timedelta(seconds=at_s), float(altitude), float(azimuth))
