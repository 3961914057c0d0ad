"""A row of a table of planets becomes a planet, or says what it lacks."""

import re

from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.places import declination, right_ascension
from obsy.engine.importing.planet_columns import IN_DAYS, Lacking, Row, depth_in, largest_in, number_in, said_in
from obsy.engine.importing.transiting_planet import TransitingPlanet

SHORTEST_D, LONGEST_D = 0.04, 1e5
"""Periods between which planets are known: below an hour a star tears them apart."""
BRIGHTEST_MAG, FAINTEST_MAG = -2.0, 30.0
"""Magnitudes between which stars are: tables fill what they do not know with 99, -999 and the like."""
LETTER = r"\s*(?<=[\s\d])([b-i])"
"""How a planet's letter stands at the end of its name: after a blank, or a digit."""
LONGEST_NAME = 60
"""Signs of a planet's name: that of OGLE-2016-BLG-1195L b has 21."""
REFUTED = ("FP", "FA")
"""What TESS's tables say of candidates that turned out to be none: false positives, and false alarms."""


def planet_of_row(row: Row) -> TransitingPlanet:
    """Return the planet of a row. Raise Lacking with what it lacks."""
    name = " ".join(said_in(row, "name").split())
    ra, dec = right_ascension(said_in(row, "ra"), 1.0), declination(said_in(row, "dec"))
    if ra is None or dec is None or not (0 <= ra <= 360 and abs(dec) <= 90):  # noqa: PLR2004
        raise Lacking("its star has no place")
    epoch, period, hours = (number_in(row, what) for what in ("epoch", "period", "duration"))
    if len(name) > LONGEST_NAME:
        raise Lacking(f"its name has {len(name)} signs, and no planet's has more than {LONGEST_NAME}")
    if said_in(row, "disposition") in REFUTED:
        raise Lacking("it is no planet: a false positive or a false alarm")
    if not period or period < 0:
        raise Lacking("it has no period: nobody can say when it comes")
    if not SHORTEST_D <= period <= LONGEST_D:
        raise Lacking(f"no planet has a period of {period:g} d")
    hours = (hours or 0.0) * (24 if IN_DAYS in row else 1)
    if epoch is None or not 2_000_000 <= epoch <= 3_000_000:  # noqa: PLR2004  as the language has it
        raise Lacking("it has no epoch that is a Julian date")
    if not 0 < hours < period * 24:
        raise Lacking("it has no duration below its period")
    host, letter = _parted(name, row)
    errors = largest_in(row, "epoch error"), largest_in(row, "period error")
    return TransitingPlanet(
        host, letter, ra % 360, dec, Ephemeris(epoch, period, hours, _scale(row), *errors), depth_in(row),
        _magnitude(row), own=True,
    )  # fmt: skip


def _magnitude(row: Row) -> float | None:
    """Return how bright the star is; None if nobody says, or what is said is a filling."""
    mag = number_in(row, "magnitude")
    return mag if mag is not None and BRIGHTEST_MAG <= mag <= FAINTEST_MAG else None


def _parted(name: str, row: Row) -> tuple[str, str]:
    """Return a star's name and a planet's letter; a TOI is counted from .01, a planet without a letter is b."""
    host = " ".join(said_in(row, "host").split())
    if host and name.startswith(host) and re.fullmatch(r"[b-i]", letter := name.removeprefix(host).strip()):
        return host, letter
    if "toi" in row and (match := re.fullmatch(r"(?:TOI-?)?(\d+)\.(\d\d)", name)):
        return f"TOI-{match[1]}", "bcdefghi"[(int(match[2]) - 1) % 8]
    match = re.fullmatch(rf"(.*?\S)\s*{LETTER}", name)
    if not name:
        raise Lacking("it has no name")
    return (match[1], match[2]) if match else (name, "b")


def _scale(row: Row) -> str:
    said = re.sub(r"[^A-Z]+", "_", said_in(row, "scale").upper()).strip("_")
    if not said and ("ephem_mid_time" in row or "toi" in row):
        return "BJD_TDB"
    if not said:
        raise Lacking("nobody says in which scale its epoch is", "ask for the column 'pl_tranmid_systemref'")
    if said in {"HJD", "JD"}:
        return f"{said}_UTC"
    if said == "BJD":
        return "BJD_TDB"
    if not re.fullmatch(r"(HJD|JD)_(UTC|TT)|BJD_(UTC|TT|TDB)", said):
        raise Lacking(f"its epoch is in {said}", "write it in BJD_TDB")
    return said
