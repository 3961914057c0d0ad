"""From a delivered file to its verdict, while the night goes on."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from obsy.engine.night.duty import Duty
from obsy.engine.night.shot import Shot
from obsy.errors import ObsyError

if TYPE_CHECKING:
    from obsy.engine.reduce.darkroom import Outcome


def deliver(duty: Duty, shot: Shot) -> None:
    """Note a finished file, and send for its verdict."""
    duty.log("frame-taken", **shot.as_json())
    if shot.line is not None:
        duty.book.take(shot.line, shot.began)
    duty.send(_await_verdict(duty, shot, duty.now()))


async def _await_verdict(duty: Duty, shot: Shot, closed: datetime) -> None:
    """Note the verdict of a file when it is due, and count it."""
    due = closed + timedelta(seconds=duty.rules.verdict_s)
    try:
        outcome = await duty.ports.clock.settle(duty.darkroom.outcome(shot.path), due)
    except ObsyError as refusal:
        refuse(duty, shot, refusal)
        return
    note(duty, shot, outcome)
    if shot.line is not None:
        duty.book.judge(shot.line, shot.began, shot.exposure_s, outcome.accepted)


def refuse(duty: Duty, shot: Shot, refusal: ObsyError) -> None:
    """Journal that a file has no verdict and stays where it is; no more are taken, since they would fare no better."""
    duty.log("frame-unjudged", frame=shot.path.name, reason=str(refusal))
    duty.refused = str(refusal)


def note(duty: Duty, shot: Shot, outcome: "Outcome") -> None:
    """Journal a verdict, and keep in hand what it says of tonight's calibration."""
    duty.log(
        "frame-accepted" if outcome.accepted else "frame-rejected",
        **shot.as_json(),
        reason=outcome.reason,
        measures={name: round(float(value), 3) for name, value in sorted(outcome.measures.items())},
    )
    if shot.kind == "light":
        duty.book.lights.add((shot.exposure_s, shot.filter or ""))
    elif outcome.accepted:
        duty.book.keep(shot.kind, shot.filter, shot.exposure_s)
