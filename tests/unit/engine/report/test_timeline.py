from datetime import UTC, datetime, timedelta

from obsy.engine.night_record import Span
from obsy.engine.report.axes import GREY
from obsy.engine.report.timeline import PITCH, TrainInput, timeline

DUSK = datetime(2026, 11, 21, 19, tzinfo=UTC)


def span(start: float, end: float, words: str = "") -> Span:
    """Of hours after dusk."""
    return Span(DUSK + timedelta(hours=start), DUSK + timedelta(hours=end), words)


def test_a_train_has_what_was_planned_what_was_taken_and_why_it_stood_idle() -> None:
    newton = TrainInput(
        "newton", (("m31", span(0, 5)), ("veil", span(5, 10))), (("m31", span(0, 1)),), (span(5, 10, "rain"),)
    )
    fork = TrainInput("fork", taken=(("m42", span(9.9, 10)),), focus=((False, span(2, 2)),))
    one, other = timeline([newton, fork], ["m42", "m31"], span(0, 10))
    assert [(bar.plan, bar.look, bar.box) for bar in one.planned] == [
        ("m31", (2, 0), (0.0, 50.0)),
        ("veil", GREY, (50.0, 50.0)),
    ]
    assert [(bar.plan, bar.look, bar.box, bar.label) for bar in one.taken] == [("m31", (2, 0), (0.0, 10.0), "m31")]
    assert one.idle == (("rain", (50.0, 50.0)),)
    assert (other.y - one.y, other.focus, other.taken[0].label) == (PITCH, ((False, 20.0),), "")
