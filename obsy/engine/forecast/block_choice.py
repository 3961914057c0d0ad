"""What each mount takes next, in all draws at once, by the rules of `schedule.tonight.py`."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.forecast.night_arrays import FixedTime, NightArrays, Whole
from obsy.engine.schedule.pier import SETTING
from obsy.engine.sky.grid import Floats, Mask

_NEVER = -np.inf
SAME = 1e-6
"""Of goals of a picture that lag alike, merit decides: so little does it count beside their lag."""


@dataclass(eq=False)
class DrawsSoFar:
    """How far each draw has come; changed by `fill`."""

    left: Floats
    """Frames still wanted; (draws, goals)."""
    train: Whole
    """The train that each plan has gone to, or -1; (draws, plans)."""
    due_s: Floats
    """From when on a goal may be taken again, from the night's start; (draws, goals)."""
    begun_s: Floats
    """When what is taken of a goal tonight began, NaN if nothing is; (draws, goals)."""


def index(night: NightArrays, seconds: Floats) -> Whole:
    """Return the instant of the grid at or before each time."""
    return np.asarray(np.clip((seconds / night.step_s + 1e-3).astype(int), 0, night.free.shape[1] - 1))


class BlockChoice:
    """What each row would be as the next block; arrays are (draws, rows)."""

    def __init__(
        self, night: NightArrays, rows: Whole, span: tuple[Floats, Floats], stands: tuple[Whole, Whole, Floats]
    ) -> None:
        """span: from now until it clouds over; (draws,).

        stands: what each mount took last, in which half of the sky, and when each train was focused; (draws, trains).
        """
        self._night, self._rows = night, rows
        (now, end_s), (last, half, focused_s) = span, stands
        before = np.ix_(last, rows) if last.size else ()
        self._halves = night.moves.half(rows, index(night, now), now)
        moves = np.where(
            night.moves.flips(half[:, None], self._halves, rows),
            np.nan_to_num(night.moves.side_s[rows]),
            night.moves.slew_s[before],
        )
        arrived = now[:, None] + night.moves.change_s[before] + moves
        self._focused_s = focused_s[:, night.train[rows]]
        # As `focus_is_due` has it, of many at once.
        self._focuses = (arrived - self._focused_s >= night.moves.every_s[rows]) & (night.moves.focus_s[rows] > 0)
        self._start = arrived + np.where(self._focuses, night.moves.focus_s[rows], 0.0)
        self._at = index(night, self._start)
        self._staying = night.moves.staying[before]
        tracks_s = night.moves.meridian_s[rows, self._at] + night.moves.past_s[rows]
        tracks_s[self._halves == SETTING] = np.inf
        self._end = np.minimum(np.minimum(night.run_end_s[rows, self._at], tracks_s), end_s[:, None])
        self._open = night.free[rows, self._at] & (self._start < night.end_s)

    def best(
        self, standing: DrawsSoFar, draws: Whole, mount: Whole, given: tuple[Whole, tuple[Floats, Floats]]
    ) -> tuple[Whole, Floats, Floats, Mask, Whole]:
        """Return for each draw the row that deserves the moment, its frames (0 if nothing fits), and its start.

        And whether it begins with a focus run, and the half of the sky in which its mount was sent there.
        """
        night, rows = self._night, self._rows
        following, (worth, needed_s) = given
        for number, each in enumerate(night.events):
            flips = night.moves.flips(self._halves, each.halves[0], each.row)
            way_s = np.where(flips, night.moves.side_s[each.row], night.moves.slew_s[rows, each.row])
            before = each.start_s - night.moves.change_s[rows, each.row] - way_s - self._focus_before(each)
            self._end = np.where((following == number)[:, None], np.minimum(self._end, before), self._end)
        left = standing.left[draws][:, night.goal[rows]]
        lasts_s = np.maximum(self._end - night.moves.spare_s[rows] - self._start, 0.0)
        fits = np.floor(lasts_s / night.each_s[rows] + SAME)
        fits = np.minimum(fits, night.most[rows])
        trains = standing.train[draws][:, night.plan[rows]]
        able = self._open & (left > 0) & (fits >= np.minimum(left, night.least[rows])) & (fits > 0)
        able &= (night.mount[rows] == mount[:, None]) & ((trains < 0) | (trains == night.train[rows]))
        able &= self._start >= standing.due_s[draws][:, night.goal[rows]]
        asked_s = needed_s[draws][:, rows]
        merit = worth[draws][:, rows] + night.sky[rows, self._at] + self._staying
        merit += night.urgency * asked_s / np.maximum(night.rest_s[rows, self._at], asked_s)
        best = np.where(able, merit, _NEVER).argmax(axis=1)
        every = np.arange(len(draws))
        alike = able & (night.picture[rows] == night.picture[rows][best][:, None])
        alike &= night.train[rows] == night.train[rows][best][:, None]
        lag = np.where(alike, left / night.size[rows] + SAME * merit, _NEVER)
        several = alike.sum(axis=1) > 1
        best = np.where(several, lag.argmax(axis=1), best)
        count = np.minimum.reduce([left, fits, np.broadcast_to(night.longest[rows], fits.shape)])[every, best]
        turn = np.where(several & np.isinf(night.longest[rows][best]), night.turn[rows][best], np.inf)
        frames = np.where(able[every, best], np.minimum(count, turn), 0.0)
        return rows[best], frames, self._start[every, best], self._focuses[every, best], self._halves[every, best]

    def _focus_before(self, event: FixedTime) -> Floats:
        """Return how long a focus run takes before an event that follows; (draws, rows)."""
        night, same = self._night, self._night.train[self._rows] == self._night.train[event.row]
        focused_s = np.where(same & self._focuses, self._start, np.where(same, self._focused_s, -np.inf))
        due = event.start_s - focused_s >= night.moves.every_s[event.row]
        return np.where(due, night.moves.focus_s[event.row], 0.0)
