"""A file made of two exposures is a stack; one of one exposure is none."""

from obsy.engine.frames.kind import COUNTS, combined


def test_two_exposures_are_a_stack_and_one_is_none() -> None:
    for key in COUNTS:
        assert combined({key: 2}) == f"{key} 2"
        assert not combined({key: 1})
