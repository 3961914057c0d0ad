"""Every rule of the BAA's format, broken once: the fault names its line and field, and what to write."""

import pytest

from obsy.engine.science.baa_rules import baa_faults

GOOD = """File Format\tCCD/DSLR v2.01
Observation Method\tCCD
Variable\tV1 Exa
Chart ID\tX1ZZ
Observer code\tPXR
Location\t38.17 -2.33 H1650
Telescope\t200 mm f/4.0
Camera\tASI
Magnitude type\tPreCalculated
Photometry software\tobsy

JulianDate\tFilter\tVarAbsMag\tVarAbsErr\tExpLen\tCmpStar
2461000.400000\tV\t11.904\t0.009\t20\tEnsemble
2461000.400700\tV\t11.905\t0.009\t20\tEnsemble
"""


def test_a_good_file_has_no_fault():
    assert baa_faults(GOOD) == []


@pytest.mark.parametrize(
    ("was", "now", "line", "field"),
    [
        ("v2.01", "v1.0", 1, "File Format"),
        ("Variable\tV1 Exa\n", "", 3, "Variable"),
        ("X1ZZ", "X" * 51, 4, "Chart ID"),
        ("PXR", "P XR", 5, "Observer code"),
        ("ExpLen", "Exposure", 12, "columns"),
        ("2461000.400000", "61000.4", 13, "JulianDate"),
        ("2461000.400700", "2461000.400000", 14, "JulianDate"),
        ("\tV\t11.904", "\tQ\t11.904", 13, "Filter"),
        ("11.904", "<11.904", 13, "VarAbsMag"),
        ("11.904", "31.904", 13, "VarAbsMag"),
        ("0.009\t20\tEnsemble\n2", "nan\t20\tEnsemble\n2", 13, "VarAbsErr"),
        ("\t20\tEnsemble\n2", "\t0\tEnsemble\n2", 13, "ExpLen"),
        ("\tEnsemble\n2", "\t \n2", 13, "CmpStar"),
        ("\tEnsemble\n2", "\n2", 13, "line"),
    ],
)
def test_each_rule_that_is_broken_is_told_with_its_place(was, now, line, field):
    assert was in GOOD
    (fault,) = baa_faults(GOOD.replace(was, now, 1))
    assert (fault.line, fault.field) == (line, field) and fault.mend


def test_no_observation_and_a_name_without_its_ending_are_told():
    faults = baa_faults(GOOD[: GOOD.index("2461")], "report.doc")
    assert [each.field for each in faults] == ["file", "line"]
