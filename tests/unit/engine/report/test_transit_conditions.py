"""Of the picture of what was noted beside a transit: a row each, and what straightened the light is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from obsy.engine.report.transit_conditions import svg
from obsy.engine.science.transit.coverage import result
from obsy.engine.science.transit.observation import TransitObservation
from tests.support.golden import assert_golden
from tests.support.transits import fitted

GOLDEN = Path(__file__).parents[3] / "golden" / "transit"
ABOUT = TransitObservation(
    "Ours", "Ours b", comparison_stars=((1.0, 2.0), (3.0, 4.0)), apertures={2.2: 0.0052, 2.7: 0.006}
)


def test_the_picture_is_drawn_as_it_was_looked_at():
    fit = fitted(count=20)
    assert_golden(svg(fit, result(fit), ABOUT), GOLDEN / "conditions.svg")


def test_each_thing_that_was_noted_has_a_row_with_every_point():
    fit = fitted(count=40)
    known = dict(fit.curve.trends) | {"flip": np.zeros(40)}  # a mount that stayed on one side is no news
    told = svg(replace(fit, curve=replace(fit.curve, trends=known)), result(fit), ABOUT)
    assert told.count('<circle class="mark"') == 3 * 40  # the light, air mass and x
    assert "Air mass, straightened by it" in told and "x of the star, px</text>" in told
    assert "2 comparison stars; outside of it points scatter by 0.52, 0.60 % in apertures of 2.2, 2.7 px." in told
