"""Positions as a picture: what is drawn lies where the numbers say, and the same numbers draw the same bytes."""

import numpy as np
import pytest

from obsy.engine.report.moving import chart, svg
from obsy.engine.report.moving_words import facts
from obsy.engine.science.astrometry.along_ephemeris import along_ephemeris
from tests.unit.engine.science.astrometry.moving_fields import MovingField


@pytest.fixture(scope="module")
def found():
    field = MovingField(frames=5, movers=((40.0, -20.0, 0.3, 0.2, 4000.0),))
    tables = field.tables()
    return along_ephemeris(tables, np.array([each[0] for each in field.truth]), 15.0, field.catalogue)


def test_each_position_is_drawn_in_every_panel_and_the_path_goes_to_the_upper_left(found):
    drawn = chart(found)
    assert [len(each["points"]) for each in drawn["panels"]] == [5, 5] and len(drawn["path"]["dots"]) == 5
    x, y = zip(*drawn["path"]["dots"], strict=True)
    assert list(x) == sorted(x, reverse=True) and list(y) == sorted(y, reverse=True)  # east is left, north is up
    for panel in drawn["panels"]:
        assert all(low >= middle >= high for _, middle, low, high in panel["points"])
        assert panel["top"] <= panel["zero"] <= panel["top"] + panel["height"]


def test_the_same_night_draws_the_same_bytes(found):
    text = svg(found, "1 Ceres & co")
    assert text == svg(found, "1 Ceres & co")
    assert text.count('class="p1 m0"') == 10 and "1 Ceres &amp; co: 5 positions" in text


def test_the_facts_name_motion_offset_errors_and_the_catalogue(found):
    told = dict(facts(found))
    assert list(told) == ["motion", "O-C", "errors", "catalogue", "brightness"]
    assert "0.361 arcsec a minute towards 56 deg" in told["motion"] and "0.13 arcsec together" in told["catalogue"]
