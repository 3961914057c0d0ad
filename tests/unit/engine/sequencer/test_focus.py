"""The focus run finds the bottom of the curve, and does not invent one."""

from math import inf, sqrt

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sequencer.focus import minimum


@given(best=st.floats(-150, 150), floor=st.floats(1, 3), slope=st.floats(0.005, 0.05))
def test_a_hyperbola_gives_its_own_bottom(best: float, floor: float, slope: float) -> None:
    places = [float(step) * 60 for step in range(-3, 4)]
    widths = [sqrt(floor**2 + (slope * (place - best)) ** 2) for place in places]
    found = minimum(places, widths)
    assert found is not None
    assert abs(found - best) < 0.5


def test_samples_that_only_rise_have_no_bottom() -> None:
    assert minimum([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]) is None


def test_samples_without_stars_are_left_out() -> None:
    assert minimum([0, 1, 2, 3, 4], [inf, inf, inf, 2, 3]) is None
