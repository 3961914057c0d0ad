"""Guiding and dithering."""

from typing import Annotated

from obsy.engine.events.event import NOTICE, TROUBLE, Event, Reason, Which


class _Guiding(Event):
    train: Which = None
    block: Annotated[str | None, "the id of the block"] = None
    object: str


class GuidingStarted(_Guiding, says="{object} is guided"):
    """The guider holds the telescope and has settled."""

    spent_s: Annotated[float, "until it had settled"]


class GuidingUnsettled(_Guiding, severity=TROUBLE, says="{object} is guided, but does not settle as declared"):
    """It guides, not as calmly as declared; frames are taken all the same, unless the plan requires guiding."""

    spent_s: float


class GuidingInterrupted(_Guiding, severity=TROUBLE, says="guiding of {object} was interrupted, {then}: {reason}"):
    """Between two frames the guider was found not to hold, or not to have held, the telescope."""

    reason: Reason
    then: Annotated[str, "`found again`, `begun anew` (once a block) or `given up`"]


class GuidingFailed(_Guiding, severity=TROUBLE, says="{object} is not guided, the block {then}: {reason}"):
    """The guider does not hold the telescope."""

    reason: Reason
    then: Annotated[str, "`goes on without`, or `gives up` where the plan requires it"]
    spent_s: float


class GuiderNotStopped(_Guiding, severity=NOTICE, says="the guider of {train} may still move the mount: {reason}"):
    """A guider that is to rest during this block did not say that it has stopped; the block goes on."""

    reason: Reason


class Dithered(_Guiding, says="dithered by up to {by_px:g} px"):
    """The pointing was moved between two frames."""

    by_px: Annotated[float, "in pixels of the camera"]
    with_: Annotated[str, "`guider` or `mount`"]


class DitherFailed(_Guiding, severity=TROUBLE, says="{object} was not dithered: {reason}"):
    """It was not moved; frames go on at the same place."""

    reason: Reason
