"""The rules of ADES 2022 that a submission has to keep, asked of a PSV file before anybody sends it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from obsy.engine.science.aavso_rules import ReportFault
from obsy.engine.science.astrometry.designation import OWN, PERMANENT, PROVISIONAL

NEEDED = {
    "observatory": ("mpcCode",), "submitter": ("name",), "measurers": ("name",),
    "telescope": ("design", "aperture", "detector"),
}  # fmt: skip
"""Groups of the head that have to be there, with their keys. Source: ADES 2022, table 12."""
LONGEST = {"name": 100, "line": 100, "astrometry": 100, "design": 25, "detector": 25, "fitOrder": 25}
"""Characters; of submit.xsd."""
MODES = "CCD", "CMO", "VID", "TDI"
CATALOGUES = frozenset(
    """
    Gaia_Int PS1_DR2 PS1_DR1 ATLAS2 Gaia3 Gaia3E Gaia2 Gaia1 Gaia2016 URAT1 UCAC5 UCAC4 PPMXL NOMAD 2MASS UBSC
    Tyc2
    """.split()
)
"""Of the MPC's list of 2026 those that are not deprecated, and Tycho-2, which is."""
BANDS = frozenset("Vj Rc Ic Bj Uj G Gb Gr".split())
"""Of the MPC's those that its own reference tools name (`bandconv` of IAU-ADES)."""
_POSITIVE = r"(0|[1-9]\d*)(\.\d*)?"
COLUMNS = {
    "permID": PERMANENT,
    "provID": PROVISIONAL,
    "trkSub": OWN,
    "mode": "|".join(MODES),
    "stn": r"[A-Za-z0-9]{3,4}",
    "obsTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z",
    "ra": r"([1-3]\d\d|[1-9]?\d)(\.\d{1,9})?",
    "dec": r"[+-]?[1-9]?\d(\.\d{1,9})?",
    **dict.fromkeys(("rmsRA", "rmsDec", "rmsMag", "logSNR", "seeing", "exp", "rmsFit"), _POSITIVE),
    "astCat": "|".join(re.escape(each) for each in sorted(CATALOGUES)),
    "photCat": "|".join(re.escape(each) for each in sorted(CATALOGUES)),
    "mag": r"[+-]?(0|[1-9]\d*)(\.\d*)?",
    "band": "|".join(sorted(BANDS)),
    "nStars": r"[1-9]\d{0,5}",
    "notes": r"[A-Za-z0-9_]{1,6}",
    "remarks": r"[^|]{1,300}",
}
"""What each column may say. Source: ADES 2022, table 16 and submit.xsd."""
WIDEST = {"rmsRA": 7, "rmsDec": 7} | dict.fromkeys(("rmsMag", "seeing", "exp", "rmsFit", "logSNR"), 6)
REQUIRED = "mode", "stn", "obsTime", "ra", "dec", "astCat"
NAMES = "permID", "provID", "trkSub"
LIMITS = {"ra": (0.0, 360.0), "dec": (-90.0, 90.0), "mag": (-5.0, 35.0)}
FEWEST = 3
"""Positions of one body in a night that the MPC asks for; two are taken reluctantly."""


def faults(text: str) -> list[ReportFault]:
    """Return all that is wrong with a file, in the order of its lines. Nothing of it is raised."""
    lines = text.removesuffix("\n").split("\n")
    found = [] if lines[0] == "# version=2022" else [_wrong(1, "version", lines[0], "begin with '# version=2022'")]
    groups: dict[str, dict[str, str]] = {}
    columns: list[str] = []
    rows: list[dict[str, str]] = []
    group = ""
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("# "):
            group = line[2:].strip()
            groups[group] = {}
        elif line.startswith("! "):
            key, _, value = line[2:].partition(" ")
            groups.setdefault(group, {})[key] = value.strip()
            found += _said(number, key, value)
        elif not columns:
            columns = [each.strip() for each in line.split("|")]
            found += [_wrong(number, each, "no column", "remove it") for each in columns if each not in COLUMNS]
        else:
            row = dict(zip(columns, (each.strip() for each in line.split("|")), strict=False))
            rows.append(row)
            found += _row(number, row)
    return [*found, *_head(groups), *_together(len(lines), groups, rows)]


