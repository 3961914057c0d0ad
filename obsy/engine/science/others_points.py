"""Observations of a star by others, from a file that was downloaded of the AAVSO: to be drawn, never reckoned with."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obsy.engine.science.same_stars import Floats, Mask
from obsy.errors import UserError

JD, MAGNITUDE, BAND, STAR = 0, 1, 4, 17
"""Where they stand in a line. Source: AAVSO, 'Format of the Data File'."""
FEWEST_FIELDS = 5
DIFFERENTIAL, KIND = "DIFF", 19
"""Such a magnitude is one beside another star's, and that is where a line says so."""


@dataclass(frozen=True, slots=True, eq=False)
class OthersPoints:
    """What others saw; arrays are (points,)."""

    star: str
    """As the file calls it; empty where it does not."""
    jd: Floats
    magnitude: Floats
    is_limit: Mask
    """Whether the star was not seen, and is fainter than that."""
    band: tuple[str, ...]
    """By the AAVSO's names: V, CV; what was estimated by eye is 'Vis.'."""
    unread: int = 0
    """Lines that hold no magnitude with a date."""

    def near(self, band: str, first: float, last: float) -> "OthersPoints":
        """Return those of a band between two Julian dates."""
        is_near = (self.jd >= first) & (self.jd <= last) & (np.array(self.band, dtype=object) == band)
        many = int(is_near.sum())
        return OthersPoints(
            self.star, self.jd[is_near], self.magnitude[is_near], self.is_limit[is_near], (band,) * many
        )


def others_points(path: Path) -> OthersPoints:
    """Return the observations in a file. Raises UserError, with the cure, if it holds none, or of several stars."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise UserError(f"'{path}' cannot be read: {fault}") from None
    delimiter = "\t" if lines and lines[0].count("\t") >= FEWEST_FIELDS - 1 else ","
    rows = list(csv.reader(lines, delimiter=delimiter))
    points = [point for row in rows if (point := _point(row))]
    stars = {row[STAR].strip() for row in rows if _point(row) and len(row) > STAR and row[STAR].strip()}
    if not points:
        mend = "save what the AAVSO's data download gives as comma-separated values"
        raise UserError(f"'{path}' holds no observation (a Julian date, a magnitude, two errors, a band): {mend}")
    if len({each.casefold() for each in stars}) > 1:
        raise UserError(f"'{path}' has observations of {' and '.join(sorted(stars))}: give those of one star")
    jd, magnitude, limit, band = zip(*points, strict=True)
    unread = sum(1 for row in rows[1:] if row and not _point(row))
    return OthersPoints(min(stars, default=""), np.array(jd), np.array(magnitude), np.array(limit), band, unread)


def _point(row: list[str]) -> tuple[float, float, bool, str] | None:
    """Return date, magnitude, whether it is a limit, and band of a line; None of the heading, and of what is none."""
    if len(row) < FEWEST_FIELDS or (len(row) > KIND and row[KIND].strip().upper().startswith(DIFFERENTIAL)):
        return None
    said = row[MAGNITUDE].strip().rstrip(":")
    try:
        jd, magnitude = float(row[JD]), float(said.removeprefix("<"))
    except ValueError:
        return None
    return (jd, magnitude, said.startswith("<"), row[BAND].strip()) if np.isfinite(jd + magnitude) else None
