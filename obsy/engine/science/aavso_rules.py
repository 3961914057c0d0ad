"""The rules of the AAVSO's file formats, asked of a file before anybody sends it; of the Extended one, 1.2, all."""

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


FieldRule = Callable[[str, Mapping[str, str]], str]
"""What a field is asked, with the parameters of the file: the cure is returned, '' of what is well."""


class AavsoForm(NamedTuple):
    """One of the AAVSO's formats."""

    fields: tuple[str, ...]
    longest: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]
    """What parameters may be."""
    rules: Mapping[str, FieldRule]
    together: Callable[[int, Mapping[str, str]], Iterator[ReportFault]]
    """What is asked of the fields of a line beside each other."""


def faults(text: str, name: str = "report.txt", form: AavsoForm | None = None) -> list[ReportFault]:
    """Return all that is wrong with a file, in the order of its lines. Nothing of it is raised.

    form: Extended, if none is said.
    """
    form = form or EXTENDED
    found = [] if name.lower().endswith(EXTENSIONS) else [_at_name(name)]
    head: dict[str, str] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if line.startswith("#"):
            found += _parameter(number, line, head, form)
        elif not line.strip():
            found.append(ReportFault(number, "line", "it is empty", "remove it, or begin it with '#'"))
        else:
            found += _observation(number, line, (form, head), seen)
    lacking = [key for key in HEAD if key not in head and key != "OBSTYPE"]
    return [
        *found,
        *(ReportFault(1, key, "the parameter is missing", f"write '#{key}=' at the top") for key in lacking),
    ]


def _at_name(name: str) -> ReportFault:
    return ReportFault(0, "file", f"'{name}'", f"let its name end in {', '.join(EXTENSIONS)}")


def _parameter(number: int, line: str, head: dict[str, str], form: AavsoForm) -> Iterator[ReportFault]:
    key, sign, value = line[1:].partition("=")
    key, value = key.strip().upper(), value.strip()
    if not sign or key not in HEAD:
        return
    head[key] = value
    if key in form.words and value.upper() not in form.words[key]:
        yield ReportFault(number, key, f"'{value}'", f"write one of {', '.join(form.words[key])}")
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
    number: int, line: str, about: tuple[AavsoForm, Mapping[str, str]], seen: dict[tuple[str, str, str], int]
) -> Iterator[ReportFault]:
    form, head = about
    fields = line.split(delimiter(head.get("DELIM", "comma")) or ",")
    if len(fields) != len(form.fields):
        mend = f"write {len(form.fields)}, 'na' for what is not known, and another DELIM than any sign in them"
        yield ReportFault(number, "line", f"it has {len(fields)} fields", mend)
        return
    row = dict(zip(form.fields, fields, strict=True))
    for name, value in row.items():
        if value != value.strip() or not value:
            yield ReportFault(number, name, f"'{value}'", "remove the blanks; write 'na' for nothing")
        elif len(value) > form.longest.get(name, len(value)):
            yield ReportFault(number, name, f"'{value}'", f"shorten it to {form.longest[name]} characters")
        elif name in form.rules and (mend := form.rules[name](value, head)):
            yield ReportFault(number, name, f"'{value}'", mend)
    yield from form.together(number, row)
    key = (row["NAME"].lower(), row["DATE"], row.get("FILT", "").upper())
    if (before := seen.setdefault(key, number)) != number:
        yield ReportFault(number, "DATE", f"star, time and filter are those of line {before}", "remove one of the two")


def _together(number: int, row: Mapping[str, str]) -> Iterator[ReportFault]:
    """Yield what is wrong between the fields of an observation."""
    if row["MTYPE"].upper() == "DIF" and is_nothing(row["CNAME"]):
        yield ReportFault(number, "CNAME", "'na' with MTYPE DIF", "name the comparison star")
    if row["CNAME"].upper() == "ENSEMBLE" and not is_nothing(row["CMAG"]):
        yield ReportFault(number, "CMAG", f"'{row['CMAG']}' of an ensemble", "write 'na'")
    if is_nothing(row["KNAME"]) != is_nothing(row["KMAG"]):
        yield ReportFault(number, "KMAG", "a check star's name or magnitude alone", "write both, or 'na' for both")
    parts = dict(each.partition("=")[::2] for each in row["NOTES"].upper().split("|")[1:])
    for star, key in (("CMAG", "CREFMAG"), ("KMAG", "KREFMAG")):
        same = as_number(row[star]) is not None and as_number(row[star]) == as_number(parts.get(key, ""))
        if same and row["CNAME"].upper() != "ENSEMBLE":
            mend = f"write the instrumental magnitude here, and the catalogue's as {key} in NOTES alone"
            yield ReportFault(number, star, f"'{row[star]}' is the catalogue's", mend)


def is_nothing(value: str) -> bool:
    """Return whether a field says that there is nothing."""
    return value.lower() == "na"


def as_number(value: str) -> float | None:
    """Return the number that a field is; None if it is none."""
    return float(value) if _NUMBER.match(value) else None


def date_rule(value: str, head: Mapping[str, str]) -> str:
    """Ask for a Julian date of our centuries."""
    if head.get("DATE", "JD").upper() == "EXCEL":
        return ""
    number = as_number(value)
    is_one = number is not None and EARLIEST_JD <= number <= LATEST_JD
    return "" if is_one else "write the middle of the exposure as a Julian date, such as 2461373.41234"


def magnitude_rule(value: str, _head: Mapping[str, str]) -> str:
    """Ask for a magnitude that a star may have, with its point."""
    number = as_number(value.removeprefix("<"))
    if number is None or "." not in value:
        return "write a number with a point, '12.3', or '<12.3' for fainter than that"
    return "" if BRIGHTEST <= number <= FAINTEST else f"a magnitude lies between {BRIGHTEST:g} and {FAINTEST:g}"


def _optional(value: str, _head: Mapping[str, str]) -> str:
    return "" if is_nothing(value) or as_number(value) is not None else "write a number, or 'na'"


def _error(value: str, _head: Mapping[str, str]) -> str:
    number = as_number(value)
    is_one = number is not None and 0 <= number <= LARGEST_ERROR
    return "" if is_nothing(value) or is_one else f"write 0 to {LARGEST_ERROR:g} mag, or 'na'"


def _words(*words: str) -> Callable[[str, Mapping[str, str]], str]:
    return lambda value, _head: "" if value.upper() in words else f"write one of {', '.join(words)}"


def _group(value: str, _head: Mapping[str, str]) -> str:
    return "" if is_nothing(value) or value.isdigit() else "write a whole number, or 'na'"


def name_rule(value: str, _head: Mapping[str, str]) -> str:
    """Ask for the star's name."""
    return "name the star" if is_nothing(value) else ""


def chart_rule(value: str, _head: Mapping[str, str]) -> str:
    """Ask for the chart's name."""
    return "name the chart, such as X16382L, or of stars of your own 'K APASS DR10'" if is_nothing(value) else ""


_RULES: dict[str, FieldRule] = {
    "NAME": name_rule,
    "DATE": date_rule,
    "MAG": magnitude_rule,
    "MERR": _error,
    "FILT": _words(*sorted(FILTERS)),
    "TRANS": _words("YES", "NO"),
    "MTYPE": _words("STD", "DIF", "ABS"),
    "CMAG": _optional,
    "KMAG": _optional,
    "AMASS": _optional,
    "GROUP": _group,
    "CHART": chart_rule,
}
EXTENDED = AavsoForm(FIELDS, LONGEST, WORDS, _RULES, _together)
