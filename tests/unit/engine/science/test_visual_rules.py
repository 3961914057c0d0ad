"""Every rule of the Visual format, broken once; its own example has no fault."""

import pytest

from obsy.engine.science.visual_rules import visual_faults

HEAD = "#TYPE=VISUAL\n#OBSCODE=TST01\n#SOFTWARE=WORD\n#DELIM=,\n#DATE=JD\n#OBSTYPE=Visual\n"
ROW = "SS CYG,2450702.1234,<11.1,na,110,113,070613,This is a test\n"
"""The example of the AAVSO's page."""


@pytest.mark.parametrize("codes", ["na", "B", "AZY".replace("A", "U"), "B Z Y"])
def test_its_own_example_has_no_fault_and_letters_may_be_joined(codes):
    assert visual_faults(HEAD + ROW.replace(",na,", f",{codes},")) == []


@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        ("#TYPE=VISUAL", "#TYPE=EXTENDED", "TYPE"),
        ("#OBSTYPE=Visual", "#OBSTYPE=CCD", "OBSTYPE"),
        ("#DATE=JD", "#DATE=HJD", "DATE"),
        ("TST01", "T ST01", "OBSCODE"),
        ("SS CYG", "na", "NAME"),
        ("2450702.1234", "50702.1", "DATE"),
        ("<11.1", "<11", "MAGNITUDE"),
        (",na,", ",QX,", "COMMENTCODE"),
        ("110", "na", "COMP1"),
        ("113", "110", "COMP2"),
        ("070613", "na", "CHART"),
        ("This is a test", "n" * 101, "NOTES"),
        (",This is a test", "", "line"),
    ],
)
def test_each_rule_that_is_broken_is_told(was, now, field):
    text = HEAD + ROW
    assert was in text
    (fault,) = visual_faults(text.replace(was, now))
    assert fault.field == field and fault.mend
