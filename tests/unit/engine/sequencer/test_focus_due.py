"""A focus run is due as soon as its time has passed."""

from math import inf

from obsy.engine.sequencer.focus_due import focus_is_due


def test_it_is_due_when_its_time_has_passed_and_at_first() -> None:
    assert [focus_is_due(since_s, 3600.0) for since_s in (0.0, 3599.9, 3600.0, inf)] == [False, False, True, True]
