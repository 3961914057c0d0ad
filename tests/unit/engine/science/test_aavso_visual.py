"""A file of estimates says what was written down, and its rules are asked before anybody sends it."""

import pytest

from obsy.engine.science.aavso_visual import aavso_visual
from obsy.engine.science.estimates import EyeEstimate
from obsy.errors import UserError

ONE = EyeEstimate("SS Cyg", 2461373.34375, "11.3", "110", "X1ZZ", comp2="113")
LIMIT = EyeEstimate("R Leo", 2461373.479, "<10", "102", "X2ZZ", code="UZ", notes="haze, and the Moon")


def read(text):
    """Read it as the specification says, without our own code."""
    lines = text.splitlines()
    head = dict(each[1:].split("=", 1) for each in lines if each.startswith("#") and "=" in each)
    return head, [each.split(head["DELIM"]) for each in lines if not each.startswith("#")]


def test_it_says_what_was_written_down():
    head, rows = read(aavso_visual([ONE, LIMIT], "RANA", "obsy 1"))
    assert (head["TYPE"], head["OBSCODE"], head["DATE"], head["OBSTYPE"]) == ("VISUAL", "RANA", "JD", "Visual")
    assert rows == [
        ["SS Cyg", "2461373.3438", "11.3", "na", "110", "113", "X1ZZ", "na"],
        ["R Leo", "2461373.4790", "<10.0", "UZ", "102", "na", "X2ZZ", "haze, and the Moon"],
    ]
    assert head["DELIM"] == ";"  # a note holds a comma


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"notes": "n" * 101}, "line 8: NOTES: .*shorten it to 100 characters"),
        ({"code": "QX"}, "line 8: COMMENTCODE: 'QX': write letters of BDIKLSUVWYZ"),
        ({"comp2": "110"}, "line 8: COMP2: '110' is COMP1 as well"),
        ({"magnitude": "31.0"}, "line 8: MAGNITUDE"),
        ({"star": "S" * 31}, "line 8: NAME"),
    ],
)
def test_what_the_aavso_would_refuse_is_told_with_its_line(more, said):
    given = {name: getattr(ONE, name) for name in EyeEstimate.__slots__} | more
    with pytest.raises(UserError, match=f"the AAVSO would refuse the report: {said}"):
        aavso_visual([EyeEstimate(**given)], "RANA", "obsy 1")


def test_two_estimates_of_one_star_at_one_time_are_told():
    with pytest.raises(UserError, match="line 9: DATE: .*those of line 8"):
        aavso_visual([ONE, ONE], "RANA", "obsy 1")


def test_notes_that_hold_every_delimiter_are_told():
    given = {name: getattr(ONE, name) for name in EyeEstimate.__slots__} | {"notes": "a,b;c!d~e"}
    with pytest.raises(UserError, match="hold each of , ; ! ~"):
        aavso_visual([EyeEstimate(**given)], "RANA", "obsy 1")
