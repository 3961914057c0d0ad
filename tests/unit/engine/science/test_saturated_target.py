"""A target whose own light is cut off is counted; another star's is not, nor that of what has no one place."""

from dataclasses import replace

import numpy as np

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.saturated_target import SaturatedTarget, saturated_in
from tests.support.transit_tables import flagged, night_of, without

A, B, C = night_of(np.ones(3))


def test_only_the_target_counts_and_only_saturated():
    assert saturated_in([flagged(A, 0, Flag.SATURATED | Flag.BLENDED), flagged(B, 1, Flag.SATURATED), C]) == 1
    assert saturated_in([flagged(A, 0, Flag.EDGE)]) == 0


def test_what_is_not_in_its_table_or_has_no_place_is_not_counted():
    gone = without(flagged(A, 0, Flag.SATURATED), 0)
    moving = replace(flagged(A, 0, Flag.SATURATED), observation=replace(A.observation, target=None))
    assert saturated_in([gone, moving]) == 0


def test_it_is_said_with_what_helps():
    said = SaturatedTarget("xo-6-b", "R", "newton", 3, 4).words
    assert said == (
        "in 3 of 4 frames in R, whose light cannot be measured: expose for a shorter time, or in a narrower filter"
    )
