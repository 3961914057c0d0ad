"""Of the picture of a transit: every point twice, the model, and both contacts."""

from pathlib import Path

from obsy.engine.report.transit_fit import svg
from obsy.engine.science.transit.coverage import result
from tests.support.golden import assert_golden
from tests.support.transits import fitted

GOLDEN = Path(__file__).parents[3] / "golden" / "transit"


def test_the_picture_is_drawn_as_it_was_looked_at():
    fit = fitted(count=20)
    assert_golden(svg(fit, result(fit)), GOLDEN / "fit.svg")


def test_a_contact_that_was_not_taken_is_not_drawn():
    fit = fitted(hours=(-0.9, 2.7))
    assert svg(fit, result(fit)).count('<line class="limit"') == 2  # one contact, in two panels
