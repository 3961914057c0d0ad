"""Tables as people write them: how right ascension is told apart, and what is guessed."""

from pathlib import Path

import pytest

from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.table import targets
from obsy.engine.importing.wish import Leftover, Wish

ORION = {"ra": "05h35m17.30s", "dec": "-05d23m28.0s"}


def read(text: str) -> tuple[list[Wish], list[Leftover]]:
    found = list(targets.read(GivenFile(Path("list.csv"), text)))
    return [each for each in found if isinstance(each, Wish)], [each for each in found if isinstance(each, Leftover)]


@pytest.mark.parametrize(
    ("head", "row", "why"),
    [
        ("name,RA (hours),Dec", "spot,5.5881389,-5.3911111", "is in hours, as its head says"),
        ("name,ra_deg,dec_deg", "spot,83.8220833,-5.3911111", "is in degrees, as its head says"),
        ("name\tra\tdec", "spot\t83.8220833\t-5.3911111", "one of its numbers is not below 24"),
        ("name;ra;dec", "M 42;5,5881389;-5,3911111", "is read as hours, because M 42 stands there"),
        ("Pl. Name|R.A. (J2000)|Decl.", "spot|05:35:17.3|-05:23:28", "is read in hours, or as its marks say"),
        ("name|ra|dec", "spot|05:35:17.3|-05:23:28", "is read in hours, or as its marks say"),
        ("name;ra;dec", "spot;05 35 17,3;-05 23 28,0", "is read in hours, or as its marks say"),
        ("name ra dec", 'spot 5h35m17.3s "-05 23 28"', "is read in hours, or as its marks say"),
    ],
)
def test_right_ascension_is_told_apart_and_it_is_said_how(head: str, row: str, why: str) -> None:
    (wish,), left = read(f"{head}\n{row}\n")
    assert wish.target == ORION
    assert [why in each.found for each in left] == [True]


def test_an_ecsv_says_its_units_itself() -> None:
    head = (
        "# %ECSV 1.0\n# ---\n# - {name: name, datatype: string}\n# - {name: ra, unit: hourangle, datatype: float64}\n"
    )
    (wish,), _ = read(head.replace("hourangle", "h") + 'name ra dec\n"a spot" 5.5881389 -5.3911111\n')
    assert (wish.name, wish.target) == ("a spot", ORION)


@pytest.mark.parametrize(
    ("column", "unit", "value", "read_as"),
    [
        ("exposure", "min", "5.0", "300 s"),
        ("exposure", "ms", "60000", "60 s"),
        ("exposure", "us", "2e6", "2 s"),
        ("exposure", "s", "5", "5 s"),
        ("ra", "hourangle", "5.5881389", "05h35m17.30s"),
        ("ra", "rad", "1.46297135", "05h35m17.30s"),
        ("dec", "rad", "-0.0940926", "-05d23m28.0s"),
        ("dec", "arcsec", "-19408", "-05d23m28.0s"),
        ("pa", "rad", "0.5", "28.647889757 deg"),
        ("exposure", "adu", "5", None),
        ("dec", "s", "5", None),
        ("ra", "parsecs", "5", None),
    ],
)
def test_what_astropy_declares_of_a_column_is_how_it_is_read(
    column: str, unit: str, value: str, read_as: str | None
) -> None:
    cells = {"name": "spot", "ra": "83.8220833", "dec": "-5.3911111", "exposure": "60", "pa": "0"} | {column: value}
    units = {"ra": "deg", "dec": "deg"} | {column: unit}
    head = "".join(f"# - {{name: {name}, unit: {said}, datatype: float64}}\n" for name, said in units.items())
    wishes, left = read(f"# %ECSV 1.0\n{head}{' '.join(cells)}\n{' '.join(cells.values())}\n")
    said = [{**one.target, "pa": one.more.get("angle"), "exposure": one.want[0]["exposure"]}[column] for one in wishes]
    assert said == ([read_as] if read_as else [])
    assert read_as or f"'{column}' is in {unit}" in left[-1].found


@pytest.mark.parametrize(
    ("row", "lost"),
    [
        ("M42,L,60,", "how many frames: ten are a guess"),
        ("M42,,60,5", "the filter: the first one here is a guess"),
        ("M42,L,short,5", "'short', for want of an exposure in seconds"),
    ],
)
def test_what_is_guessed_or_cannot_be_read_is_said(row: str, lost: str) -> None:
    (wish,), _ = read(f"name,filter,exposure,count\n{row}\n")
    assert lost in wish.lost


@pytest.mark.parametrize(("column", "year"), [("equinox", "B1950"), ("epoch", "1950")])
def test_a_place_of_another_equinox_is_refused_with_its_line(column: str, year: str) -> None:
    wishes, left = read(f"name,ra,dec,{column}\nM42,05:35:17,-05:23:28,J2000.0\nold,05:32:49,-05:25:16,{year}\n")
    assert [each.name for each in wishes] == ["M42"]
    assert [(each.line, each.mend) for each in left if each.mend] == [(3, "export it for J2000")]


def test_rows_beyond_the_most_are_not_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.importing.table.MOST_ROWS", 2)
    wishes, left = read("name\nM1\nM2\nM3\n")
    assert len(wishes) == 2 and "only the first 2 rows are read" in left[-1].found
