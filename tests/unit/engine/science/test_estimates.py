"""Estimates are read as a person wrote them, and every line that is wrong is told at once."""

import pytest

from obsy.engine.science.estimates import estimates
from obsy.errors import UserError

HEAD = "star,time,magnitude,comp1,comp2,chart,code,notes\n"
GOOD = "SS Cyg,2026-11-28T20:15Z,11.3,110,113,X1ZZ,,\n"


@pytest.fixture
def written(tmp_path):
    def made(text):
        path = tmp_path / "november.csv"
        path.write_text(text)
        return path

    return made


def test_they_come_in_order_of_time_whatever_clock_they_were_written_by(written):
    later = "R Leo,2026-11-29T00:30+01:00,<10.2,102,,X2ZZ,U,through haze\n"
    found = estimates(written(HEAD + "# a remark\n" + later + "\n" + GOOD + "SS Cyg,2461373.0,11,110,,X1ZZ,,\n"))
    assert [each.star for each in found] == ["SS Cyg", "SS Cyg", "R Leo"]
    assert found[1].jd == pytest.approx(2461373.34375, abs=1e-6)
    assert found[2].jd == pytest.approx(2461373.4791667, abs=1e-6)
    assert (found[2].magnitude, found[2].comp2, found[2].code, found[2].notes) == ("<10.2", "", "U", "through haze")


def test_columns_that_are_not_needed_may_be_missing(written):
    (one,) = estimates(written("star, time, magnitude, comp1, chart\nSS Cyg, 2461373.4, 11.3, 110, X1ZZ\n"))
    assert (one.star, one.chart, one.comp2, one.notes) == ("SS Cyg", "X1ZZ", "", "")


def test_every_line_that_is_wrong_is_told_at_once(written):
    text = HEAD + GOOD.replace("Z,", ",", 1) + GOOD.replace("11.3", "faint") + GOOD.replace("X1ZZ", "")
    with pytest.raises(UserError) as told:
        estimates(written(text))
    said = str(told.value)
    assert "line 2: time: '2026-11-28T20:15': write it in UTC" in said
    assert "line 3: magnitude: 'faint'" in said and "line 4: chart: it is empty" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column star"),
        ("star,time,magnitude\n", "has no column comp1, chart: its first line names them"),
        (HEAD.replace("notes", "weather"), "has a column weather: known are star, time"),
        (HEAD, "holds no estimate"),
        (HEAD + GOOD.replace("2026-11-28T20:15Z", "61373.4"), "or as a Julian date"),
        (HEAD + GOOD.replace("2026-11-28T20:15Z", "9999-12-31T23:59-12:00"), "or as a Julian date"),
        (HEAD + "x" * 131_073, "line 2: a field is too long"),
        (HEAD.replace("notes", "star"), "has the column star twice"),
    ],
)
def test_a_file_that_is_none_is_told(written, text, said):
    with pytest.raises(UserError, match=said):
        estimates(written(text))
