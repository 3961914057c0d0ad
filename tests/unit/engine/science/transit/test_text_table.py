"""Of tables in files: whatever stands between their columns, and what is told of those that are none."""

import io

import numpy as np
import pytest
from astropy.table import Table
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as some

from obsy.engine.science.transit.text_table import text_table
from obsy.errors import UserError


@pytest.fixture
def read(tmp_path):
    """Reads what is written into a file."""

    def made(content):
        path = tmp_path / "curve.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return text_table(path)

    return made


NUMBERS = some.lists(some.tuples(*3 * [some.floats(allow_nan=False, allow_infinity=False)]), min_size=1, max_size=5)
LAYOUTS = some.fixed_dictionaries(
    {
        "between": some.sampled_from(["\t", ",", ";", " ", "  "]),
        "sign": some.sampled_from(["", "# ", "#"]),
        "above": some.sampled_from(["", "# made by hand\n#KEY=a, b\n", "\n\n"]),
        "end": some.sampled_from(["\n", "\r\n"]),
        "mark": some.sampled_from(["", "\ufeff"]),
    }
)


@given(NUMBERS, LAYOUTS)
def test_numbers_are_read_as_they_were_written(tmp_path_factory, rows, layout):
    names, above, between = ("Time", "light", "error"), layout["above"], layout["between"]
    lines = [layout["sign"] + between.join(names), *(between.join(map(repr, row)) for row in rows)]
    path = tmp_path_factory.getbasetemp() / "law.txt"
    path.write_bytes((layout["mark"] + above + "\n".join(lines)).replace("\n", layout["end"]).encode())
    table = text_table(path)
    assert table.names == names and table.head == ({"KEY": "a, b"} if "KEY" in above else {})
    for n, name in enumerate(names):
        np.testing.assert_array_equal(table.column(["none", name.lower()]), [row[n] for row in rows])


def test_a_table_that_begins_with_a_number_and_a_name_of_a_file_is_read(read):
    table = read(" \tLabel\tBJD_TDB\trel_flux_T1\n1\ta frame.fits\t2458107.5\t1.0\n2\tb.fits\t2458107.6\t0.9\n")
    assert table.column(["rel_flux_t1"]).tolist() == [1.0, 0.9]
    table = read('file,bjd_tdb,flux\n"night 1, a.fits",2458107.5,1.0\nb.fits,2458107.6,0.9\n')
    assert table.column(["bjd_tdb"]).tolist() == [2458107.5, 2458107.6]


@pytest.mark.parametrize(
    "content",
    [
        "#DELIM=comma\nt,a;b,f\n1,2,3\n",
        "#DELIM=,\nt,a;b,f\n1,2,3\n",
        "#DELIM=|\nt|a,b|f\n1|2|3\n",
        "#DELIM=more or less\nt,b,f\n1,2,3\n",
        "t,b,f\n\n1,2,3,,\n",
        "Run 3\nt,b,f\n1,2,3\n",
        "t,f,b\na.fits,3,2\n",
    ],
)
def test_names_and_numbers_are_told_apart_by_what_stands_between_them(read, content):
    assert read(content).column(["f"]).tolist() == [3]


def test_cells_without_a_number_and_lines_that_are_comments_are_no_fault(read):
    table = read("t,f\n1,2\n# a pause\n\n3,na\n4,\n5, -- \n6,NaN\n")
    np.testing.assert_array_equal(table.column(["f"]), [2, *4 * [np.nan]])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("t,f\n1,2\n\n3,bright\n", r"curve.txt:4: 'bright' in its column 'f' is no number$"),
        ("t;F\n1;2,0\n3,5;4\n", r"curve.txt:2: '2,0' in its column 'F' is no number: write 2\.0"),
        ("t,f\n1,0x10\n2,3\n4,5", r"curve.txt:2: '0x10' in its column 'f' is no number"),
    ],
)
def test_what_is_no_number_is_told_by_its_line_and_column(read, content, said):
    with pytest.raises(UserError, match=said):
        read(content).column(["f"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xff\xfet\x00,\x00", "is no text: byte 0 is no UTF-8; save it as UTF-8"),
        (b"SIMPLE  =                    T", "is a FITS file: name the folder that its frames lie in"),
        (b"kind: plan\n", "has no row of numbers below a line of names"),
        (b"bjd_tdb,flux\n", "has no row of numbers below a line of names"),
        (b"2458107.5 1.0\n2458107.6 1.0\n", "begins with numbers: .* as 'bjd_tdb flux error' of dates in BJD_TDB"),
        (b"2458107.5,1.0\n2458107.6,1.0\n", "begins with numbers: .* as 'bjd_tdb,flux,error' of dates"),
        (b"bjd_tdb,flux\n1,2,3\n", "curve.txt:2: 3 columns, where the line of names has 2"),
        (b"bjd_tdb,flux\n1,2\n\n3\n", "curve.txt:4: 1 columns, where the line of names has 2"),
        (b"# %ECSV 1.0\n# nonsense", "is no ECSV table"),
        (b"t,f\n1,2" + b"3" * 140_000, "is no table: field larger than field limit"),
    ],
)
def test_what_is_no_table_is_told_so(read, content, said):
    with pytest.raises(UserError, match=said):
        read(content)


def test_a_file_that_may_not_be_read_is_told_so(tmp_path):
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        text_table(tmp_path)


def test_an_ecsv_table_has_its_meta_as_head_and_its_gaps_as_nan(read):
    text = io.StringIO()
    table = Table({"t": [1.0, 2.0], "f": np.ma.array([3, 4], mask=[True, False])}, meta={"exposure_s": 30.0})
    table.write(text, format="ascii.ecsv")
    found = read(text.getvalue())
    assert found.head == {"exposure_s": 30.0}
    np.testing.assert_array_equal(found.column(["f"]), [np.nan, 4])


@pytest.mark.parametrize("column", [["a", "b"], np.ones((2, 2)), Time([2458107.5, 2458107.6], format="jd")])
def test_an_ecsv_column_that_holds_no_plain_numbers_is_told_so(read, column):
    text = io.StringIO()
    Table({"t": [1.0, 2.0], "f": column}).write(text, format="ascii.ecsv")
    with pytest.raises(UserError, match="its column 'f' holds no plain numbers"):
        read(text.getvalue()).column(["f"])
