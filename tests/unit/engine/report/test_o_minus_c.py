"""Of the picture of when transits came: every transit, the level of the declared ephemeris, the line by all of them."""

import re
from pathlib import Path

from obsy.engine.declare.target import Ephemeris
from obsy.engine.report.o_minus_c import svg
from obsy.engine.science.transit.fit import NumberWithError
from obsy.engine.science.transit.refit import refitted
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parents[3] / "golden" / "transit"
DECLARED = Ephemeris(2458000.0, 2.15, 3.1, "BJD_TDB", 0.0006, 3e-6)
LATE = {300: 0.0042, 340: 0.0011, 501: 0.0035, 502: 0.0026, 690: 0.0032, 857: 0.0035}
"""Days, by turn."""


def middles(late):
    return [NumberWithError(2458000.0 + turn * 2.15 + days, 0.0008) for turn, days in late.items()]


def test_the_picture_is_drawn_as_it_was_looked_at():
    assert_golden(svg("Ours b", DECLARED, refitted(middles(LATE), DECLARED)), GOLDEN / "o-c.svg")


def test_each_transit_is_a_point_and_a_later_one_stands_higher():
    told = svg("Ours b", DECLARED, refitted(middles(LATE), DECLARED))
    heights = [float(each) for each in re.findall(r'<circle class="mark" r="2.6" cx="[\d.]+%" cy="([\d.]+)"', told)]
    assert len(heights) == len(LATE)
    assert [*LATE.values()].index(max(LATE.values())) == heights.index(min(heights))


def test_an_ephemeris_of_unknown_error_has_no_band():
    known = DECLARED._replace(epoch_error_d=0.0, period_error_d=0.0)
    told = svg("Ours b", known, refitted(middles(LATE), known))
    assert "of unknown error" in told and '<path class="day"' not in told
    assert '<path class="day"' in svg("Ours b", DECLARED, refitted(middles(LATE), DECLARED))


def test_transits_of_one_turn_are_drawn_too():
    one = [NumberWithError(2458645.001, 0.0008), NumberWithError(2458645.002, 0.0008)]
    assert svg("Ours b", DECLARED, refitted(one, DECLARED)).count('class="mark"') == 2
