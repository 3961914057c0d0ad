"""Declared − done → what to do tonight: a value that can be printed, compared, and then carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from obsy.engine.declare.observatory import Observatory
from obsy.engine.journal import stamp
from obsy.engine.library.master import CalibrationSet
from obsy.engine.schedule.request import Block, Request, Schedule, Unplaced
from obsy.engine.schedule.shares import Debt
from obsy.engine.signal import Signal, more
from obsy.engine.sky.twilight import Night

if TYPE_CHECKING:
    from obsy.engine.schedule.at_most import Worth


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Take the frames of a master, the roof being closed."""

    wanted: CalibrationSet


@dataclass(frozen=True, slots=True)
class Open:
    """Open a roof at dusk, if it is safe."""

    enclosure: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Observe:
    """Take a block."""

    block: Block


@dataclass(frozen=True, slots=True)
class Close:
    """Park every mount under a roof and close it."""

    enclosure: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finish:
    """Stack what was accepted and write the report."""


Action = Calibrate | Open | Observe | Close | Finish


@dataclass(frozen=True, slots=True)
class Intent:
    """One night's work in order."""

    night: date
    site: str
    dusk: datetime | None
    dawn: datetime | None
    blocks: tuple[Block, ...]
    unplaced: tuple[Unplaced, ...]
    actions: tuple[Action, ...]
    worth: "Worth | None" = field(default=None, compare=False)
    """Worked out for a dry run alone: the night itself has no use for it."""
    debts: tuple[Debt, ...] = field(default=(), compare=False)
    """How each share of the time stands when it begins; for a dry run, too."""


def intent(
    night: Night, observatory: Observatory, schedule: Schedule, missing: Sequence[CalibrationSet] = ()
) -> Intent:
    """What a night is to do; with nothing to observe and nothing to calibrate it has no actions at all."""
    actions: list[Action] = [Calibrate(wanted) for wanted in missing]
    if night.dusk is not None:
        actions += _under_the_sky(night.dusk, observatory, schedule.blocks)
    if actions:
        actions.append(Finish())
    site = observatory.site.name
    return Intent(night.date, site, night.dusk, night.dawn, schedule.blocks, schedule.unplaced, tuple(actions))


def _under_the_sky(dusk: datetime, observatory: Observatory, blocks: Sequence[Block]) -> list[Action]:
    """What every roof and every mount does, in order of time."""
    opening: list[tuple[datetime, Action]] = []
    closing: list[tuple[datetime, Action]] = []
    for roof in observatory.enclosures:
        under = {each.name for each in observatory.instruments if each.enclosure == roof}
        if mine := [block for block in blocks if block.request.train in under]:
            opened, closed = min(dusk, mine[0].start), max(block.end for block in mine)
            opening.append((opened, Open(roof.name, opened)))
            closing.append((closed, Close(roof.name, closed)))
    observing = [(block.start, Observe(block)) for block in blocks]
    # Of what happens at the same moment, roofs open first and close last.
    return [action for _, action in sorted([*opening, *observing, *closing], key=lambda each: each[0])]


def left_by_flyover(block: Block) -> int:
    """Return how many frames of its goal the flyover of a block leaves for another; none of what does not fly."""
    request = block.request
    return request.beyond + request.count - block.count if request.line.flies else 0


def as_json(wanted: Intent) -> dict[str, Any]:
    """The shape that `obsy apply --dry-run --json` prints."""
    return {
        "night": wanted.night.isoformat(),
        "site": wanted.site,
        "dusk": stamp(wanted.dusk) if wanted.dusk else None,
        "dawn": stamp(wanted.dawn) if wanted.dawn else None,
        "blocks": [_block_json(block) for block in wanted.blocks],
        "unplaced": [
            {
                "plan": each.request.line.plan,
                "goal": each.request.line.key,
                "train": each.request.train,
                "code": each.reason.code,
                "reason": each.reason.words,
            }
            for each in wanted.unplaced
        ],
        "beyond": [
            {"plan": each.request.line.plan, "goal": each.request.line.key, "frames": left_by_flyover(each)}
            for each in wanted.blocks
            if left_by_flyover(each)
        ],
        "worth": {"value": round(wanted.worth.value, 4), "at_most": round(wanted.worth.at_most, 4)}
        if wanted.worth
        else None,
        "shares": [each.as_json() for each in wanted.debts],
        "proofs": [_proof_json(each) for each in proofs(wanted)],
        "actions": [_action_json(action) for action in wanted.actions],
    }


def proofs(wanted: Intent) -> list[Request]:
    """Return a request of each goal in S/N that still wants something, whichever train takes it."""
    found: dict[tuple[str, str], Request] = {}
    for each in [block.request for block in wanted.blocks] + [left.request for left in wanted.unplaced]:
        if each.signal is not None:
            found.setdefault((each.line.plan, each.line.key), each)
    return [*found.values()]


def _proof_json(asked: Request) -> dict[str, Any]:
    signal, until, exposure_s = asked.signal or Signal(), asked.line.goal.until, asked.line.goal.exposure
    left = more(signal, until) if until is not None else None
    return {
        "plan": asked.line.plan,
        "goal": asked.line.key,
        "snr": signal.to_noise,
        "asked": until.snr if until is not None else None,
        "frames": signal.frames,
        "about_s": None if left is None else left * exposure_s,
    }


def block_facts(block: Block) -> dict[str, Any]:
    """Return what the journal and machines are told of a block."""
    line = block.request.line
    return {
        "plan": line.plan,
        "goal": line.key,
        "train": block.request.train,
        "filter": line.filter,
        "exposure_s": line.goal.exposure,
        "count": block.count,
        "start": block.start,
        "end": block.end,
    }


def _block_json(block: Block) -> dict[str, Any]:
    return {**block_facts(block), "start": stamp(block.start), "end": stamp(block.end)}


def _action_json(action: Action) -> dict[str, Any]:
    match action:
        case Calibrate(wanted):
            return {
                "do": "calibrate",
                "train": wanted.train,
                "kind": wanted.kind,
                "filter": wanted.filter,
                "exposure_s": wanted.exposure_s,
                "count": wanted.count,
            }
        case Open(enclosure, at):
            return {"do": "open", "enclosure": enclosure, "at": stamp(at)}
        case Observe(block):
            return {"do": "observe", **_block_json(block)}
        case Close(enclosure, at):
            return {"do": "close", "enclosure": enclosure, "at": stamp(at)}
        case Finish():
            return {"do": "finish"}
