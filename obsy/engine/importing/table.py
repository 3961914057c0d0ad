"""Tables of targets: CSV, TSV and ECSV with any sensible columns, as Telescopius and people write them."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from obsy.engine.declare.names import lookup
from obsy.engine.importing.format import LINES, reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import cure, declination, in_parts, place, right_ascension, scale
from obsy.engine.importing.plain_text import digits, number, words
from obsy.engine.importing.wish import Leftover, Wish, angle, frames
from obsy.units import DEGREES_PER_HOUR as HOURS

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": (
        "name", "target", "object", "target name", "object name", "star name", "catalogue entry", "id", "pane",
        "designation", "familiar name", "star", "source id", "planet", "pl name",
    ),
    "ra": (
        "ra j2000", "r a j2000", "right ascension j2000", "raj2000", "ra", "r a", "right ascension", "ra icrs",
        "ra 2000",
    ),
    "dec": (
        "dec j2000", "decl j2000", "declination j2000", "dej2000", "dec", "decl", "declination", "dec icrs",
        "dec 2000", "de",
    ),
    "filter": ("filter", "filters", "band", "filter name"),
    "exposure": ("exposure", "exposure time", "exptime", "exposure s", "exposure seconds", "exp", "sub length"),
    "count": ("count", "frames", "number", "subs", "exposures", "n"),
    "priority": ("priority",),
    "angle": ("position angle east", "position angle", "pa", "rotation"),
    "notes": ("notes", "comment", "comments", "remarks"),
    "equinox": ("equinox", "epoch"),
}  # fmt: skip
"""The names under which a column is known, the likeliest first, as `_column_name` has them."""
MOST_ROWS = 5000
_UNITS = dict.fromkeys(("hours", "hour", "h", "hr", "hms"), HOURS) | dict.fromkeys(("deg", "degrees", "d"), 1.0)
_MEASURED = {"ra": "deg", "dec": "deg", "angle": "deg", "exposure": "s"}
"""What is read of columns that may declare another unit."""
NEAR_DEG = 1.0
"""A place this near to what bears its name tells the unit of its column."""
_HEAD = r"(?i)\A(#.*\n|[ \t\r]*\n)*(.*\n){0,3}?.*\b(name|target|object|id|ra|star)\b"
"""A line of names of columns, after comments and at most three others."""


@dataclass(frozen=True, slots=True)
class ColumnedRows:
    """A table's columns by their names, and its rows with the line of each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    units: Mapping[str, str]
    """Of the columns that declare one (ECSV)."""


def table(source: GivenFile) -> ColumnedRows:
    """Return a table: the delimiter is the sign that parts its first line, '#' begins a comment."""
    lines = source.text.splitlines()
    units = dict(re.findall(r"name: ([^,{}]+), unit: ([^,{}]+)", "\n".join(each for each in lines if each[:1] == "#")))
    kept = [(number, each) for number, each in enumerate(lines, 1) if each.strip() and not each.startswith("#")]
    if not kept:
        return ColumnedRows((), (), {})
    first = max(range(min(3, len(kept))), key=lambda each: _known(kept[each][1]))
    delimiter = _delimiter(kept[first][1])
    split = [_cells(line, delimiter) for _, line in kept[first:]]
    header = tuple(words(cell) for cell in split[0])
    rows = tuple(
        (number, dict(zip(header, cells, strict=False)))
        for (number, _), cells in zip(kept[first + 1 :][:MOST_ROWS], split[1:], strict=False)
    )
    return ColumnedRows(header, rows, units)


