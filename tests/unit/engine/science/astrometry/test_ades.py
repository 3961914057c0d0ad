"""What is written for the Minor Planet Center is taken by its reference validator, and says what was measured."""

import re
from dataclasses import replace

import pytest
from ades import adesutility
from ades.psvtoxml import psvtoxml
from ades.valutility import validate_xslt

from obsy.engine.science.astrometry.ades import AdesContext, digits, head, psv, records, rounded, xml
from obsy.engine.science.astrometry.ades_rules import faults
from obsy.engine.science.astrometry.designation import Designation
from obsy.engine.science.astrometry.position import SkyPosition

ABOUT = AdesContext("J95", "nerpio", "A. Ruiz", "Newtonian", 0.2, 4.0, "CCD", 3.35, "obsy 0", is_rehearsal=True)
ONE = SkyPosition(
    frame="ab" * 32, jd_utc=2461385.40819650, exposure_s=30.0, filter="V", train="newton", x=1.0, y=2.0,
    ra_deg=115.133842, dec_deg=26.998561, centroid_arcsec=0.11, fit_arcsec=0.05, east_arcsec=0.1, north_arcsec=-0.2,
    vt_magnitude=10.4831, magnitude_error=0.012, signal_to_noise=88.0, seeing_arcsec=7.6,
    stars=47, rms_arcsec=0.28, degree=1,
)  # fmt: skip


def written(*positions, called=("permID", "1"), **changed):
    """The head and the records of some positions, or of three like one another."""
    several = positions or tuple(replace(ONE, jd_utc=ONE.jd_utc + 0.01 * step, **changed) for step in range(3))
    rows = records(several, Designation(*called), ABOUT, 0.4)
    return head(ABOUT, several), rows


def test_a_file_keeps_every_rule_and_has_the_digits_that_its_errors_bear():
    text = psv(*written())
    assert faults(text) == []
    columns, first = (re.split(r" *\| *", line) for line in text.splitlines()[-4:-2])
    row = dict(zip(columns, first, strict=True))
    assert row["obsTime"] == "2026-12-10T21:47:48.2Z" and row["ra"] == "115.133842" and row["dec"] == "+26.998561"
    assert row["rmsRA"] == "0.12" and row["mag"] == "10.48" and row["band"] == "Vj" and row["astCat"] == "Tyc2"
    assert "! line REHEARSAL: of a simulated night, not to be submitted" in text


def test_no_v_is_claimed_of_a_clear_filter():
    text = psv(*written(filter="L"))
    assert faults(text) == [] and "band" not in text and "|mag" not in text


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("mpcCode", "! mpcCode J95", "! mpcCode J 95"),
        ("stn", "|J95|", "|J96|"),
        ("obsTime", "2026-12-10T", "2026-13-10T"),
        ("obsTime", "48.2Z", "48.2 "),
        ("ra", "115.133842", "375.133842"),
        ("dec", "+26.998561", "+96.998561"),
        ("rmsRA", "|0.12 ", "|0.00 "),
        ("astCat", "Tyc2", "Tyc9"),
        ("band", "|Vj  |", "|    |"),
        ("permID", "\n1     |", "\n      |"),
        ("telescope/design", "! design Newtonian\n", ""),
        ("measurers/name", "# measurers\n! name A. Ruiz\n", ""),
        ("version", "# version=2022", "# version=2017"),
        ("mode", "|CCD |", "|XYZ |"),
    ],
)
def test_each_rule_is_kept_watch_over(field, was, now):
    text = psv(*written())
    assert was in text
    found = faults(text.replace(was, now))
    assert field in {each.field for each in found} and all(each.mend for each in found)


def test_two_positions_and_one_time_twice_are_told():
    assert [each.field for each in faults(psv(*written(ONE, ONE)))] == ["obsTime", "records"]


@pytest.mark.once
def test_the_reference_validator_takes_both_forms(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.psv").write_text(psv(*written()))
    psvtoxml("one.psv", "of-psv.xml")  # it keeps what it has read: one file a process
    assert refused("of-psv.xml") is None
    for called in (("permID", "161P"), ("provID", "C/2023 A3"), ("trkSub", "mine-1")):
        (tmp_path / "one.xml").write_text(xml(*written(called=called)))
        assert refused("one.xml") is None
    (tmp_path / "bad.xml").write_text((tmp_path / "one.xml").read_text().replace("<stn>J95</stn>", ""))
    assert "stn" in refused("bad.xml")


def refused(name):
    """What the schema of submissions says of an XML file; None if it is well."""
    with open("told", "w") as told:
        return validate_xslt("submit", adesutility.schemaxslts["submit"], adesutility.readXML(name), told)


def test_errors_have_two_figures_and_values_the_digits_that_they_bear():
    assert [rounded(each) for each in (0.0234, 0.0996, 1.24, 12.3)] == ["0.023", "0.10", "1.2", "12"]
    assert digits(0.05) == 3 and digits(0.05 / 3600) == 6 and digits(0.3) == 2
