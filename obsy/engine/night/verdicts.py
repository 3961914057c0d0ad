"""From a delivered file to its verdict, while the night goes on."""

from datetime import datetime, timedelta

from obsy.engine.night.duty import Duty, Shot


def deliver(duty: Duty, shot: Shot) -> None:
    """Note a finished file, and send for its verdict."""
    wish = shot.wish
    duty.log(
        "frame-taken", frame=shot.path.name, kind=shot.kind, filter=shot.filter, exposure_s=shot.exposure_s,
        plan=wish.plan if wish else None, goal=wish.goal if wish else None, began=shot.began.isoformat(),
    )
    if wish is not None:
        duty.book.take(wish.plan, wish.goal, shot.began)
    duty.send(judge(duty, shot, duty.now()))


async def judge(duty: Duty, shot: Shot, closed: datetime) -> None:
    """Note the verdict of a file when it is due, and count it."""
    due = closed + timedelta(seconds=duty.rules.verdict_s)
    outcome = await duty.ports.clock.settle(duty.darkroom.outcome(shot.path), due)
    wish = shot.wish
    duty.log(
        "frame-accepted" if outcome.accepted else "frame-rejected", frame=shot.path.name, kind=shot.kind,
        filter=shot.filter, exposure_s=shot.exposure_s, plan=wish.plan if wish else None,
        goal=wish.goal if wish else None, reason=outcome.reason,
        measures={name: round(float(value), 3) for name, value in sorted(outcome.measures.items())},
    )
    if wish is not None:
        duty.book.judge((wish.plan, wish.goal), shot.began, shot.exposure_s, outcome.accepted)
    elif outcome.accepted:
        duty.book.keep(shot.kind, shot.filter, shot.exposure_s)
