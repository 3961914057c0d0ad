"""How a German mount changes sides at the meridian."""

from datetime import datetime
from typing import Annotated

from obsy.engine.events.event import TROUBLE, Event, Reason, Which


class _Flipping(Event):
    train: Which = None
    block: Annotated[str | None, "the id of the block"] = None
    object: str


class FlipAwaited(_Flipping, says="no frame of {object} ends within the mount's limit: it stands until {until}"):
    """The next exposure would last beyond the mount's limit, and its target has not passed the meridian yet."""

    until: datetime


class Flipped(_Flipping, says="the mount has changed sides for {object}: it hangs {side} of its pier"):
    """The mount was sent across the meridian, and has changed the side of its pier."""

    side: Annotated[str, "of the pier, as it says: `east`, `west` or `unknown`"]
    tries: int
    spent_s: Annotated[float, "on waiting for the target to pass the meridian, and on slews"]


class FlipFailed(_Flipping, severity=TROUBLE, says="the mount did not change sides for {object}, {then}: {reason}"):
    """It hangs on the side on which it must not track much longer, and stands."""

    reason: Reason
    then: Annotated[str, "`tried again`, or `given up`, which ends the block"]
