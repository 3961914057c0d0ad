"""Observing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from obsy.engine.events.event import NOTICE, TROUBLE, Event, Reason, Which
from obsy.units import duration


class _Observing(Event):
    train: Which = None
    mount: Which = None
    block: Annotated[str | None, "the id of the block"] = None


class WaitingBegun(_Observing, name="waiting", says="nothing can be taken until {until}; then {plan} {goal}"):
    """Nothing can be taken yet."""

    until: datetime
    plan: Annotated[str, "what comes then"]
    goal: str


class ExecutorMissing(_Observing, severity=TROUBLE, says="the roof stays closed: {reason}"):
    """The program that takes the blocks is not there, or has not what they need."""

    reason: Reason


class ExecutorThere(_Observing, severity=NOTICE, says="what takes the frames is there again"):
    """It is there again, and the roof may open."""


class BlockStarted(_Observing, severity=NOTICE, says="{plan}: {count} × {exposure_s:g} s in {filter}"):
    """A block begins with its slew."""

    plan: str
    goal: str
    filter: str
    exposure_s: float
    count: int
    start: datetime
    end: datetime
    ra_deg: Annotated[float | None, "where it points"] = None
    dec_deg: float | None = None


class StarBeyond(_Observing, severity=NOTICE, says="{star} is {side} than {limit:g} mag: {value} in {filter}"):
    """A plan's target is beyond the limit of its `alert`, in two frames in a row; told once a night and side."""

    plan: str
    star: str
    side: Annotated[str, "`brighter` or `fainter`"]
    limit: float
    magnitude: Annotated[float, "the mean of the two; of a star that was not seen, what it is fainter than"]
    error: Annotated[float | None, "of it; `null` where the star was not seen"]
    filter: Annotated[str, "as the AAVSO calls it"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence, with the magnitude and its error, or as a limit."""
        magnitude, error = float(facts.get("magnitude", 0.0)), facts.get("error")
        value = f"fainter than {magnitude:.2f}" if error is None else f"{magnitude:.2f} +- {float(error):.2f}"
        return super().words({**facts, "value": value})


class Slewed(_Observing, says="the telescope points at {object}"):
    """The telescope points at its target."""

    object: str
    ra_deg: float
    dec_deg: float


class AimedAhead(_Observing, says="{object} will be there at {at}"):
    """The mount was sent to where its target will be in the middle of the next frame."""

    object: str
    ra_deg: float
    dec_deg: float
    at: datetime


class StandsStill(_Observing, says="the mount stands, and the sky passes over {object}"):
    """It was told to track no more, as its plan asks."""

    object: str
    altitude_deg: Annotated[float | None, "where it points; null if the mount does not say"] = None
    azimuth_deg: float | None = None


class StandsUnsaid(StandsStill, says="the mount was told to stand, and does not say whether it tracks"):
    """Its driver tells no tracking: whether the stars of its frames are points or lines, they show."""


class TracksOn(
    _Observing,
    severity=TROUBLE,
    says="the mount does not stop tracking: in one exposure {object} drifts by {drift_arcsec:g} arcsec",
):
    """It was told to track no more, and says that it does; frames are taken all the same."""

    object: str
    drift_arcsec: float


class PointingMeasured(_Observing, says="the telescope points {off_arcsec:g} arcsec beside {object}"):
    """A short exposure was solved."""

    object: str
    ra_deg: Annotated[float, "the middle of the frame"]
    dec_deg: float
    off_arcsec: float


class PointingUnknown(_Observing, says="where the telescope points is not known: {reason}"):
    """A short exposure could not be solved."""

    object: str
    reason: Reason
    exposure_s: float


class Centred(_Observing, says="{object} is centred to {off_arcsec:g} arcsec"):
    """The target is as close to the middle of the frame as its mount declares."""

    object: str
    off_arcsec: float
    tries: Annotated[int, "exposures"]
    spent_s: Annotated[float, "on exposures and corrections"]


class CentringFailed(_Observing, severity=TROUBLE, says="{object} is not centred, the block {then}: {reason}"):
    """It is not that close after as many tries as are declared."""

    object: str
    reason: Reason
    then: Annotated[str, "`goes on` or `gives up`, as declared"]
    spent_s: float


class Focused(_Observing, says="focused in {filter} at {position}: {half_flux_px} px"):
    """A focus run found the best position."""

    filter: str
    position: Annotated[float, "in steps"]
    half_flux_px: float


class FocusFailed(_Observing, severity=TROUBLE, says="no focus found in {filter}: {reason}"):
    """It found none, and the declared position stays."""

    filter: str
    position: Annotated[float, "in steps"]
    reason: Reason


class ExposureStarted(_Observing, says="{object} {filter} {exposure_s:g} s"):
    """The shutter opens."""

    object: str
    filter: str | None
    exposure_s: float


class BlockDone(_Observing, says="{plan} {goal}: {frames} frames"):
    """The block ended by itself."""

    plan: str
    goal: str
    frames: Annotated[int, "delivered"]


class FramesMissed(
    _Observing, severity=TROUBLE, says="{plan} {goal}: {missed} of {count} frames not taken, the mount came too late"
):
    """What is aimed at for each frame was there, and the mount came to some frames when no time was left for them."""

    plan: str
    goal: str
    missed: int
    count: Annotated[int, "planned"]


class PlanChanged(_Observing, name="replanned", says="{planned} was planned next, {instead} comes: {reason}"):
    """What a mount takes next is not what was planned for this time when its last block was chosen."""

    planned: Annotated[str | None, "plan and goal; `null` if nothing was"]
    instead: Annotated[str | None, "plan and goal; `null` if nothing is left"]
    cause: Annotated[str, "`weather`, `failed`, `waits`, `rejected`, `refused`, `alert`, `late`, `early` or `anew`"]
    reason: Reason

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence; nothing is said as a word."""
        return super().words({**facts, **{each: facts.get(each) or "nothing" for each in ("planned", "instead")}})


class GoalWaits(
    _Observing, severity=TROUBLE, says="{plan} {goal} gives way for {pause}: in vain {in_a_row} times, {reason}"
):
    """It failed too often in a row; others are taken meanwhile."""

    plan: str
    goal: Annotated[str | None, "left out where blocks of the plan failed, whatever their goal"] = None
    until: datetime
    pause_s: float
    in_a_row: Annotated[int, "how many frames were rejected, or blocks failed, one after the other"]
    reason: Annotated[str, "of the last one, in words"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence with the pause in words."""
        return super().words({**facts, "pause": duration(facts.get("pause_s") or 0.0)})


class BlockFailed(_Observing, severity=TROUBLE, says="{plan} {goal} was broken off: {reason}"):
    """A device broke it off."""

    plan: str
    goal: str
    reason: Reason
    in_a_row: Annotated[int, "how many blocks have failed one after the other"]
