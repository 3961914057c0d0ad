"""What the night counts, it counts once and under the right name."""

from datetime import UTC, datetime, timedelta

from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.tally import Tally
from obsy.engine.progress import NOTHING

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
LINE, OTHER = ("heart", "Ha-300s"), ("heart", "L-60s")


def test_frames_are_counted_under_their_goal_as_they_are_taken_and_judged() -> None:
    tally = Tally()
    assert not tally.has_frames("heart")
    tally.take(LINE, AT)
    tally.take(LINE, LATER)
    tally.take(OTHER, AT)
    tally.judge(LINE, AT, 300.0, accepted=True)
    tally.judge(LINE, LATER, 300.0, accepted=False)
    taken = NOTHING.taken(AT).taken(LATER).judged(AT, 300.0, True).judged(LATER, 300.0, False)
    assert tally.progress == {LINE: taken, OTHER: NOTHING.taken(AT)}
    assert tally.has_frames("heart")
    assert not tally.has_frames("soul")


def test_a_goal_without_frames_gives_its_plan_none() -> None:
    assert not Tally({LINE: NOTHING}).has_frames("heart")


def test_calibration_frames_are_in_hand_one_by_one_for_the_set_that_wants_just_them() -> None:
    tally, wanted = Tally(), CalibrationSet("newton", "dark", 300.0, None, 9)
    for _ in range(2):
        tally.keep("newton", "dark", None, 300.0)
    tally.keep("newton", "dark", None, 60.0)
    tally.keep("newton", "flat", "L", 300.0)
    tally.keep("refractor", "dark", None, 300.0)
    assert tally.in_hand(wanted) == 2
    assert Tally().in_hand(wanted) == 0
