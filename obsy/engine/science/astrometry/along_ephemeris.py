"""What moves as its ephemeris says: found near its computed place in each frame, and proven by its pace."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.science.astrometry.centroid import centroid_errors
from obsy.engine.science.astrometry.position import WIDEST, SkyPosition, directions, looks_like_a_star, position
from obsy.engine.science.astrometry.star_fit import Rows, StarFit, around, star_fit
from obsy.engine.science.same_stars import Floats
from obsy.engine.sky.catalogue import CatalogueStars

SIGMAS, LEAST_PX = 5.0, 0.7
"""How far from the others of its kind an offset may be and be one of them."""
FEWEST = 3
"""Frames that have to agree: two detections always lie on a line."""
PACE_SIGMAS, PACE_SLACK = 5.0, 0.02
"""How far the measured pace may be from the computed one."""
ROUNDS = 3
TOO_WIDE = 1.5
"""Scatter over errors from which it is told."""
SPOILT = {
    Flag.SATURATED: "it is saturated: a shorter exposure would show it",
    Flag.BLENDED: "a neighbour's light lies in its aperture",
}
"""Flags of light whose middle is not its own."""

Catalogue = Callable[[float, float, float], CatalogueStars]
"""The stars within a radius of a place, all in degrees, as `sky.catalogue.cone`."""


@dataclass(frozen=True, slots=True)
class MovingTarget:
    """What the frames of a night say of where a target was."""

    positions: tuple[SkyPosition, ...]
    """By time; observed less computed is against the ephemeris."""
    left_out: tuple[str, ...]
    """'3 frames: why' of each reason."""
    pace: tuple[float, float]
    """By how much it moved of what was computed, 1 if exactly so, and the error; NaN where that cannot be told."""
    rate_arcsec_min: float
    """How fast it was computed to move, in the middle of the frames; NaN of one frame."""
    angle_deg: float
    """Where to, from north through east."""
    refusal: str
    """Why nothing may be reported; empty if it may."""
    wider: float = 1.0
    """By how much the positions scatter about one offset, of what their errors say; 1 where these explain it."""
    doubts: tuple[str, ...] = ()

    @property
    def mean_offset(self) -> tuple[float, float, float]:
        """Return the weighted mean of observed less computed, east and north, and its error, arcsec; NaN of none."""
        if not self.positions:
            return float("nan"), float("nan"), float("nan")
        weight = np.array([each.error_arcsec for each in self.positions]) ** -2
        off = np.array([(each.east_arcsec, each.north_arcsec) for each in self.positions])
        east, north = weight @ off / weight.sum()
        alone = float(np.sum([each.centroid_arcsec**-2 for each in self.positions])) ** -0.5
        common = float(np.median([each.fit_arcsec for each in self.positions]))
        return float(east), float(north), self.wider * float(np.hypot(alone, common))


@dataclass(frozen=True, slots=True, eq=False)
class _FrameNear:
    """A frame with what lies near the computed place: rows, their offsets from it and the errors of these, arcsec."""

    table: StarTable
    fit: StarFit
    computed: tuple[float, float]
    rows: Rows
    off: Floats
    error: Floats


def along_ephemeris(
    tables: Sequence[StarTable], computed: Floats, within_arcsec: float, catalogue: Catalogue, widest: float = WIDEST
) -> MovingTarget:
    """Return a target's positions in the frames of some tables.

    computed: right ascension and declination at the middle of each exposure, (tables, 2), degrees, astrometric ICRS
    from the site; widest: in widths of the frame's stars. What lies at the same offset from its computed place in most
    frames is the target: stars and hot pixels stay behind. Catalogue stars never are it.
    """
    near: list[_FrameNear] = []
    lost: list[str] = []
    for table, place in zip(tables, computed, strict=True):
        found = _near(table, (float(place[0]), float(place[1]), widest), within_arcsec, catalogue)
        if isinstance(found, str):
            lost.append(found)
        else:
            near.append(found)
    near.sort(key=lambda each: each.table.observation.jd_utc or 0.0)
    chosen = _same_offset(near) if near else []
    lost += ["nothing at its place that moves with it"] * (len(near) - len(chosen))
    spoilt = [_spoilt(frame, at, widest) for frame, at in chosen]
    lost += filter(None, spoilt)
    chosen = [each for each, why in zip(chosen, spoilt, strict=True) if not why]
    positions = tuple(position(frame.table, int(frame.rows[at]), frame.fit) for frame, at in chosen)
    places = np.array([frame.computed for frame, _ in chosen]).reshape(-1, 2)
    pace, moved = _pace(positions, places) if len(positions) > 1 else ((float("nan"), float("nan")), 0.0)
    rate, angle = _rate(positions, places)
    refusal = _refusal(positions, pace, moved)
    wider = _wider(positions)
    return MovingTarget(positions, tuple(_counted(lost)), pace, rate, angle, refusal, wider, tuple(_doubts(wider)))


def _near(
    table: StarTable, sought: tuple[float, float, float], within: float, catalogue: Catalogue
) -> _FrameNear | str:
    """What may be the target in a frame, or in words why nobody can say; sought: its place and greatest width."""
    place = sought[:2]
    if table.observation.jd_utc is None:
        return "nobody knows when it was taken"
    listed = catalogue(*around(table))
    fit = star_fit(table, listed, place)
    if isinstance(fit, str):
        return fit
    rows = looks_like_a_star(table, sought[2])
    rows = rows[table.star[rows] == ""]
    off = fit.offset(table.x[rows], table.y[rows])
    error = np.hypot(centroid_errors(table)[rows] * fit.scale, fit.error(table.x[rows], table.y[rows]))
    close = np.hypot(*off.T) <= within
    if not close.any():
        full = np.flatnonzero((table.flags & int(Flag.SATURATED) != 0) & (table.star == ""))
        if (np.hypot(*fit.offset(table.x[full], table.y[full]).T) <= within).any():
            return SPOILT[Flag.SATURATED]
        return f"nothing within {within:g} arcsec of its place"
    return _FrameNear(table, fit, place, rows[close], off[close], error[close])


def _same_offset(near: Sequence[_FrameNear]) -> list[tuple[_FrameNear, int]]:
    """Of each frame that has one, the detection at the offset that most frames agree on, and of these the smallest."""
    off, error = np.concatenate([each.off for each in near]), np.concatenate([each.error for each in near])
    frame = np.repeat(np.arange(len(near)), [len(each.rows) for each in near])
    slack = LEAST_PX * float(np.median([each.fit.scale for each in near]))
    agree = [
        len(set(frame[np.hypot(*(off - middle).T) <= np.maximum(SIGMAS * np.hypot(error, own), slack)]))
        for middle, own in zip(off, error, strict=True)
    ]
    best = max(range(len(off)), key=lambda at: (agree[at], -float(np.hypot(*off[at]))))
    middle = off[best]
    chosen: list[tuple[_FrameNear, int]] = []
    for _ in range(ROUNDS):
        chosen = []
        for each in near:
            away = np.hypot(*(each.off - middle).T)
            at = int(np.argmin(away))
            if away[at] <= max(SIGMAS * float(each.error[at]), slack):
                chosen.append((each, at))
        middle = np.median([each.off[at] for each, at in chosen], axis=0)
    return chosen


def _spoilt(frame: _FrameNear, at: int, widest: float) -> str:
    """Why the middle of its light is not its own; empty if it is. A coma looks like the light of a neighbour."""
    flags = int(frame.table.flags[frame.rows[at]]) & ~(int(Flag.BLENDED) if widest > WIDEST else 0)
    return next((why for flag, why in SPOILT.items() if flags & flag), "")


def _pace(positions: Sequence[SkyPosition], computed: Floats) -> tuple[tuple[float, float], float]:
    """By how much it moved of what was computed, with its error; and how far that was, arcsec."""
    moved = directions(computed, (float(computed[0, 0]), float(computed[0, 1])))
    off = np.array([(each.east_arcsec, each.north_arcsec) for each in positions])
    weight = np.array([each.error_arcsec for each in positions]) ** -2
    moved = moved - weight @ moved / weight.sum()
    off = off - weight @ off / weight.sum()
    length = float(weight @ (moved**2).sum(axis=1))
    if length <= 0:
        return (float("nan"), float("nan")), 0.0
    more = float(weight @ (moved * off).sum(axis=1)) / length
    left = off - more * moved
    freedom = 2 * len(positions) - 3
    wider = max(1.0, float(weight @ (left**2).sum(axis=1)) / freedom) if freedom > 0 else 1.0
    return (1 + more, float(np.sqrt(wider / length))), float(np.hypot(*np.ptp(moved, axis=0)))


def _rate(positions: Sequence[SkyPosition], computed: Floats) -> tuple[float, float]:
    """How fast it was computed to move, arcsec a minute, and where to, degrees from north through east."""
    minutes = (positions[-1].jd_utc - positions[0].jd_utc) * 1440 if positions else 0.0
    if minutes <= 0:
        return float("nan"), float("nan")
    east, north = directions(computed[[0, -1]], (float(computed[0, 0]), float(computed[0, 1])))[1]
    return float(np.hypot(east, north)) / minutes, float(np.degrees(np.arctan2(east, north)) % 360)


def _refusal(positions: Sequence[SkyPosition], pace: tuple[float, float], moved: float) -> str:
    """Why the positions may not be reported; empty if they may."""
    if len(positions) < FEWEST:
        return f"{len(positions)} frames show something at its place, at least {FEWEST} are needed"
    value, error = pace
    if not value - PACE_SIGMAS * error > 0 or not error < 1 / PACE_SIGMAS:
        return (
            f"it was to move {moved:.1f} arcsec, and what is there moves {value:.2f} +- {error:.2f} of that: "
            "it may be a star that the catalogue lacks; take frames over a longer time"
        )
    if abs(value - 1) > max(PACE_SIGMAS * error, PACE_SLACK):
        return f"what is there moves {value:.2f} +- {error:.2f} of what the ephemeris says: it is something else"
    return ""


def _wider(positions: Sequence[SkyPosition]) -> float:
    """By how much offsets scatter about their mean, of what the middles of their light are uncertain by; at least 1."""
    if len(positions) < FEWEST:
        return 1.0
    weight = np.array([each.centroid_arcsec for each in positions]) ** -2
    off = np.array([(each.east_arcsec, each.north_arcsec) for each in positions])
    left = off - weight @ off / weight.sum()
    return max(1.0, float(np.sqrt(weight @ (left**2).sum(axis=1) / (2 * len(positions) - 2))))


def _doubts(wider: float) -> Iterator[str]:
    if wider > TOO_WIDE:
        yield (
            f"the positions scatter by {wider:.1f} times their errors about one offset, and these are enlarged: "
            "a faint star beside its path, or an orbit that is off"
        )


def _counted(lost: Sequence[str]) -> Iterator[str]:
    """Yield '12 frames: why' of each reason, in order."""
    for why, many in sorted(Counter(lost).items()):
        yield f"{many} frame{'s' * (many > 1)}: {why}"
