"""Sampling finds what least squares finds where a hill is a hill, twice the same, and says whether it has settled."""

import sys

import numpy as np
import pytest

from obsy.engine.science.transit.fit import fit
from obsy.engine.science.transit.posterior import sampled, with_sampled, words
from obsy.errors import UserError
from tests.support.transits import EXPECTED, KNOWN, RATIO, fitted, seen


@pytest.mark.slow
def test_of_a_whole_transit_it_says_what_least_squares_says():
    """Of 20 curves middles were at most 0.12 and radii 0.23 errors apart (decision 53)."""
    found = fit(seen(0.0005, 0.05, seed=2, count=60), KNOWN)
    drawn = sampled(found)
    late, ratio = drawn.values["tc"], drawn.values["ratio"]
    assert drawn.is_settled and drawn.steps > 50 * drawn.memory
    assert abs(EXPECTED + late.value - found.middle.value) < 0.25 * found.middle.error
    assert abs(ratio.value - found.ratio.value) < 0.25 * found.ratio.error
    assert 0.8 < late.error / found.middle.error < 1.2
    assert abs(ratio.value - RATIO) < 3 * ratio.error
    both = with_sampled(found, drawn)
    assert (both.middle.value, both.ratio.error) == (EXPECTED + late.value, ratio.error)
    assert "errors from least squares" in words(found, drawn)


def test_the_same_light_gives_the_same_numbers_and_a_short_chain_says_so():
    found = fitted(count=30)
    first, again = (sampled(found, most_steps=20) for _ in range(2))
    np.testing.assert_array_equal(first.draws, again.draws)
    assert not first.is_settled and first.steps == 20
    assert not np.array_equal(sampled(found, seed=2, most_steps=20).draws, first.draws)


def test_without_emcee_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "emcee", None)
    with pytest.raises(UserError, match="pip install 'obsy\\[sampling\\]'"):
        sampled(fitted(count=20))
