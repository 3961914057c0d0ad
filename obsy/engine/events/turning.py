"""How the camera is turned."""

from typing import Annotated

from obsy.engine.events.event import TROUBLE, Event, Reason, Which


class _Turning(Event):
    train: Which = None
    block: Annotated[str | None, "the id of the block"] = None
    object: str


class AngleMeasured(_Turning, says="the camera stands at {angle_deg:g} deg, {off_deg:g} deg beside what is asked"):
    """A short exposure told how the camera stands."""

    angle_deg: Annotated[float, "of its up, east of north"]
    off_deg: Annotated[float, "east, to half a turn"]


class CameraTurned(_Turning, says="the camera is turned for {object} to {off_deg:g} deg"):
    """The camera stands as its plan asks, or upside down."""

    off_deg: float
    rotator_deg: Annotated[float, "where the rotator stands, by its own scale"]
    tries: Annotated[int, "exposures"]


class TurningFailed(
    _Turning, severity=TROUBLE, says="the camera is not turned for {object}, the block {then}: {reason}"
):
    """It does not stand as its plan asks after as many tries as are declared, or its rotator fails."""

    reason: Reason
    then: Annotated[str, "`goes on` or `gives up`, as declared"]
    spent_s: float
