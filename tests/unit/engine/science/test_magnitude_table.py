"""The table of a night's magnitudes is read by astropy as it was measured, and says what it rests on."""

import numpy as np
import pytest
from astropy import units
from astropy.table import Table

from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.light_curve import ARRAYS
from obsy.engine.science.magnitude_table import magnitude_table
from tests.unit.engine.science.star_fields import TARGET, StarField


def written(field):
    declared = field.declared()
    found = ensemble(field.tables(), declared, "V", TARGET)
    return Table.read(magnitude_table(found, declared, "V"), format="ascii.ecsv"), found


@pytest.mark.parametrize("field", [StarField(frames=4), StarField(frames=4, target=23.0)])
def test_every_number_is_read_as_it_was_measured(field):
    table, found = written(field)
    for name in ARRAYS:
        np.testing.assert_array_equal(np.ma.filled(table[name], np.nan), getattr(found.curve, name))
    assert list(table["frame"]) == list(found.curve.frame)
    assert (table["jd_utc"].unit, table["error"].unit, table["exposure_s"].unit) == (units.day, units.mag, units.second)


def test_the_head_says_what_it_rests_on():
    table, found = written(StarField(frames=4, wrong={6: 0.6}))
    said = {"star": "V1 Exa", "band": "V", "comparison": "v1-exa", "chart": "X1ZZ", "refused": ""}
    assert {name: table.meta[name] for name in said} == said
    assert table.meta["compared_with"] == list(found.compared) and table.meta["left_out"] == list(found.left_out) != []
    assert (table.meta["common_error_mag"], table.meta["beyond_photons_mag"]) == (found.common_error, found.beyond)
    check = found.check
    expected = {"name": "000-AAA-001", "known": check.known, "measured": check.measured, "error": check.error}
    assert table.meta["check"] == expected


def test_what_may_not_be_reported_says_so():
    assert "from its catalogue" in written(StarField(frames=4, wrong={1: 0.4}))[0].meta["refused"]
    assert "contradict each other" in written(StarField(frames=4, stars=2, wrong={2: 0.4}))[0].meta["refused"]
