from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, reason
from obsy.schemas.constraints.phase import Phase


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 10), last=st.integers(0, 10))
def test_a_part_of_a_turn_may_go_through_zero(seen, first, last):
    track = replace(seen(), phases={"minimum": np.array([0.0, 0.1, 0.25, 0.5, 0.9, 0.99])})
    after, before = first / 10, last / 10
    found = allows(Phase.model_validate(f"after {after} and before {before}"), track)
    for at, phase in enumerate(track.phases["minimum"]):
        inside = after <= phase <= before if after <= before else phase >= after or phase <= before
        assert found[at] == inside


def test_of_several_events_one_is_named(seen):
    track = replace(seen(), phases={"minimum": np.full(6, 0.5), "maximum": np.full(6, 0.1)})
    assert allows(Phase.model_validate("of minimum and after 0.4 and before 0.6"), track).all()
    for nothing in ("after 0.4 and before 0.6", "of eclipse and after 0.4 and before 0.6"):
        assert not allows(Phase.model_validate(nothing), track).any()
    assert not allows(Phase.model_validate("after 0 and before 1"), seen()).any()
    words = "of b is not after 0.9 and before 0.1"
    assert reason(Phase.model_validate(words.replace(" is not", " and"))) == f"its phase {words}"


@pytest.mark.parametrize("said", ["after 0.9", "after 1.2 and before 0.1", "of minimum"])
def test_a_phase_has_two_ends_from_0_to_1(said):
    with pytest.raises(ValidationError):
        Phase.model_validate(said)
