"""From a delivered file to its verdict, while the night goes on."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from obsy.engine.events.frames import FrameAccepted, FrameRejected, FrameTaken, FrameUnjudged
from obsy.engine.library.master import LightNeed
from obsy.engine.night.context import NightContext
from obsy.engine.night_record import Capture
from obsy.errors import ObsyError

if TYPE_CHECKING:
    from obsy.engine.processing.processing import Outcome


def deliver(context: NightContext, capture: Capture, *, gives_way: bool = False) -> None:
    """Note a finished file, and send for its verdict.

    gives_way: whether its goal waits once too many of its frames were rejected.
    """
    context.log(FrameTaken(**capture.facts(context.incoming)))
    if capture.line is not None:
        context.tally.take(capture.line, capture.began)
    context.send(_await_verdict(context, capture, context.now(), gives_way))


async def _await_verdict(context: NightContext, capture: Capture, closed: datetime, gives_way: bool) -> None:
    """Note the verdict of a file when it is due, and count it."""
    due = closed + timedelta(seconds=context.rules.verdict_s)
    try:
        outcome = await context.ports.clock.settle(context.processing.outcome(capture.path), due)
    except ObsyError as refusal:
        refuse(context, capture, refusal)
        return
    note(context, capture, outcome)
    if outcome.accepted:
        context.accepted(capture)
    if capture.line is not None:
        waited = context.record().waits_until(*capture.line)
        context.tally.judge(capture.line, capture, outcome.accepted, outcome.measures)
        if gives_way:
            context.note_wait(capture.line, waited, outcome.reason)


def refuse(context: NightContext, capture: Capture, refusal: ObsyError) -> None:
    """Journal that a file has no verdict and stays where it is; no more are taken, since they would fare no better."""
    context.log(FrameUnjudged(frame=capture.facts(context.incoming)["frame"], reason=str(refusal)))
    context.tally.refused = str(refusal)


def note(context: NightContext, capture: Capture, outcome: "Outcome") -> None:
    """Journal a verdict, which nothing waits for, and keep in hand what it says of tonight's calibration."""
    judged = FrameAccepted if outcome.accepted else FrameRejected
    measures = {name: round(float(value), 3) for name, value in sorted(outcome.measures.items())}
    context.note(judged(**capture.facts(context.incoming), reason=outcome.reason, measures=measures))
    if capture.kind == "light":
        context.tally.lights.add(LightNeed(capture.train, capture.exposure_s, capture.filter or ""))
    elif outcome.accepted:
        context.tally.keep(capture.train, capture.kind, capture.filter, capture.exposure_s)
