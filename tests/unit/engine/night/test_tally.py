"""What the night counts, it counts once and under the right name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import Capture
from obsy.engine.progress import NOTHING
from obsy.engine.signal import Signal
from obsy.schemas.proof import Proof

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
LINE, OTHER = ("heart", "Ha-300s"), ("heart", "L-60s")


def a_light(began: datetime) -> Capture:
    return Capture(Path("a.fits"), "newton", "light", "Ha", 300.0, began, *LINE)


def test_what_a_frame_shows_counts_for_a_goal_in_signal_to_noise_alone_and_once_it_is_accepted() -> None:
    measures = {"target_adu": 500.0, "target_error_adu": 50.0}
    tally = Tally(proofs={LINE: Proof(snr=40.0)})
    for line, accepted in ((LINE, True), (LINE, True), (LINE, False), (OTHER, True)):
        tally.take(line, AT)
        tally.judge(line, a_light(AT), accepted, measures)
    assert tally.progress[LINE].signal == Signal(2 * 99.0, 2, summed=20.0)
    assert tally.progress[OTHER].signal == Signal()


def test_frames_are_counted_under_their_goal_as_they_are_taken_and_judged() -> None:
    tally = Tally()
    assert not tally.has_frames("heart")
    tally.take(LINE, AT)
    tally.take(LINE, LATER)
    tally.take(OTHER, AT)
    tally.judge(LINE, a_light(AT), True, {})
    tally.judge(LINE, a_light(LATER), False, {})
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
