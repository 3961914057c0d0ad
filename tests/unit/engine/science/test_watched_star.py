"""A star is told to be beyond a limit where two frames say so by more than their errors, and not before."""

import numpy as np
import pytest

from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.watched_star import crossing
from obsy.schemas.magnitude_alert import MagnitudeAlert
from tests.unit.engine.science.star_fields import TARGET, StarField


def told(said, field=None, **more):
    field = field or StarField(frames=6, **more)
    return crossing(ensemble(field.tables(), field.declared(), "V", TARGET), MagnitudeAlert.model_validate(said))


@pytest.mark.parametrize(
    ("said", "side"),
    [
        ("brighter than 12.5 mag", "brighter"),
        ("brighter than 12.01 mag", None),
        ("brighter than 11.5 mag", None),
        ("fainter than 11.5 mag", "fainter"),
        ("fainter than 11.99 mag", None),
        ("brighter than 11 mag and fainter than 11.5 mag", "fainter"),
    ],
)
def test_a_limit_is_crossed_by_more_than_three_errors(said, side):
    found = told(said)
    assert (found and found.side) == side
    assert found is None or (found.magnitude == pytest.approx(12.0, abs=0.03) and 0 < found.error < 0.05)


def test_one_frame_says_nothing_and_neither_do_older_ones():
    flare = np.zeros(6)
    flare[-1] = -1.0
    assert told("brighter than 11.5 mag", shift={0: flare}) is None
    flare[-2] = -1.0
    assert told("brighter than 11.5 mag", shift={0: flare}).magnitude == pytest.approx(11.0, abs=0.05)
    assert told("brighter than 11.5 mag", shift={0: flare[::-1]}) is None
    assert told("brighter than 12.5 mag", StarField(frames=1)) is None


def test_a_star_that_is_not_seen_is_fainter_than_what_would_have_been():
    found = told("fainter than 15 mag", target=23.0)
    assert found.side == "fainter" and found.magnitude > 19 and np.isnan(found.error)
    assert told("brighter than 22 mag", target=23.0) is None


def test_what_the_check_star_contradicts_is_no_news():
    assert told("brighter than 12.5 mag", wrong={1: 0.4}) is None
