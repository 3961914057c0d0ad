"""A filter gets the role that plans know it by, whatever its driver calls it."""

from hypothesis import example, given
from hypothesis import strategies as st

from obsy.engine.starting.wheel import as_said, slots_of


def test_a_wheel_without_filters_is_none() -> None:
    assert (as_said([]), slots_of("none"), slots_of(" ")) == ("none", [], [])


@example(["x=y"])
@given(st.lists(st.sampled_from(["Red", "R", "red", "L", "Ha 7nm", "Ha, 3 nm", "x=y", "Duo; 2"]), max_size=6))
def test_what_is_said_of_labels_is_read_back_with_each_role_and_label_once(labels: list[str]) -> None:
    slots = slots_of(as_said(labels))
    assert all(len(set(words)) == len(slots) for words in zip(*slots, strict=True))
    assert {label for _, label in slots} <= {
        " ".join(each.translate({ord(sign): " " for sign in ",;="}).split()) for each in labels
    }
