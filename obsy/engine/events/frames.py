"""Frames, and what is made of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from obsy.engine.events.event import NOTICE, TROUBLE, Event, Reason, Which

_Picture = Annotated[str, "the plan, and the tile"]
_FORMERLY = {"object": "picture"}


class _Capture(Event):
    frame: Annotated[str, "the file, within the folder of arrivals"]
    kind: Annotated[str, "`light`, `bias`, `dark` or `flat`"]
    filter: str | None
    exposure_s: float
    plan: str | None
    goal: str | None
    began: Annotated[datetime, "when the exposure began"]
    site: Which = None
    train: Which = None
    block: Annotated[str | None, "the id of the block"] = None


class _Judged(_Capture):
    reason: Annotated[
        str,
        "why it does not count, beginning with a code: `fwhm: 8.2 arcsec, above 6`; of an accepted one, why it is in "
        "no stack: `not-in-the-stack: …`; else empty",
    ]
    measures: Annotated[Mapping[str, float], "such as `fwhm_arcsec`, `stars`, `background_adu`, `eccentricity`"]


class FramesAsked(Event, says="{plan} {goal}: files will come to {folder}"):
    """A ticket, before EKOS takes a block: what every file in this folder is for, whose header will not say it."""

    folder: Annotated[str, "within the folder of arrivals"]
    site: str | None
    train: str | None
    plan: str | None
    goal: str | None
    block: Annotated[str | None, "the id of the block"]
    commit: Annotated[str | None, "of the plans; it ends in `-dirty` if files differed from it"]


class FrameTaken(_Capture, says="taken {frame}"):
    """Its file is complete."""


class FrameRecovered(_Capture, severity=NOTICE, says="found {frame}, which nobody had noted"):
    """After an interruption: a file was delivered that the journal did not know."""


class FrameAccepted(_Judged, says="accepted {frame}"):
    """It counts."""


class FrameRejected(_Judged, severity=NOTICE, says="rejected {frame}: {reason}"):
    """It does not count."""


class FrameUncounted(Event, severity=TROUBLE, says="{frame} is kept and counts for nothing: {reason}"):
    """What a frame says of itself fits no goal that its plan has now."""

    frame: Annotated[str, "the file, within the folder of arrivals"]
    reason: Reason


class FrameQuarantined(Event, severity=TROUBLE, says="put aside {frame}, which is no usable frame: {reason}"):
    """A file is no usable frame; it was put aside, with its reason beside it."""

    frame: str
    code: str
    reason: Reason
    place: Annotated[str, "in the data folder"]


class _Archive(Event):
    frame: Annotated[str | None, "`null` where the disk refuses whatever is to be written"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence, of new files where it is of none in particular."""
        return super().words({**facts, "frame": facts.get("frame") or "new files"})


class ArchiveRefused(_Archive, severity=TROUBLE, says="the archive does not take {frame} yet: {reason}"):
    """The archive cannot take a file now; it stays where the camera put it and is offered again."""

    reason: Reason


class ArchiveTook(_Archive, severity=NOTICE, says="the archive has taken {frame} after all"):
    """The archive took a file that it had refused."""


class FrameUnjudged(Event, severity=TROUBLE, says="no place for {frame}: {reason}"):
    """The archive does not take it; it stays where the camera put it, and no more are taken tonight."""

    frame: str
    reason: Reason


class RowLeftAside(Event, severity=TROUBLE, says="left aside: {reason}"):
    """The store's row of a frame or a product cannot be understood; it counts for nothing until `obsy rebuild`."""

    path: Annotated[str, "in the data folder"]
    reason: Reason


class MasterFailed(Event, severity=TROUBLE, says="no master {kind} {filter} {exposure_s:g} s: {reason}"):
    """A calibration master could not be built."""

    kind: str
    filter: str | None
    exposure_s: float
    reason: Reason
    train: Which = None


class MasterBuilt(Event, severity=NOTICE, says="master {kind} {filter} {exposure_s:g} s from {frames} frames {by}"):
    """A calibration master is ready."""

    kind: str
    filter: str | None
    exposure_s: float
    frames: int
    sha256: str
    train: Which = None

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence, which names the train if it is known."""
        return super().words({**facts, "by": f"by {facts['train']}" if facts.get("train") else ""})


class StackFailed(Event, severity=TROUBLE, says="no stack of {picture} in {filter}: {reason}"):
    """A final stack could not be combined."""

    formerly = _FORMERLY
    picture: _Picture
    filter: str
    reason: Reason
    train: Which = None


class LiveStackFailed(
    Event, severity=TROUBLE, says="a frame did not join the live stack of {picture} in {filter}: {reason}"
):
    """A frame could not join the stack that grows; the final one is not affected."""

    formerly = _FORMERLY
    picture: _Picture
    filter: str
    reason: Reason
    train: Which = None


class StackBuilt(Event, severity=NOTICE, says="stack of {picture} in {filter} from {frames} frames"):
    """The stack of a picture in a filter is ready, of all nights."""

    formerly = _FORMERLY
    picture: _Picture
    filter: str
    frames: int
    train: Which = None
