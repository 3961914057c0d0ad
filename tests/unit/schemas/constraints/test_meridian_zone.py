import numpy as np
import pytest
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, edge, margin, reason, unit
from obsy.schemas.constraints.meridian_zone import MeridianZone

ZONE = MeridianZone.model_validate("above -30 min and below 15 min")


def test_it_is_kept_before_the_zone_and_past_it_and_at_the_lower_meridian(seen):
    track = seen(hour_angle_h=[-11.9, -0.6, -0.4, 0.2, 0.3, 11.9])
    assert allows(ZONE, track).tolist() == [True, True, False, False, True, True]


def test_the_margin_is_how_far_the_nearer_end_is_in_hours(seen):
    track = seen(hour_angle_h=[-1.5, -0.5, -0.25, 0.0, 0.25, 1.25])
    np.testing.assert_allclose(margin(ZONE, track), [1.0, 0.0, -0.25, -0.25, 0.0, 1.0])
    assert unit(ZONE, track, 2) == "h"


def test_the_words_name_the_zone_and_what_happens_at_its_ends(seen):
    assert reason(ZONE) == "it is within the mount's meridian zone, above -30 min and below 15 min"
    assert edge(ZONE, seen(), 0, 1) == "it enters the mount's meridian zone"
    assert edge(ZONE, seen(), 1, 0) == "it leaves the mount's meridian zone"


def test_a_zone_leaves_some_of_the_turn():
    with pytest.raises(ValidationError, match="out-of-range"):
        MeridianZone.model_validate("above -12 h and below 12 h")
    assert MeridianZone.model_validate("above -12 h and below 11 h").below == 11.0
    assert MeridianZone.model_validate("above 11.5 h and below 12 h").above == 11.5
