"""A file for the BAA says what was measured, in the columns that it belongs into, and keeps every rule."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.science.baa_report import BaaAbout, baa_report
from obsy.engine.science.baa_rules import baa_faults
from obsy.engine.science.ensemble import ensemble
from obsy.errors import UserError
from tests.unit.engine.science.star_fields import TARGET, StarField

ABOUT = BaaAbout("PXR", "V", "obsy 1", "38.1657 -2.3267 H1650", "200 mm f/4.0", "ZWO ASI1600MM")


def reported(field, **star):
    declared = field.declared().model_copy(update=star)
    found = ensemble(field.tables(), declared, "V", TARGET)
    return baa_report(found, declared, ABOUT), found


def read(text):
    """Read it by its own head line, without our code."""
    head, table = text.split("\n\n")
    names, *rows = (line.split("\t") for line in table.splitlines())
    return dict(line.split("\t") for line in head.splitlines()), [dict(zip(names, row, strict=True)) for row in rows]


@pytest.mark.parametrize(("stars", "called"), [(8, "Ensemble"), (1, "000-AAA-002")])
def test_it_says_what_was_measured_and_keeps_every_rule(stars, called):
    text, found = reported(StarField(frames=3, stars=stars))
    head, rows = read(text)
    assert baa_faults(text) == [] and len(rows) == 3
    assert (head["File Format"], head["Variable"], head["Observer code"]) == ("CCD/DSLR v2.01", "V1 Exa", "PXR")
    assert head["Magnitude type"] == "PreCalculated" and "check star 000-AAA-001 11." in head["Comment"]
    for at, row in enumerate(rows):
        assert float(row["VarAbsMag"]) == pytest.approx(found.curve.magnitude[at], abs=6e-4)
        assert float(row["VarAbsErr"]) == pytest.approx(found.curve.error[at], abs=6e-4)
        assert float(row["JulianDate"]) == pytest.approx(found.curve.jd_utc[at], rel=0, abs=1e-6)
        assert (row["ExpLen"], row["CmpStar"], row["Filter"]) == ("60", called, "V")


def test_what_was_not_seen_is_left_out_for_the_format_has_no_word_for_it():
    _, found = reported(StarField(frames=3))
    faint = replace(found, curve=replace(found.curve, is_limit=np.array([False, True, False])))
    assert len(read(baa_report(faint, StarField().declared(), ABOUT))[1]) == 2
    with pytest.raises(UserError, match="no frame shows the target .*no word"):
        reported(StarField(frames=2, target=23.0))


def test_nothing_is_reported_that_the_check_star_contradicts():
    with pytest.raises(UserError, match="nothing is reported: the check star 000-AAA-001"):
        reported(StarField(frames=3, wrong={1: 0.3}))


def test_a_name_with_a_tab_or_a_line_break_is_told():
    for chart in ("X1\tY", "X1\nY"):
        with pytest.raises(UserError, match="would be more than a field of the report"):
            reported(StarField(frames=1), chart=chart)
