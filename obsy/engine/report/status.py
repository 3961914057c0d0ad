"""How the observatory stands: what is done of each plan, and where the newest night is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from obsy.engine.journal import Entry
from obsy.engine.report.amount import wanted_s
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.schemas.plan import Plan

NO_NIGHT = "none"


class Counted(Protocol):
    """What the store knows of a goal."""

    @property
    def frames(self) -> int:
        """How many."""
        ...

    @property
    def accepted(self) -> int:
        """How many."""
        ...

    @property
    def rejected(self) -> int:
        """How many."""
        ...

    @property
    def done_s(self) -> float:
        """Accepted exposure."""
        ...


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


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """One plan over all nights."""

    plan: str
    goals: tuple[GoalStatus, ...]


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """The last word on whether it is safe; None if nobody has looked."""

    safe: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What `obsy status` says."""

    night: str | None
    state: str
    verdict: LastVerdict
    plans: tuple[PlanStatus, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape that `obsy status --json` prints."""
        return asdict(self)


def status_of(
    plans: Iterable[Plan], done: Mapping[tuple[str, str], Counted], entries: Sequence[Entry], initial: str
) -> Status:
    """The standing, from what is declared, what is done, and the newest night's journal.

    initial: the state in which a night's table begins.
    """
    night, state, verdict = None, NO_NIGHT, LastVerdict(None, "no night has run here yet")
    for entry in entries:
        night = entry["night"]
        match entry["event"]:
            case "night-started" | "night-resumed":
                state = entry.get("state", initial)
            case "state":
                state = entry["to"]
            case "verdict":
                verdict = LastVerdict(entry["safe"], entry["reason"])
    told = tuple(PlanStatus(plan.name, tuple(_goal(line, done) for line in lines(plan))) for plan in plans)
    return Status(night, state, verdict, told)


def _goal(line: GoalLine, done: Mapping[tuple[str, str], Counted]) -> GoalStatus:
    counted = done.get((line.plan, line.key))
    return GoalStatus(
        goal=line.key,
        filter=line.filter,
        exposure_s=line.goal.exposure,
        wanted_s=wanted_s(line),
        done_s=counted.done_s if counted else 0.0,
        frames=counted.frames if counted else 0,
        accepted=counted.accepted if counted else 0,
        rejected=counted.rejected if counted else 0,
    )
