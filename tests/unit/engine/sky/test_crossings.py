"""Moments at which a height passes zero, between the instants of a grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.crossings import crossings, turns

STEP_S, DAY_S = 120.0, 86400.0
SECONDS = np.arange(721) * STEP_S


@given(st.floats(-0.99, 0.99), st.floats(0.0, 2 * np.pi), st.integers(1, 20))
def test_every_passage_of_a_wave_is_found_to_a_millisecond(level: float, phase: float, waves: int) -> None:
    turn = 2 * np.pi * waves / DAY_S
    found = crossings(lambda at: np.sin(turn * at + phase) - level, SECONDS)
    ups = (np.arcsin(level) - phase + 2 * np.pi * np.arange(-2, waves + 3)) / turn
    downs = (np.pi - np.arcsin(level) - phase + 2 * np.pi * np.arange(-2, waves + 3)) / turn
    expected = sorted([(at, True) for at in ups] + [(at, False) for at in downs])
    expected = [each for each in expected if 0.01 < each[0] < DAY_S - 0.01]
    found = [each for each in found if 0.01 < each.at_s < DAY_S - 0.01]
    assert [each.rises for each in found] == [up for _, up in expected]
    assert [each.at_s for each in found] == pytest.approx([at for at, _ in expected], abs=2e-3)


def test_what_reaches_over_zero_for_seconds_between_two_instants_is_found() -> None:
    middle = 100.5 * STEP_S
    up, down = crossings(lambda at: 15.0**2 - (at - middle) ** 2, SECONDS)
    assert (up.at_s, up.rises) == (pytest.approx(middle - 15.0, abs=2e-3), True)
    assert (down.at_s, down.rises) == (pytest.approx(middle + 15.0, abs=2e-3), False)


def test_what_never_comes_to_zero_has_no_passage() -> None:
    assert crossings(lambda at: np.cos(at / 9000.0) + 1.5, SECONDS) == ()


def test_a_wave_turns_at_its_crest_and_in_its_trough() -> None:
    at, is_top = turns(lambda at: np.sin(2 * np.pi * at / DAY_S), SECONDS)
    assert at == pytest.approx([DAY_S / 4, 3 * DAY_S / 4], abs=0.5)
    assert is_top.tolist() == [True, False]
