"""How the observatory stands: what is done of each plan, and where the newest night is."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from obsy.engine.declare.instrument import Instrument
from obsy.engine.journal import stamp
from obsy.engine.night_record import INTERRUPTED, MOUNTS, ROOFS, VERDICTS, EnclosureRecord, NightRecord, peril, rank
from obsy.engine.progress import NOTHING, ProgressByGoal
from obsy.engine.report.words import asked, proven
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.engine.schedule.shares import Debt
from obsy.engine.signal import Signal, more
from obsy.schemas.override import Override
from obsy.schemas.plan import Plan

NO_NIGHT = "none"


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """One line of a plan over all nights."""

    goal: str
    filter: str
    exposure_s: float
    wanted_s: float | None
    """None where the sky decides, as for a cadence or a transit."""
    done_s: float
    frames: int
    accepted: int
    rejected: int
    unstacked: tuple[str, ...]
    """Why accepted frames are in no stack, one each."""
    count: int | None
    """Frames wanted, where it is frames and not a time."""
    trains: Mapping[str, int]
    """Accepted frames by the train that took them."""
    asked: str
    """The amount in words: '3 h', '2 frames every 4 d'."""
    torn: int = 0
    """Accepted frames of nights that lacked what they count together with; they count for nothing."""
    proof: dict[str, Any] | None = None
    """Of a goal in S/N, what its frames prove."""


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """One plan over all nights."""

    plan: str
    trains: tuple[str, ...]
    """The train that has begun it; of one that nobody has begun, each that could."""
    goals: tuple[GoalStatus, ...]


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """The last word on whether it is safe; None if nobody has looked."""

    safe: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class EnclosureStatus:
    """How the night stands under one enclosure, as its journal says."""

    enclosure: str
    state: str
    verdict: LastVerdict
    roof: str
    """open, closed, opening, closing, moving or unknown; empty if the journal does not say."""
    mount: str
    """parked, not parked or unknown; empty if the journal does not say."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `obsy status` says."""

    night: str | None
    last: datetime | None
    """When the journal was written last."""
    enclosures: tuple[EnclosureStatus, ...]
    """At least one; nameless where there is only one."""
    plans: tuple[PlanStatus, ...]
    left_aside: tuple[str, ...] = ()
    """Why rows of the store could not be understood."""
    overrides: tuple[dict[str, Any], ...] = ()
    """What counts otherwise for a time, and whether it does now."""
    shares: tuple[Debt, ...] = ()
    """How each share of the time stands."""

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `obsy status --json` prints: of several enclosures, the worst stands for the night."""
        every = self.enclosures
        told = {
            "state": max(every, key=lambda each: peril(each.state, each.roof, each.mount, each.verdict.safe)).state,
            "verdict": asdict(max(every, key=lambda each: rank(each.verdict.safe, VERDICTS)).verdict),
            "roof": max(every, key=lambda each: rank(each.roof, ROOFS)).roof,
            "mount": max(every, key=lambda each: rank(each.mount, MOUNTS)).mount,
        }
        several = [asdict(each) for each in self.enclosures] if len(self.enclosures) > 1 else []
        plans = [asdict(plan) for plan in self.plans]
        last = stamp(self.last) if self.last else None
        shape = {"night": self.night, **told, "last": last, "plans": plans, "enclosures": several}
        return {
            **shape,
            "left_aside": [*self.left_aside],
            "overrides": [*self.overrides],
            "shares": [each.as_json() for each in self.shares],
        }


def override_status(override: Override, now: datetime) -> dict[str, Any]:
    """Return an override for machines: by whom, what, why, from when to when, and whether it is in force."""
    told = {name: getattr(override, name) for name in ("name", "owner", "what", "reason")}
    in_force = override.since <= now < override.until
    return {**told, "since": stamp(override.since), "until": stamp(override.until), "in_force": in_force}


def status_of(plans: tuple[PlanStatus, ...], night: str | None, record: NightRecord, runs: bool) -> Status:
    """Return how all stands, from what is done, and what the newest night's journal tells.

    runs: whether a process is at work; a night that nobody runs and that has not ended was interrupted.
    """
    stopped = record.ended == INTERRUPTED or (record.begun and not record.ended and not runs)
    enclosures = tuple(_enclosure(night, record.begun, stopped) for night in record.enclosures)
    return Status(night, record.last, enclosures, plans)


def plan_status(plan: Plan, serving: Iterable[Instrument], done: ProgressByGoal) -> PlanStatus:
    """Return what is done of a plan."""
    trains = tuple(each.name for each in serving)
    return PlanStatus(plan.name, trains, tuple(_goal(line, done) for line in lines(plan)))


def _enclosure(night: EnclosureRecord, begun: bool, stopped: bool) -> EnclosureStatus:
    state = INTERRUPTED if stopped else night.state or ("begun" if begun else NO_NIGHT)
    reason = night.reason or ("nobody has looked yet" if begun else "no night has run here yet")
    return EnclosureStatus(night.enclosure, state, LastVerdict(night.safe, reason), night.roof_is, night.mount_is)


def _goal(line: GoalLine, done: ProgressByGoal) -> GoalStatus:
    it = done.get((line.plan, line.key), NOTHING)
    return GoalStatus(
        goal=line.key,
        filter=line.filter,
        exposure_s=line.goal.exposure,
        wanted_s=line.wanted_s,
        done_s=it.done_s,
        frames=it.frames,
        accepted=it.accepted,
        rejected=it.rejected,
        unstacked=it.unstacked,
        count=line.count,
        trains=dict(it.trains),
        asked=asked(line.goal),
        torn=it.torn,
        proof=_proof(line, it.signal),
    )


def _proof(line: GoalLine, signal: Signal) -> dict[str, Any] | None:
    """Return how far a goal in S/N has come, for machines, and in words."""
    until = line.goal.until
    if until is None:
        return None
    left, words = more(signal, until), proven(signal, until, line.goal.exposure)
    about_s = None if left is None else left * line.goal.exposure
    return {"snr": signal.to_noise, "asked": until.snr, "frames": signal.frames, "about_s": about_s, "words": words}
