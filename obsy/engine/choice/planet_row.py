"""A row of a table of planets, by the heads of its columns."""

import re
from collections.abc import Mapping

from obsy.engine.choice.transiting import TransitingPlanet
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.exoplanets import LETTER, scale_said
from obsy.engine.importing.places import declination, right_ascension
from obsy.engine.importing.plain_text import number

Row = Mapping[str, str]
"""A row's cells by the heads of their columns, in small letters."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("pl_name", "name", "toi"),
    "host": ("hostname", "star"),
    "ra": ("ra", "ra_j2000"),
    "dec": ("dec", "dec_j2000"),
    "epoch": ("pl_tranmid", "ephem_mid_time", "epoch (bjd)"),
    "epoch error": ("pl_tranmiderr1", "pl_tranmiderr2", "ephem_mid_time_e1", "ephem_mid_time_e2", "epoch (bjd) err"),
    "scale": ("pl_tranmid_systemref", "pl_tsystemref", "ephem_mid_time_format"),
    "period": ("pl_orbper", "ephem_period", "period (days)"),
    "period error": ("pl_orbpererr1", "pl_orbpererr2", "ephem_period_e1", "ephem_period_e2", "period (days) err"),
    "duration": ("pl_trandur", "pl_trandurh", "duration_hours", "duration (hours)"),
    "depth in ppm": ("depth (ppm)",),
    "depth in percent": ("pl_trandep",),
    "depth in mmag": ("depth_r_mmag",),
    "radius": ("pl_ratror", "rp_over_rs"),
    "magnitude": ("sy_vmag", "v_mag", "sy_gaiamag", "gaia_g_mag", "st_tmag", "tess mag"),
}
"""By what each is called in the tables that are known, in small letters; the first that says something counts.

NASA Exoplanet Archive (`ps`, `pscomppars`, `toi`), ExoClock's planets, ExoFOP's TOI table.
"""
NEEDED = ("name", "ra", "dec", "epoch", "period", "duration")
IN_PPM = "pl_trandurh"
"""The table that has it, the Archive's of TESS, gives `pl_trandep` in millionths; the others in percent."""


def planet_of_row(row: Row) -> TransitingPlanet:
    """Return the planet of a row. Raise ValueError with what it lacks."""
    name = " ".join(said_in(row, "name").split())
    ra, dec = right_ascension(said_in(row, "ra"), 1.0), declination(said_in(row, "dec"))
    if ra is None or dec is None or not (0 <= ra <= 360 and abs(dec) <= 90):  # noqa: PLR2004
        raise ValueError("its star has no place")
    epoch, period, hours = (_number(row, what) for what in ("epoch", "period", "duration"))
    if not period or period < 0:
        raise ValueError("it has no period: nobody can say when it comes")
    if epoch is None or not 2_000_000 <= epoch <= 3_000_000:  # noqa: PLR2004  as the language has it
        raise ValueError("it has no epoch that is a Julian date")
    if not hours or not 0 < hours < period * 24:
        raise ValueError("it has no duration below its period")
    host, letter = _parted(name, row)
    errors = _largest(row, "epoch error"), _largest(row, "period error")
    return TransitingPlanet(
        host, letter, ra % 360, dec, Ephemeris(epoch, period, hours, _scale(row), *errors), _depth(row),
        _number(row, "magnitude"), own=True,
    )  # fmt: skip


def _parted(name: str, row: Row) -> tuple[str, str]:
    """Return a star's name and a planet's letter; a TOI is counted from .01, a planet without a letter is b."""
    host = " ".join(said_in(row, "host").split())
    if host and name.startswith(host) and re.fullmatch(r"[b-i]", letter := name.removeprefix(host).strip()):
        return host, letter
    if "toi" in row and (match := re.fullmatch(r"(?:TOI-?)?(\d+)\.(\d\d)", name)):
        return f"TOI-{match[1]}", "bcdefghi"[(int(match[2]) - 1) % 8]
    match = re.fullmatch(rf"(.*?\S)\s*{LETTER}", name)
    if not name:
        raise ValueError("it has no name")
    return (match[1], match[2]) if match else (name, "b")


def _scale(row: Row) -> str:
    said = scale_said(said_in(row, "scale"))
    if not said and ("ephem_mid_time" in row or "toi" in row):
        return "BJD_TDB"
    if not said:
        raise ValueError("nobody says in which scale its epoch is: ask for the column 'pl_tranmid_systemref'")
    if said in {"HJD", "JD"}:
        return f"{said}_UTC"
    if said == "BJD":
        return "BJD_TDB"
    if not re.fullmatch(r"(HJD|JD)_(UTC|TT)|BJD_(UTC|TT|TDB)", said):
        raise ValueError(f"its epoch is in {said}: obsy reads HJD, JD and BJD")
    return said


def _depth(row: Row) -> float | None:
    """Return the share of light that is hidden, from a depth if it has one, else from the planet's radius."""
    percent, millionths = _number(row, "depth in percent"), _number(row, "depth in ppm")
    if percent is not None and IN_PPM in row:
        percent, millionths = None, percent
    mmag, radius = _number(row, "depth in mmag"), _number(row, "radius")
    if percent is not None:
        share = percent / 100
    elif millionths is not None:
        share = millionths / 1e6
    elif mmag is not None:
        share = 1 - 10 ** (-0.4 * mmag / 1000)
    else:
        share = (radius or 0.0) ** 2
    return share if 0 < share < 1 else None


def said_in(row: Row, what: str) -> str:
    """Return what a row says of something, '' if nothing."""
    return next((row[column].strip() for column in COLUMNS[what] if (row.get(column) or "").strip()), "")


def _number(row: Row, what: str) -> float | None:
    return next((value for column in COLUMNS[what] if (value := number(row.get(column))) is not None), None)


def _largest(row: Row, what: str) -> float:
    """Return the larger of an error's two sides; 0 where nobody says."""
    return max((abs(value) for column in COLUMNS[what] if (value := number(row.get(column))) is not None), default=0.0)
