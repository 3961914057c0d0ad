"""An intent on paper, for people."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from obsy.engine.intent import Calibrate, Intent, left_by_flyover, proofs
from obsy.engine.report.words import by_local_clocks, clock, proven, several, zones
from obsy.engine.schedule.at_most import Worth
from obsy.engine.schedule.request import Block, Request, Unplaced


def page(wanted: Intent, timezone: str) -> str:
    """What would be done tonight, in local time, and what would not, with the reason."""

    def local(when: datetime) -> str:
        return clock(when, timezone)

    requests = [each.request for each in wanted.blocks] + [each.request for each in wanted.unplaced]
    named = len({each.train for each in requests} - {""}) > 1

    def with_train(name: str) -> str:
        return f"with {name}" if named else ""

    lines = [f"The night of {wanted.night} at {wanted.site}: {_dark(wanted, timezone)}", ""]
    for action in wanted.actions:
        if isinstance(action, Calibrate):
            need = action.wanted
            what = f"{need.kind} {need.filter or ''}".rstrip()
            lines.append(
                f"  calibrate   {need.count:>3} × {need.exposure_s:g} s  {what}  {with_train(need.train)}".rstrip()
            )
    for block in wanted.blocks:
        line, by = block.request.line, with_train(block.request.train)
        when, what = f"{local(block.start)}–{local(block.end)}", f"{block.count:>3} × {line.goal.exposure:g} s"
        lines.append(f"  {when}  {what}  {line.filter:<4}  {line.picture}  {by}".rstrip())
    lines += _beyond(wanted.blocks)
    lines += _proofs(proofs(wanted))
    lines += _worth(wanted.worth)
    lines += [f"Share {each.share.name}: {each.words}" for each in wanted.debts]
    if not wanted.actions:
        lines.append("  nothing to do")
    if wanted.unplaced:
        lines += ["", "Not tonight:"]
        near = wanted.dusk or datetime.combine(wanted.night, time(23), UTC)
        lines += [by_local_clocks(line, timezone, near) for line in _left(wanted.unplaced, named)]
    return "\n".join(lines)


def _dark(wanted: Intent, timezone: str) -> str:
    if not wanted.dusk or not wanted.dawn:
        return "it is never dark enough to open a roof and observe"
    dusk, dawn = clock(wanted.dusk, timezone), clock(wanted.dawn, timezone)
    return f"dark from {dusk} to {dawn} ({zones(wanted.dusk, wanted.dawn, timezone)})"


def _proofs(asked: Iterable[Request]) -> list[str]:
    """Return how far goals in S/N have come, in a paragraph of its own."""
    told = [
        f"  {each.line.plan} {each.line.key}: {proven(each.signal, until, each.line.goal.exposure)}"
        for each in asked
        if each.signal is not None and (until := each.line.goal.until) is not None
    ]
    return ["", "Signal to noise so far:", *told] if told else []


def _beyond(blocks: Iterable[Block]) -> list[str]:
    """Return which goals want more frames than the flyovers hold in which they are taken, in a paragraph of its own."""
    told = [
        f"  {each.request.line.plan} {each.request.line.key}: {several(each.count, 'frame')} of "
        f"{each.count + left} fit, {left} wait for another"
        for each in blocks
        if (left := left_by_flyover(each))
    ]
    return ["", "More is wanted than a flyover holds:", *told] if told else []


def _worth(told: Worth | None) -> list[str]:
    """Return how good the night is, in a paragraph of its own."""
    if told is None:
        return []
    digits = next(
        (each for each in (1, 2, 3) if not 0 < told.at_most < 10.0**-each), 4
    )  # some seconds are worth little
    return ["", f"Value {told.value:.{digits}f}, at most {told.at_most:.{digits}f} (gap {100 * told.gap:.0f} %)"]


def _left(unplaced: Iterable[Unplaced], named: bool) -> Iterator[str]:
    """What is not taken, a line for all goals of a plan with the same reason; `named`: trains are."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for each in unplaced:
        with_train = f" with {each.request.train}" if named and each.request.train else ""
        why = f"{each.reason.words} ({each.reason.code})"
        alike.setdefault((each.request.line.plan, with_train, why), []).append(each.request.line.key)
    for (plan, with_train, why), goals in alike.items():
        yield f"  {plan} {', '.join(goals)}{with_train}: {why}"
