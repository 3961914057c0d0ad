"""Which part of a transit can be had in the times that are free."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from obsy.engine.schedule.cover import CoverGoal
from obsy.engine.sky.grid import Window
from obsy.engine.sky.track import Track
from obsy.engine.sky.transit import Transit
from obsy.schemas.mount import Mount


def accepted(goal: CoverGoal, transit: Transit, free: Sequence[Window]) -> str | None:
    """Return what of a transit can be had in one go: all of it, else its halves; None of neither."""
    whole = goal.window(transit)
    if _within(whole, free):
        return "whole"
    halves = [name for name, half in goal.halves(transit).items() if _within(half, free)]
    return "either" if len(halves) > 1 else halves[0] if halves else None


def _within(window: Window, free: Sequence[Window]) -> bool:
    return any(each.start <= window.start and window.end <= each.end for each in free)


def share_of(part: Window, free: Sequence[Window]) -> float:
    """Return which share of a part lies in the free times; that of a part without length is 1."""
    length_s = part.length.total_seconds()
    spans = ((min(each.end, part.end) - max(each.start, part.start)).total_seconds() for each in free)
    return min(1.0, sum(max(0.0, span) for span in spans) / length_s) if length_s > 0 else 1.0


def highest(track: Track, window: Window, free: Sequence[Window], middle: datetime) -> int:
    """Return the instant of the middle if it can be had, else the highest that can, in the window."""
    grid = track.grid
    if any(each.start <= middle <= each.end for each in free):
        return grid.index(middle)
    spans = [(max(each.start, window.start), min(each.end, window.end)) for each in free]
    every = np.concatenate([np.arange(grid.index(a), grid.index(b) + 1) for a, b in spans if b > a])
    return int(every[np.argmax(track.altitude_deg[every])])


def flip(track: Track, window: Window, mount: Mount) -> datetime | None:
    """Return when the meridian is crossed in a window, to a step of the grid; None, or of a mount that minds it not."""
    west = track.hour_angle_h >= 0
    for at in np.flatnonzero(~west[:-1] & west[1:]).tolist() if mount.meridian is not None else ():
        if window.start <= track.grid.at(at + 1) <= window.end:
            return track.grid.at(at + 1)
    return None
