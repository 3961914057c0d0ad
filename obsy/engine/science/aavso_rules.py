"""The rules of the AAVSO's Extended File Format 1.2, asked of a file before anybody sends it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

FIELDS = ("NAME", "DATE", "MAG", "MERR", "FILT", "TRANS", "MTYPE", "CNAME", "CMAG", "KNAME", "KMAG", "AMASS", "GROUP",
          "CHART", "NOTES")  # fmt: skip
"""In their order; the line that names them is a comment."""
LONGEST = {"NAME": 30, "DATE": 16, "MAG": 8, "MERR": 6, "CNAME": 20, "CMAG": 8, "KNAME": 20, "KMAG": 8, "GROUP": 5,
           "CHART": 20}  # fmt: skip
"""Characters; an air mass that is longer is cut by the AAVSO, not refused."""
FILTERS = frozenset(
    "U B V R I J H K TG TB TR CV CR SZ SU SG SR SI STU STV STB STY STHBW STHBN MA MB MI ZS Y HA HAC".split()
)
"""Those that the form takes: 'O', for all others, it does not."""
CATALOGUE_BAND = {"CV": "V", "TG": "V", "TB": "B", "CR": "R", "TR": "R"}
"""Which magnitudes of a catalogue a filter is compared with, where its own name is none."""
HEAD = ("TYPE", "OBSCODE", "SOFTWARE", "DELIM", "DATE", "OBSTYPE")
WORDS = {"TYPE": ("EXTENDED",), "DATE": ("JD", "HJD", "EXCEL"), "OBSTYPE": ("CCD", "DSLR", "PEP", "VISDIG")}
EARLIEST_JD, LATEST_JD = 2_400_000.0, 2_500_000.0
"""1858 to 2132."""
EXTENSIONS = ".txt", ".csv", ".tsv"
BRIGHTEST, FAINTEST, LARGEST_ERROR, MOST_SOFTWARE = -10.0, 25.0, 1.0, 255
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)\Z", re.ASCII)


class ReportFault(NamedTuple):
    """What the AAVSO would refuse, or take and nobody could use."""

    line: int
    """Of the file, from 1; 0 is its name."""
    field: str
    """The field or the parameter."""
    found: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.found}: {self.mend}"


def faults(text: str, name: str = "report.txt") -> list[ReportFault]:
    """Return all that is wrong with a file, in the order of its lines. Nothing of it is raised."""
    found = [] if name.lower().endswith(EXTENSIONS) else [_at_name(name)]
    head: dict[str, str] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if line.startswith("#"):
            found += _parameter(number, line, head)
        elif not line.strip():
            found.append(ReportFault(number, "line", "it is empty", "remove it, or begin it with '#'"))
        else:
            found += _observation(number, line, head, seen)
    lacking = [key for key in HEAD if key not in head and key != "OBSTYPE"]
    return [
        *found,
        *(ReportFault(1, key, "the parameter is missing", f"write '#{key}=' at the top") for key in lacking),
    ]


def _at_name(name: str) -> ReportFault:
    return ReportFault(0, "file", f"'{name}'", f"let its name end in {', '.join(EXTENSIONS)}")


def _parameter(number: int, line: str, head: dict[str, str]) -> Iterator[ReportFault]:
    key, sign, value = line[1:].partition("=")
    key, value = key.strip().upper(), value.strip()
    if not sign or key not in HEAD:
        return
    head[key] = value
    if key in WORDS and value.upper() not in WORDS[key]:
        yield ReportFault(number, key, f"'{value}'", f"write one of {', '.join(WORDS[key])}")
    elif key == "OBSCODE" and not is_observer_code(value):
        yield ReportFault(number, key, f"'{value}'", "write your code at the AAVSO: 'codes: {aavso: …}' of the person")
    elif key == "SOFTWARE" and not 0 < len(value) <= MOST_SOFTWARE:
        yield ReportFault(number, key, f"{len(value)} characters", f"write 1 to {MOST_SOFTWARE}")
    elif key == "DELIM" and delimiter(value) is None:
        yield ReportFault(
            number, key, f"'{value}'", "write 'comma', 'tab' or a sign that is none of '#', '|' and blank"
        )


def is_observer_code(said: str) -> bool:
    """Return whether the AAVSO may have given that code."""
    return re.fullmatch(r"(?!(?i:na)$)[A-Za-z0-9]{1,5}", said) is not None


def delimiter(said: str) -> str | None:
    """Return the sign that a DELIM means; None if it may be none."""
    words = {"comma": ",", "tab": "\t"}
    sign = words.get(said.lower(), chr(int(said)) if re.fullmatch(r"\d{2,3}", said) else said)
    is_sign = len(sign) == 1 and (sign == "\t" or " " < sign <= "~") and sign not in "#|"
    return sign if is_sign else None


def _observation(
    number: int, line: str, head: Mapping[str, str], seen: dict[tuple[str, str, str], int]
) -> Iterator[ReportFault]:
    fields = line.split(delimiter(head.get("DELIM", "comma")) or ",")
    if len(fields) != len(FIELDS):
        mend = f"write {len(FIELDS)}, 'na' for what is not known, and another DELIM than any sign in them"
        yield ReportFault(number, "line", f"it has {len(fields)} fields", mend)
        return
    row = dict(zip(FIELDS, fields, strict=True))
    for name, value in row.items():
        if value != value.strip() or not value:
            yield ReportFault(number, name, f"'{value}'", "remove the blanks; write 'na' for nothing")
        elif len(value) > LONGEST.get(name, len(value)):
            yield ReportFault(number, name, f"'{value}'", f"shorten it to {LONGEST[name]} characters")
        elif name in _RULES and (mend := _RULES[name](value, head)):
            yield ReportFault(number, name, f"'{value}'", mend)
    yield from _together(number, row)
    key = (row["NAME"].lower(), row["DATE"], row["FILT"].upper())
    if (before := seen.setdefault(key, number)) != number:
        yield ReportFault(number, "DATE", f"star, time and filter are those of line {before}", "remove one of the two")


def _together(number: int, row: Mapping[str, str]) -> Iterator[ReportFault]:
    """Yield what is wrong between the fields of an observation."""
    if row["MTYPE"].upper() == "DIF" and _is_nothing(row["CNAME"]):
        yield ReportFault(number, "CNAME", "'na' with MTYPE DIF", "name the comparison star")
    if row["CNAME"].upper() == "ENSEMBLE" and not _is_nothing(row["CMAG"]):
        yield ReportFault(number, "CMAG", f"'{row['CMAG']}' of an ensemble", "write 'na'")
    if _is_nothing(row["KNAME"]) != _is_nothing(row["KMAG"]):
        yield ReportFault(number, "KMAG", "a check star's name or magnitude alone", "write both, or 'na' for both")
    parts = dict(each.partition("=")[::2] for each in row["NOTES"].upper().split("|")[1:])
    for star, key in (("CMAG", "CREFMAG"), ("KMAG", "KREFMAG")):
        same = as_number(row[star]) is not None and as_number(row[star]) == as_number(parts.get(key, ""))
        if same and row["CNAME"].upper() != "ENSEMBLE":
            mend = f"write the instrumental magnitude here, and the catalogue's as {key} in NOTES alone"
            yield ReportFault(number, star, f"'{row[star]}' is the catalogue's", mend)


def _is_nothing(value: str) -> bool:
    return value.lower() == "na"


def as_number(value: str) -> float | None:
    """Return the number that a field is; None if it is none."""
    return float(value) if _NUMBER.match(value) else None


def _date(value: str, head: Mapping[str, str]) -> str:
    if head.get("DATE", "JD").upper() == "EXCEL":
        return ""
    number = as_number(value)
    is_one = number is not None and EARLIEST_JD <= number <= LATEST_JD
    return "" if is_one else "write the middle of the exposure as a Julian date, such as 2461373.41234"


def _magnitude(value: str, _head: Mapping[str, str]) -> str:
    number = as_number(value.removeprefix("<"))
    if number is None or "." not in value:
        return "write a number with a point, '12.3', or '<12.3' for fainter than that"
    return "" if BRIGHTEST <= number <= FAINTEST else f"a magnitude lies between {BRIGHTEST:g} and {FAINTEST:g}"


def _optional(value: str, _head: Mapping[str, str]) -> str:
    return "" if _is_nothing(value) or as_number(value) is not None else "write a number, or 'na'"


def _error(value: str, _head: Mapping[str, str]) -> str:
    number = as_number(value)
    is_one = number is not None and 0 <= number <= LARGEST_ERROR
    return "" if _is_nothing(value) or is_one else f"write 0 to {LARGEST_ERROR:g} mag, or 'na'"


def _words(*words: str) -> Callable[[str, Mapping[str, str]], str]:
    return lambda value, _head: "" if value.upper() in words else f"write one of {', '.join(words)}"


def _group(value: str, _head: Mapping[str, str]) -> str:
    return "" if _is_nothing(value) or value.isdigit() else "write a whole number, or 'na'"


def _named(value: str, _head: Mapping[str, str]) -> str:
    return "name the star" if _is_nothing(value) else ""


def _chart(value: str, _head: Mapping[str, str]) -> str:
    return "name the chart, such as X16382L, or of stars of your own 'K APASS DR10'" if _is_nothing(value) else ""


_RULES: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "NAME": _named,
    "DATE": _date,
    "MAG": _magnitude,
    "MERR": _error,
    "FILT": _words(*sorted(FILTERS)),
    "TRANS": _words("YES", "NO"),
    "MTYPE": _words("STD", "DIF", "ABS"),
    "CMAG": _optional,
    "KMAG": _optional,
    "AMASS": _optional,
    "GROUP": _group,
    "CHART": _chart,
}
"""What each field is asked: the cure is returned, '' of what is well."""
