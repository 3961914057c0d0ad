"""A file for the AAVSO says what was measured, in the fields that it belongs into, and keeps every rule."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.aavso_rules import faults
from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.terms import Terms
from obsy.errors import UserError
from obsy.schemas.transformation import CoefficientValue
from tests.unit.engine.science.star_fields import TARGET, StarField

SCHEMA = "STARID DATE MAGNITUDE MAGERR FILTER TRANS MTYPE CNAME CMAG KNAME KMAG AIRMASS GROUP CHART NOTES".split()
"""The fields by the names that stellarphot 2.1.2 has in `aavso_submission_schema.yml`, in order."""

ABOUT = ReportAbout("RANA", "CV", "V", "obsy 1")
FIELD = StarField(frames=2)
DECLARED = FIELD.declared()
FOUND = ensemble(FIELD.tables(), DECLARED, "V", TARGET)


def reported(field, observer="RANA", **star):
    declared = field.declared().model_copy(update=star)
    found = ensemble(field.tables(), declared, "V", TARGET)
    return aavso_extended(found, declared, ReportAbout(observer, "CV", "V", "obsy 1")), found, declared


def read(text):
    """Read it as the specification says, without our own code."""
    lines = text.splitlines()
    head = dict(each[1:].split("=", 1) for each in lines if each.startswith("#") and "=" in each)
    sign = {"comma": ","}.get(head["DELIM"], head["DELIM"])
    rows = [dict(zip(SCHEMA, each.split(sign), strict=True)) for each in lines if not each.startswith("#")]
    return head, rows


def notes(row):
    return dict(each.split("=") for each in row["NOTES"].split("|")[1:])


@pytest.mark.parametrize("field", [StarField(frames=5), StarField(frames=5, stars=1), StarField(frames=5, target=22)])
def test_what_we_write_keeps_every_rule(field):
    text, found, _ = reported(field)
    assert faults(text) == [] and len(read(text)[1]) == len(found.curve) == 5


def test_it_says_what_was_measured():
    text, found, _ = reported(StarField(frames=3))
    head, rows = read(text)
    assert head["OBSCODE"] == "RANA" and head["TYPE"] == "EXTENDED" and head["DATE"] == "JD"
    assert float(rows[0]["MAGNITUDE"]) == pytest.approx(found.curve.magnitude[0], abs=6e-4)
    assert float(rows[0]["MAGERR"]) == pytest.approx(found.curve.error[0], abs=6e-4)
    assert (rows[0]["STARID"], rows[0]["CHART"], rows[0]["DATE"]) == ("V1 Exa", "X1ZZ", "2461000.4000000")
    assert {each["TRANS"] for each in rows} == {"NO"}


def test_an_ensemble_has_no_magnitude_and_the_check_star_its_measured_one():
    text, found, declared = reported(StarField(frames=3))
    row = read(text)[1][0]
    assert (row["CNAME"], row["CMAG"]) == ("ENSEMBLE", "na")
    assert float(row["KMAG"]) == pytest.approx(found.curve.check[0], abs=6e-4)
    assert float(notes(row)["KREFMAG"]) == declared.check_star.magnitudes["V"].value


def test_against_one_star_magnitudes_are_instrumental_and_the_catalogues_stand_in_the_notes():
    text, found, declared = reported(StarField(frames=3, stars=1))
    row = read(text)[1][0]
    assert row["CNAME"] == "000-AAA-002"
    known = float(notes(row)["CREFMAG"])
    assert known == declared.stars[1].magnitudes["V"].value
    assert float(row["CMAG"]) == pytest.approx(known - found.curve.zero_point[0], abs=6e-4)
    assert float(row["KMAG"]) == pytest.approx(found.curve.check_instrumental[0], abs=6e-4)


def test_exposures_of_a_tenth_of_a_second_are_told_apart():
    field = StarField(frames=4)
    tables = field.tables()
    quick = [
        replace(each, observation=replace(each.observation, jd_utc=2461000.4 + at * 0.1 / 86400))
        for at, each in enumerate(tables)
    ]
    declared = field.declared()
    text = aavso_extended(ensemble(quick, declared, "V", TARGET), declared, ABOUT)
    assert faults(text) == [] and float(read(text)[1][1]["DATE"]) == pytest.approx(
        2461000.4 + 0.1 / 86400, rel=0, abs=1e-7
    )


def test_air_mass_is_said_where_it_is_known():
    field = StarField(frames=2)
    tables = field.tables()
    tables[1] = replace(tables[1], observation=replace(tables[1].observation, airmass=None))
    declared = field.declared()
    rows = read(aavso_extended(ensemble(tables, declared, "V", TARGET), declared, ABOUT))[1]
    assert [each["AIRMASS"] for each in rows] == ["na", "1.200"]


@pytest.mark.parametrize(
    ("stars", "said"),
    [(12, "compared with 000-AAA-002 .*000-AAA-013"), (13, "compared with 13 stars"), (1, "one comparison star")],
)
def test_the_notes_name_up_to_twelve_stars(stars, said):
    words = read(reported(StarField(frames=1, stars=stars))[0])[1][0]["NOTES"].split("|")
    assert re.fullmatch(said, words[0]) and words[1] == "NOBS=1"


def test_a_long_name_of_software_is_cut_to_what_the_form_takes():
    text = aavso_extended(FOUND, DECLARED, replace(ABOUT, software="o" * 300))
    assert read(text)[0]["SOFTWARE"] == "o" * 255 and faults(text) == []


def test_an_error_of_more_than_a_magnitude_is_told_as_one():
    curve = replace(FOUND.curve, error=np.full(2, 1.4))
    text = aavso_extended(replace(FOUND, curve=curve), DECLARED, ABOUT)
    assert {each["MAGERR"] for each in read(text)[1]} == {"1.000"} and faults(text) == []


def test_only_points_that_were_transformed_say_so_and_by_what():
    moved = replace(FOUND.curve, transformation=np.array([-0.031, np.nan]), group=np.array([40321, np.nan]))
    value = CoefficientValue(-0.0612, 0.0041)
    by = Terms("newton-2026-12-10", "B", "V", CoefficientValue(1.21, 0.02), value, value)
    about = replace(ABOUT, filter="V", terms=by)
    _, (first, second) = read(aavso_extended(replace(FOUND, curve=moved), DECLARED, about))
    assert (first["TRANS"], second["TRANS"]) == ("YES", "NO")
    assert (first["GROUP"], second["GROUP"]) == ("40321", "na")
    assert notes(first)["Tv_bv"] == "-0.0612" and notes(first)["TbvErr"] == "0.0200" and "Tv_bv" not in notes(second)


def test_a_frame_without_its_check_star_says_nothing_of_it():
    field = StarField(frames=3)
    tables = field.tables()
    tables[2].flags[np.isclose(tables[2].ra, field.ra[1])] = 1
    declared = field.declared()
    text = aavso_extended(ensemble(tables, declared, "V", TARGET), declared, ABOUT)
    first, second, _ = read(text)[1]
    assert (first["KNAME"], first["KMAG"]) == ("na", "na") and not {"KMAGINS", "KREFMAG", "KREFERR"} & set(notes(first))
    assert second["KNAME"] == "000-AAA-001" and {"KMAGINS", "KREFMAG", "KREFERR"} < set(notes(second))
    assert faults(text) == []


@given(st.text(max_size=6), st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6))
def test_no_word_that_is_given_adds_a_line(code, star, chart):
    declared = DECLARED.model_copy(update={"of": star, "chart": chart})
    try:
        text = aavso_extended(FOUND, declared, replace(ABOUT, observer=code))
    except UserError:
        return
    assert len(text.splitlines()) == 7 + len(FOUND.curve)


def test_a_line_break_in_a_name_is_told():
    with pytest.raises(UserError, match=r"'X1\\n#OBSCODE=EVIL' would be more than a line of the report"):
        reported(StarField(frames=1), chart="X1\n#OBSCODE=EVIL")


def test_fields_that_hold_every_delimiter_are_told():
    with pytest.raises(UserError, match="hold each of , ; ! ~: shorten the names"):
        reported(StarField(frames=1), chart="a,b;c!d~e")


def test_what_is_not_seen_is_fainter_than():
    row = read(reported(StarField(frames=3, target=23.0))[0])[1][0]
    assert row["MAGNITUDE"].startswith("<") and row["MAGERR"] == "na"


def test_a_sign_within_a_field_is_never_the_delimiter():
    text, *_ = reported(StarField(frames=3), chart="K, own; 2026")
    head, rows = read(text)
    assert head["DELIM"] == "!" and rows[0]["CHART"] == "K, own; 2026" and faults(text) == []


def test_nothing_is_reported_that_the_check_star_contradicts():
    with pytest.raises(UserError, match="nothing is reported: the check star 000-AAA-001 is -0.[23]"):
        reported(StarField(frames=3, wrong={1: 0.3}))


def test_no_point_is_no_report():
    with pytest.raises(UserError, match="no frame shows the target .*saturated"):
        reported(StarField(frames=3, flags={0: 1}))
