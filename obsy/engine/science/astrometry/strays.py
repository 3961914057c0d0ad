"""What in the frames of a field is neither a star, which keeps its place, nor a hot pixel, which keeps its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.reduce.star_table import StarTable
from obsy.engine.science.astrometry.centroid import centroid_errors
from obsy.engine.science.astrometry.position import looks_like_a_star
from obsy.engine.science.astrometry.star_fit import Rows, StarFit
from obsy.engine.science.same_stars import Floats

NEAR_PX, SAME_PIXEL_PX = 1.0, 0.6
"""A detection so near to another frame's is the same star, and on the detector the same pixel."""
FAR_SHARE, SEEN_SHARE = 1 / 3, 1 / 4
"""Frames count that were taken at least that share of all the time earlier or later; and in how many it is seen."""

Fitted = Callable[[StarTable], StarFit | str]


@dataclass(frozen=True, slots=True, eq=False)
class StrayFrame:
    """A frame with its strays: rows of its table, arcsec east and north of a place common to all, and errors."""

    table: StarTable
    fit: StarFit
    minute: float
    """Of its middle, since the first frame's."""
    rows: Rows
    off: Floats
    error: Floats

    def only(self, kept: NDArray[np.bool_]) -> "StrayFrame":
        """Return it with some of its detections."""
        return StrayFrame(self.table, self.fit, self.minute, self.rows[kept], self.off[kept], self.error[kept])

    @property
    def pixels(self) -> Floats:
        """Return where its detections lie on the detector, (detections, 2)."""
        return np.column_stack([self.table.x[self.rows], self.table.y[self.rows]])


def strays(tables: Sequence[StarTable], fitted: Fitted) -> tuple[list[StrayFrame], list[str]]:
    """Return the strays of each frame, by time, and why frames are left out.

    fitted: the fit of a frame to the catalogue, about one place for all of them.
    """
    frames: list[StrayFrame] = []
    lost: list[str] = []
    for table in sorted(tables, key=lambda each: each.observation.jd_utc or 0.0):
        if table.observation.jd_utc is None:
            lost.append("nobody knows when it was taken")
            continue
        fit = fitted(table)
        if isinstance(fit, str):
            lost.append(fit)
            continue
        rows = looks_like_a_star(table)
        rows = rows[table.star[rows] == ""]
        x, y = table.x[rows], table.y[rows]
        error = np.hypot(centroid_errors(table)[rows] * fit.scale, fit.scatter)
        minute = (table.observation.jd_utc - (frames[0].table.observation.jd_utc or 0.0)) * 1440 if frames else 0.0
        frames.append(StrayFrame(table, fit, minute, rows, fit.offset(x, y), error))
    return [each.only(~(_back(each, frames) | _stuck(each, frames))) for each in frames], lost


def _far(one: StrayFrame, frames: Sequence[StrayFrame]) -> list[StrayFrame]:
    """The frames in which what moves would long be elsewhere."""
    span = frames[-1].minute - frames[0].minute
    return [each for each in frames if each is not one and abs(each.minute - one.minute) >= FAR_SHARE * span]


def _back(one: StrayFrame, frames: Sequence[StrayFrame]) -> NDArray[np.bool_]:
    """Whether each detection is seen at its place among the stars in other frames."""
    far = _far(one, frames)
    seen = sum((_near(one.off, each.off, NEAR_PX * one.fit.scale) for each in far), np.zeros(len(one.rows), dtype=int))
    return np.asarray(seen >= max(1, SEEN_SHARE * len(far)))


def _stuck(one: StrayFrame, frames: Sequence[StrayFrame]) -> NDArray[np.bool_]:
    """Whether each detection is seen in the same pixel of other frames."""
    far = _far(one, frames)
    seen = sum((_near(one.pixels, each.pixels, SAME_PIXEL_PX) for each in far), np.zeros(len(one.rows), dtype=int))
    return np.asarray(seen >= max(1, SEEN_SHARE * len(far)))


def _near(places: Floats, others: Floats, within: float) -> NDArray[np.int64]:
    """1 where one of the others lies so near, else 0."""
    if not len(places) or not len(others):
        return np.zeros(len(places), dtype=np.int64)
    return np.asarray(cKDTree(others).query(places)[0] <= within, dtype=np.int64)