def _wrong(line: int, field: str, said: str, mend: str) -> ReportFault:
    return ReportFault(line, field, f"'{said}'", mend)


def _said(number: int, key: str, value: str) -> Iterator[ReportFault]:
    if not value.strip():
        yield ReportFault(number, key, "it is empty", "say it, or remove the line")
    if len(value) > LONGEST.get(key, 100):
        yield ReportFault(number, key, f"{len(value)} characters", f"write at most {LONGEST.get(key, 100)}")
    if key == "mpcCode" and not re.fullmatch(COLUMNS["stn"], value):
        yield _wrong(number, key, value, "write the site's code at the MPC: 'mpc: …' of the site")


def _row(number: int, row: Mapping[str, str]) -> Iterator[ReportFault]:
    names = [each for each in NAMES if row.get(each)]
    if not names:
        yield ReportFault(number, "permID", "nothing is named", f"give one of {', '.join(NAMES)}")
    yield from (
        ReportFault(number, each, "it is empty", "each record needs it") for each in REQUIRED if not row.get(each)
    )
    for key, value in row.items():
        if not value or key not in COLUMNS:
            continue
        if not re.fullmatch(COLUMNS[key], value, re.ASCII):
            yield _wrong(number, key, value, _cure(key))
        elif len(value) > WIDEST.get(key, 300):
            yield _wrong(number, key, value, f"write at most {WIDEST[key]} characters")
        elif not _within(key, value):
            yield _wrong(number, key, value, _cure(key))
    if row.get("mag") and not row.get("band"):
        yield ReportFault(
            number, "band", "it is empty beside a magnitude", "say which band the reference stars' are of"
        )


def _within(key: str, value: str) -> bool:
    """Whether a value that has its form is one: a day that exists, an angle on the sky, an error above 0."""
    if key == "obsTime":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
        return True
    if key.startswith("rms") or key in {"seeing", "exp"}:
        return float(value) > 0
    low, high = LIMITS.get(key, (float("-inf"), float("inf")))
    return key not in LIMITS or (low <= float(value) < high if key == "ra" else low <= float(value) <= high)


def _cure(key: str) -> str:
    return {
        "obsTime": "write the middle of the exposure in UTC, as 2026-12-10T21:47:48.17Z",
        "ra": "write degrees from 0 to below 360, J2000.0",
        "dec": "write degrees from -90 to 90, J2000.0",
        "stn": "write the site's code at the MPC: 'mpc: …' of the site",
        "mode": f"write one of {', '.join(MODES)}: 'sensor: …' of the camera",
        "astCat": "write the MPC's name of the catalogue, as Tyc2 or Gaia3",
        "band": f"write one of {', '.join(sorted(BANDS))}",
        "trkSub": "write at most 8 letters, digits, '-' or '_'",
    }.get(key, f"write it as ADES 2022 has '{key}'")


def _head(groups: Mapping[str, Mapping[str, str]]) -> Iterator[ReportFault]:
    for group, keys in NEEDED.items():
        for key in keys:
            if not groups.get(group, {}).get(key):
                yield ReportFault(1, f"{group}/{key}", "it is missing", f"write '# {group}' and '! {key} …' at the top")


def _together(last: int, groups: Mapping[str, Mapping[str, str]], rows: list[dict[str, str]]) -> Iterator[ReportFault]:
    if not rows:
        yield ReportFault(last, "records", "there is none", "give the positions")
        return
    code = groups.get("observatory", {}).get("mpcCode", "")
    if any(row.get("stn") != code for row in rows):
        yield _wrong(last, "stn", code, "the head and every record name one observatory")
    times = [row.get("obsTime", "") for row in rows]
    if len(set(times)) < len(times):
        yield ReportFault(last, "obsTime", "two positions have one time", "report each frame once")
    if len(rows) < FEWEST:
        yield ReportFault(last, "records", f"there are {len(rows)}", f"report at least {FEWEST} positions of a night")
