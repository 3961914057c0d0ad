"""Moments in the clocks by which the sky is worked out: UTC, TT, TDB, and the Earth's own turning, UT1.

Ours, by ERFA as in astropy's Time, which takes half of a second to load and as long as all else that a verb loads.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import erfa
import numpy as np
from astropy_iers_data import IERS_LEAP_SECOND_FILE

from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.rotation import rotation_since

MJD_0 = 2_400_000.5
_DAY_S = 86400.0
_LEAP_SECOND = 60


@contextmanager
def any_date() -> Iterator[None]:
    """Let ERFA work outside the years of leap seconds and of its series without a warning.

    A program that has not been renewed for years still points within an arcminute.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        yield


class JulianDates(NamedTuple):
    """Dates of one clock, in two parts that together keep a nanosecond; (times,) each."""

    jd1: Floats
    jd2: Floats

    @property
    def mjd(self) -> Floats:
        """Modified Julian dates, to a microsecond."""
        return np.asarray((self.jd1 - MJD_0) + self.jd2)


@dataclass(frozen=True, eq=False)
class ClockTimes:
    """Moments, each in whichever clock is asked for; (times,)."""

    tai: JulianDates

    @classmethod
    @any_date()
    def at(cls, moments: Sequence[datetime]) -> Self:
        """Return some moments, aware."""
        utc = [each.astimezone(UTC) for each in moments]
        parts = [(t.year, t.month, t.day, t.hour, t.minute, t.second + t.microsecond / 1e6) for t in utc]
        *whole, seconds = np.array(parts, dtype=np.float64).reshape(-1, 6).T
        _know_leap_seconds()
        return cls.of("UTC", JulianDates(*erfa.dtf2d("UTC", *(each.astype(np.int32) for each in whole), seconds)))

    @classmethod
    @any_date()
    def of(cls, clock: str, dates: JulianDates) -> Self:
        """Return what the dates of a clock mean: UTC, TT or TDB."""
        _know_leap_seconds()
        if clock == "UTC":
            return cls(JulianDates(*erfa.utctai(*dates)))
        if clock == "TDB":  # what TDB is before TT changes by nothing within what it is
            dates = JulianDates(*erfa.tdbtt(*dates, _tdb_tt_s(dates)))
        elif clock != "TT":
            raise ValueError(f"a clock is UTC, TT or TDB, and not {clock}")
        return cls(JulianDates(*erfa.tttai(*dates)))

    @cached_property
    @any_date()
    def utc(self) -> JulianDates:
        """As clocks on the wall show."""
        return JulianDates(*erfa.taiutc(*self.tai))

    @cached_property
    def tt(self) -> JulianDates:
        """As clocks on the ground run."""
        return JulianDates(*erfa.taitt(*self.tai))

    @cached_property
    @any_date()
    def tdb(self) -> JulianDates:
        """As clocks at the barycentre would run; by which ephemerides are written."""
        return JulianDates(*erfa.tttdb(*self.tt, _tdb_tt_s(self.tt)))

    @cached_property
    @any_date()
    def ut1(self) -> JulianDates:
        """As the Earth turns; where no table says, as far from UTC as where it ends."""
        mjd = self.utc.mjd
        return JulianDates(*erfa.utcut1(*self.utc, rotation_since(float(mjd.min())).ut1_utc(mjd)))

    def pole(self) -> tuple[Floats, Floats]:
        """Return where the Earth's pole has wandered, radians along x and y."""
        mjd = self.utc.mjd
        return rotation_since(float(mjd.min())).pole(mjd)

    @any_date()
    def moments(self) -> list[datetime]:
        """Return them as dates of UTC, to a microsecond; a leap second as the last moment before it."""
        year, month, day, clock = erfa.d2dtf("UTC", 6, *self.utc)
        rows = zip(*(each.tolist() for each in (year, month, day, *(clock[name] for name in "hmsf"))), strict=True)
        found = []
        for y, mo, d, h, mi, s, f in rows:
            seconds, micros = (s, f) if s < _LEAP_SECOND else (59, 999_999)
            found.append(datetime(y, mo, d, h, mi, seconds, micros, UTC))
        return found

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.tai.jd1)


@lru_cache(maxsize=32)
def instants(grid: Grid) -> ClockTimes:
    """Return the times of a grid. Where a leap second falls within, the clocks go on, and UTC's names do not."""
    start = ClockTimes.at([grid.start]).tai
    return ClockTimes(JulianDates(np.broadcast_to(start.jd1, grid.count), start.jd2 + grid.seconds / _DAY_S))


def _tdb_tt_s(dates: JulianDates) -> Floats:
    """Return by how many seconds TDB is ahead of TT at the Earth's centre, for which no clock's zone counts."""
    return np.asarray(erfa.dtdb(*dates, 0.0, 0.0, 0.0, 0.0))


@cache
def _know_leap_seconds() -> None:
    """Let ERFA know those that were announced after it was made."""
    lines = Path(IERS_LEAP_SECOND_FILE).read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    told = [(int(year), int(month), float(tai_utc)) for _, _, month, year, tai_utc in rows]
    known = erfa.leap_seconds.get()
    if new := [each for each in told if each not in known.tolist()]:  # as a rule none, and to join them takes a while
        erfa.leap_seconds.update(np.array(new, dtype=known.dtype))
