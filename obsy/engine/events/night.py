"""The night and its states."""

from collections.abc import Mapping
from typing import Annotated, Any

from obsy.engine.events.event import NOTICE, TROUBLE, Event, Reason, Which


class _Begin(Event):
    state: Annotated[str, "where the night begins"]
    version: Annotated[str, "of obsy"]
    commit: Annotated[str | None, "of the plans"]
    scenario: Annotated[str | None, "of a rehearsal"]
    seed: Annotated[int | None, "of a rehearsal"]
    intent: Annotated[Mapping[str, Any], "what is to be done, in the shape of `obsy apply --dry-run --json`"]
    site: Which = None
    overheads: Annotated[
        Mapping[str, Any] | None, "by train, what planning counts otherwise than it is declared, as journals tell it"
    ] = None
    states: Annotated[Mapping[str, str] | None, "where it begins under each of several enclosures"] = None
    tables: Annotated[Mapping[str, Any] | None, "the state table of each enclosure"] = None


class NightStarted(_Begin, severity=NOTICE, says="The night of {night} begins."):
    """Before anything else."""


class NightResumed(_Begin, severity=TROUBLE, says="The night of {night}, {after}, is taken up again."):
    """Instead, when a night that was interrupted, or finished before new work was declared, is taken up again."""

    after: Annotated[str, "`interrupted`, `ended early`, `finished`, or `cut off` without a last word"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence; the first journals did not say how the night had ended."""
        return super().words({"after": "interrupted", **facts})


class StateChanged(Event, name="state", severity=NOTICE, says="{to}"):
    """The state table moved."""

    from_: str
    to: str
    on: Annotated[str, "the event of the table: `dusk`, `dawn`, `done`, `failed`, `safe` or `unsafe`"]
    facts_: Annotated[
        Mapping[str, bool],
        "what its guards were told: `is_safe`, `is_dark`, `calibration_missing`, `work_left`, `dusk_ahead`",
    ]
    detail: Annotated[str, "in words"]
    enclosure: Which = None

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the name of the new state; nothing if it is the old one, begun anew."""
        return "" if facts.get("from") == facts.get("to") else super().words(facts)


class ActivityStuck(Event, severity=TROUBLE, says="what was being done has not let go after {after_s:g} s"):
    """What a state did was told to stop and has not let go; the next activity begins all the same."""

    after_s: float
    enclosure: Which = None


class FaultMet(Event, name="fault", severity=TROUBLE, says="a fault of obsy in '{activity}': {reason}"):
    """Something in obsy failed; the table's `failed` follows, and the command ends with exit 3."""

    activity: str
    reason: Reason
    enclosure: Which = None


class NightInterrupted(
    Event, severity=TROUBLE, says="Interrupted ({reason}): the mount is {mount_is}, the roof {roof_is}."
):
    """Last, when the night is told to stop or gives up; the roof was brought to safety before, as far as it goes."""

    reason: Reason
    roof_is: Annotated[str, "`closed`, `open`, `moving` or `unknown`, as its end switches say"]
    mount_is: Annotated[str, "`parked`, `not parked` or `unknown`, as its encoders say"]
    enclosure: Which = None


LOST = {"rejected": "rejected frames and failed blocks", "idle": "idle time", "order": "the order of blocks"}


class NightLookedBack(
    Event, name="hindsight", severity=NOTICE, says="Reached {share} of the best that the weather allowed"
):
    """Every roof is closed, and the night was planned again, knowing when it was safe and how long things took."""

    value: Annotated[float, "of the night, in points (docs/value.md)"]
    best: Annotated[float, "the best that was found in hindsight"]
    share_percent: float
    lost: Annotated[Mapping[str, float], "points by what cost them: `rejected`, `idle`, `order`"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence, with what cost most."""
        said = super().words({**facts, "share": f"{facts.get('share_percent') or 0.0:.3g} %"})
        lost = facts.get("lost") or {}
        most = max(lost, key=lambda name: lost[name], default=None)
        if most is None or lost[most] <= 0:
            return f"{said}."
        cost = f"{lost[most]:.3g} of {facts['best']:.3g} points"
        return f"{said}; {LOST.get(most, most)} cost most ({cost})."


class NightEndedEarly(Event, severity=TROUBLE, says="The night of {night} ended early: {reason}"):
    """Last, instead of the next, when verdicts are still owed; the same command pays them."""

    reason: Reason


class NightFinished(Event, severity=NOTICE, says="The night of {night} is finished."):
    """Last, unless new work is declared before dawn."""
