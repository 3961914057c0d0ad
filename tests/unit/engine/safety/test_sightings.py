"""A roof that moves sooner than it can has not moved; one not seen at the other end had a short way."""

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Roof
from obsy.engine.safety.sightings import Sightings


def seen(*said: tuple[float, Roof]) -> Sightings:
    """What was said when."""
    found = Sightings()
    for at_s, each in said:
        found.note(each, at_s)
    return found


@given(st.floats(0.0, 100.0), st.floats(1.0, 200.0))
def test_a_roof_is_hasty_within_a_tenth_of_its_travel_and_no_longer(took_s: float, travel_s: float) -> None:
    roof = seen((0.0, Roof.OPEN), (took_s, Roof.CLOSED), (took_s + 9.0, Roof.CLOSED))
    assert bool(roof.why_hasty(0.0, travel_s)) is (took_s < travel_s * 0.1)


def test_what_was_seen_there_long_ago_may_have_been_half_way_since() -> None:
    roof = seen((0.0, Roof.OPEN), (1.0, Roof.UNKNOWN))
    assert roof.was_just(Roof.OPEN, 5.0)
    assert not roof.was_just(Roof.OPEN, 5.1)
    assert not roof.was_just(Roof.CLOSED, 0.0)


def test_what_had_closed_before_it_was_told_to_was_closed_by_another_hand() -> None:
    roof = seen((0.0, Roof.OPEN), (1.0, Roof.CLOSED))
    assert not roof.why_hasty(2.0, 45.0)


def test_a_look_that_tells_nothing_makes_an_echo_no_truer() -> None:
    assert seen((1.0, Roof.OPEN), (6.0, Roof.UNKNOWN), (7.0, Roof.OPEN)).why_hasty(0.0, 45.0)
    assert not seen((1.0, Roof.OPEN), (6.0, Roof.MOVING), (7.0, Roof.OPEN)).why_hasty(0.0, 45.0)


def test_the_words_say_what_was_seen() -> None:
    roof = seen((0.0, Roof.OPEN), (1.25, Roof.CLOSED))
    assert roof.why_hasty(0.5, 45.0) == "its switches say 'closed' 0.8 s after it was told to move, and it takes 45 s"


def test_a_roof_that_takes_just_a_tenth_of_its_travel_or_was_never_seen_there_is_believed() -> None:
    assert seen((100.0, Roof.OPEN), (104.4, Roof.CLOSED)).why_hasty(100.0, 45.0)
    assert seen((100.0, Roof.OPEN), (104.5, Roof.CLOSED)).why_hasty(100.0, 45.0) == ""
    assert seen((0.0, Roof.OPEN), (5.0, Roof.CLOSED)).why_hasty(5.0, 45.0)
    assert not seen((0.0, Roof.CLOSED)).was_just(Roof.OPEN, 0.0)