@reads("table", _HEAD, LINES)
def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a table; rows of one target are its goals."""
    read = table(source)
    of = {what: column for what in COLUMNS if (column := _column(read, what)) is not None}
    scales = {what: _factor(read.units[of[what]], to) for what, to in _MEASURED.items() if of.get(what) in read.units}
    if refused := _refused(read, of, scales):
        yield refused
        return
    if unused := [each for each in read.columns if each and (each not in of.values() or _column_name(each) == "epoch")]:
        yield Leftover(1, f"not carried over: {', '.join(unused)}")
    if len(read.rows) == MOST_ROWS:
        yield Leftover(read.rows[-1][0], f"only the first {MOST_ROWS} rows are read", "split the table")
    unit, said = _unit(read, of)
    if said:
        yield said
    found: dict[str, Wish] = {}
    for line, row in read.rows:
        cells = {what: words(row.get(column) or "") for what, column in of.items()}
        one = _row(line, {what: _scaled(cell, scales.get(what), what) for what, cell in cells.items()}, unit)
        if isinstance(one, Leftover):
            yield one
        elif (same := found.get(one.name)) and same.target == one.target and one.want and one.want != same.want:
            found[one.name] = replace(same, want=(*same.want, *one.want))
        else:
            found[one.name if same is None else f"{one.name} {line}"] = one
    yield from found.values()


telescopius = reads("Telescopius list", r"(?im)^\"?(catalogue entry\"?,|pane, ?ra, ?dec)", LINES)(targets.read)


def _refused(read: ColumnedRows, of: Mapping[str, str], scales: Mapping[str, float | None]) -> Leftover | None:
    """Return why no row of a table can be read, if so."""
    if "name" not in of and not {"ra", "dec"} <= set(of):
        mend = "name the columns, such as 'name', 'ra', 'dec', 'filter', 'exposure' and 'count'"
        return Leftover(1, f"a table without targets; its columns are {', '.join(read.columns[:12])}", mend)
    unknown = [f"'{of[what]}' is in {words(read.units[of[what]])}" for what, factor in scales.items() if not factor]
    mend = "declare angles in deg and times in s"
    return Leftover(1, f"a table of which {', '.join(unknown)}, which is not understood", mend) if unknown else None


def _factor(unit: str, to: str) -> float | None:
    return _UNITS.get(unit.lower()) if to == "deg" and unit.lower() in _UNITS else scale(unit, to)


def _scaled(cell: str, factor: float | None, what: str) -> str:
    """Return a plain number in what is read of its column; of right ascension, `_unit` tells."""
    value = number(_dotted(cell)) if factor is not None and what != "ra" else None
    return cell if value is None or factor is None else digits(value * factor)


def _row(line: int, said: Mapping[str, str], unit: float | None) -> Wish | Leftover:
    ra, dec = said.get("ra", ""), said.get("dec", "")
    name = words(said.get("name", "")) or f"{ra} {dec}".strip()
    if said.get("equinox") and not re.search(r"2000|ICRS|\d{5}", said["equinox"], re.IGNORECASE):
        return Leftover(line, f"'{name}': a place of equinox {said['equinox']}", "export it for J2000")
    here = None
    if ra or dec:
        if unit is None and in_parts(_dotted(ra)) is None:
            found = f"'{name}': nobody can tell whether RA {ra} is hours or degrees"
            return Leftover(line, found, "call its column 'ra (deg)' or 'ra (h)'")
        here = place(right_ascension(_dotted(ra), unit or 1.0), declination(_dotted(dec)))
        if not here:
            mend = cure(_dotted(ra), _dotted(dec), unit or 1.0)
            return Leftover(line, f"'{name}': '{ra}' and '{dec}' are no place", mend)
    if not name:
        return Leftover(line, "a row without a name", "give it one")
    lost: list[str] = []
    goals, more = _goals(said, lost), _more(said, lost)
    return Wish(name, line, here, goals, {}, more, lost=tuple(lost))


def _goals(said: Mapping[str, str], lost: list[str]) -> tuple[Mapping[str, Any], ...]:
    """Return the goals of a row, and note what was guessed of them."""
    exposure, count = (number(_dotted(said.get(key, "").removesuffix("s"))) for key in ("exposure", "count"))
    filters = [name for name in re.split(r"\s*[,;/+]\s*", said.get("filter", "")) if name]
    if exposure is None:
        rest = (said[key] for key in ("exposure", "filter") if said.get(key))
        lost += [f"'{each}', for want of an exposure in seconds" for each in rest]
        return ()
    if count is None:
        said_count = f"'{said['count']}', for want of a number" if said.get("count") else "how many frames"
        lost.append(f"{said_count}: ten are a guess")
    lost += ["the filter: the first one here is a guess"] if not filters else []
    return tuple(
        filter(None, (frames(name, exposure, 10 if count is None else count, lost) for name in filters or [""]))
    )


def _more(said: Mapping[str, str], lost: list[str]) -> dict[str, Any]:
    turned, priority = number(_dotted(said.get("angle", "").rstrip("°º "))), number(said.get("priority", ""))
    more: dict[str, Any] = {"notes": words(said.get("notes", "")), **angle(turned)}
    if priority is not None and priority in range(1, 11):
        more["priority"] = int(priority)
    elif said.get("priority"):
        lost.append(f"the priority '{said['priority']}': write one from 1 to 10")
    return more


def _unit(read: ColumnedRows, of: Mapping[str, str]) -> tuple[float | None, Leftover | None]:
    """Return the degrees of one of RA's plain numbers, and how that was told; None if nobody can tell."""
    column = of.get("ra", "")
    written = [(row, _dotted(row.get(column) or "")) for _, row in read.rows if column]
    bare = [(row, value) for row, said in written if in_parts(said) is None and (value := number(said)) is not None]
    if not bare:
        return None, Leftover(1, f"'{column}' is read in hours, or as its marks say") if written else None
    declared, head = read.units.get(column, ""), re.sub(r"[^a-z]+", " ", column.lower()).split()
    unit = _factor(declared, "deg") or next((_UNITS[word] for word in head if word in _UNITS), None)
    if unit is not None:
        called = {HOURS: "hours", 1.0: "degrees"}.get(unit, declared)
        return unit, Leftover(1, f"'{column}' is in {called}, as its head says")
    if max(value for _, value in bare) >= 24:  # noqa: PLR2004 - hours of a day
        return 1.0, Leftover(1, f"'{column}' is read as degrees, because one of its numbers is not below 24")
    named = ((lookup(row.get(of.get("name", ""), "") or ""), value) for row, value in bare)
    for known, value in ((known, value) for known, value in named if known is not None):
        for name, degrees in (("hours", HOURS), ("degrees", 1.0)):
            if abs(value * degrees - known.ra_deg) < NEAR_DEG:
                return degrees, Leftover(1, f"'{column}' is read as {name}, because {known.name} stands there")
    return None, None


def _column(read: ColumnedRows, what: str) -> str | None:
    """Return the likeliest column for something."""
    by_name = {_column_name(column): column for column in reversed(read.columns)}
    return next((by_name[name] for name in COLUMNS[what] if name in by_name), None)


def _column_name(column: str) -> str:
    """Return a column's name in small letters, without unit, brackets and underscores."""
    text = re.sub(r"[^a-z0-9]+", " ", column.lower()).strip()
    return re.sub(r" (deg|degrees|h|hours|hr|hms|dms|s|sec|d)$", "", text)


def _known(line: str) -> int:
    """Return how many of a line's cells are names of columns."""
    cells = {_column_name(cell) for cell in _cells(line, _delimiter(line))}
    return sum(bool(cells & set(names)) for names in COLUMNS.values())


def _delimiter(line: str) -> str:
    return max("\t;,|", key=line.count) if re.search(r"[\t;,|]", line) else " "


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line.strip(" ")], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


def _dotted(text: str) -> str:
    """Return a number with a decimal comma with a dot."""
    return re.sub(r"(\d),(\d+)(?=\D*$)", r"\1.\2", text)
