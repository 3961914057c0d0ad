"""Every rule of the format, broken once: the fault names its line and field, and what to write."""

import pytest

from obsy.engine.science.aavso_rules import FIELDS, delimiter, faults

HEAD = "#TYPE=EXTENDED\n#OBSCODE=RANA\n#SOFTWARE=obsy\n#DELIM=comma\n#DATE=JD\n#OBSTYPE=CCD\n"
ROW = "V1 Exa,2461000.40000,12.345,0.012,CV,NO,STD,ENSEMBLE,na,000-AAA-001,11.502,1.234,na,X1ZZ,well|KREFMAG=11.5"


def with_field(name, value):
    fields = ROW.split(",")
    fields[FIELDS.index(name)] = value
    return HEAD + ",".join(fields) + "\n"


def test_a_good_file_has_no_faults():
    assert faults(HEAD + ROW + "\n") == []
    assert faults((HEAD + ROW + "\n").lower()) == []  # the format knows no capitals
    assert faults(HEAD.replace("#OBSTYPE=CCD\n", "") + ROW) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NAME", "na"),
        ("NAME", "V" * 31),
        ("NAME", " V1 Exa"),
        ("DATE", "61000.4"),
        ("DATE", "2026-11-28"),
        ("MAG", "12"),
        ("MAG", "26.1"),
        ("MAG", ">12.3"),
        ("MAG", "123456.789"),
        ("MERR", "1.2"),
        ("MERR", "-0.01"),
        ("MERR", ""),
        ("FILT", "L"),
        ("FILT", "O"),
        ("TRANS", "na"),
        ("MTYPE", "na"),
        ("CMAG", "11.5"),
        ("CNAME", "0" * 21),
        ("KMAG", "na"),
        ("KMAG", "bright"),
        ("AMASS", "low"),
        ("GROUP", "1.5"),
        ("GROUP", "123456"),
        ("CHART", "na"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named_with_its_line(name, value):
    found = faults(with_field(name, value))
    assert {each.field for each in found} == {name} and {each.line for each in found} == {7}
    assert all(each.mend for each in found)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("#TYPE=VISUAL", "TYPE"),
        ("#OBSCODE=na", "OBSCODE"),
        ("#SOFTWARE=" + "s" * 256, "SOFTWARE"),
        ("#DELIM=|", "DELIM"),
        ("#DATE=BJD", "DATE"),
        ("#OBSTYPE=Visual", "OBSTYPE"),
    ],
)
def test_a_parameter_that_breaks_a_rule_is_named(line, field):
    lines = [line if each.startswith(f"#{field}=") else each for each in HEAD.splitlines()]
    assert field in {each.field for each in faults("\n".join(lines) + "\n" + ROW)}


@pytest.mark.parametrize("key", ["TYPE", "OBSCODE", "SOFTWARE", "DELIM", "DATE"])
def test_a_missing_parameter_is_named(key):
    text = "".join(each for each in HEAD.splitlines(keepends=True) if not each.startswith(f"#{key}=")) + ROW
    assert [(each.field, each.found) for each in faults(text)] == [(key, "the parameter is missing")]


def test_a_line_of_too_many_fields_tells_of_the_delimiter():
    (found,) = faults(with_field("CHART", "K, own"))
    assert found.found == "it has 16 fields" and "another DELIM" in found.mend


def test_an_empty_line_and_a_point_that_stands_twice_are_told():
    told = [str(each) for each in faults(f"{HEAD}{ROW}\n\n{ROW}\n")]
    assert told[0].startswith("line 8: line: it is empty") and "those of line 7" in told[1]


def test_a_difference_needs_its_star():
    row = ROW.replace("STD,ENSEMBLE", "DIF,na")
    assert [each.field for each in faults(HEAD + row)] == ["CNAME"]


def test_the_catalogues_magnitude_in_cmag_is_told():
    row = ROW.replace("ENSEMBLE,na", "000-AAA-002,11.396").replace("11.502", "-7.1") + "|CREFMAG=11.396"
    assert [each.field for each in faults(HEAD + row)] == ["CMAG"]


def test_a_name_without_a_known_ending_is_told():
    assert [each.field for each in faults(HEAD + ROW, "night.dat")] == ["file"]


def test_delimiters_are_signs_words_or_numbers():
    assert [delimiter(each) for each in ("comma", "TAB", "59", ";", "32", "#", "|", "||", " ")] == [
        ",", "\t", ";", ";", None, None, None, None, None
    ]  # fmt: skip
