"""Safety, roof and mount."""

from collections.abc import Mapping
from typing import Annotated, Any

from obsy.engine.events.event import ALARM, NOTICE, TROUBLE, Event, Reason, Which
from obsy.units import WEATHER


class _Enclosed(Event):
    enclosure: Which = None


class VerdictTurned(_Enclosed, name="verdict", severity=NOTICE, says="{word}{reason}"):
    """It became safe or unsafe."""

    safe: bool
    reason: Reason
    input: Annotated[str, "the weather input that decided, or empty"]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the verdict in a word, with its reason; 'not yet' is a word of its own."""
        word = "safe: " if facts.get("safe") else "unsafe: "
        return super().words({**facts, "word": "" if str(facts.get("reason")).startswith("not yet: ") else word})


class WeatherNoted(_Enclosed, name="weather", says="the weather is noted"):
    """Every five minutes; what nobody measured freshly is left out."""

    rain: Annotated[float | None, WEATHER["rain"].unit] = None
    cloud: Annotated[float | None, WEATHER["cloud"].unit] = None
    wind: Annotated[float | None, WEATHER["wind"].unit] = None
    humidity: Annotated[float | None, WEATHER["humidity"].unit] = None
    temperature: Annotated[float | None, WEATHER["temperature"].unit] = None
    sky: Annotated[float | None, WEATHER["sky"].unit] = None
    battery: Annotated[float | None, WEATHER["battery"].unit] = None
    mains: Annotated[float | None, WEATHER["mains"].unit] = None
    monitor: Annotated[float | None, WEATHER["monitor"].unit] = None
    disk: Annotated[float | None, WEATHER["disk"].unit] = None
    clock: Annotated[float | None, WEATHER["clock"].unit] = None


class EvidenceNoted(_Enclosed, name="evidence", says="what the verdict rests on is noted"):
    """Whenever the verdict turned, and every quarter of an hour: what it rests on, see below."""

    part: Annotated[int, "counted from 0 by each keeper of the roof"]
    since: Annotated[str, "the time from which `seen` counts"]
    seen: Annotated[str, "what inputs said, and what else counted: JSON, packed"]
    memory: Annotated[str, "a digest of since when what is broken, within its limit, and not safe"]
    rules: Annotated[Mapping[str, Any] | None, "the policy in force, and the inputs"] = None
    standing: Annotated[Mapping[str, Any] | None, "what was remembered, and what each input said last"] = None
    verdict: Annotated[Mapping[str, Any] | None, "that turned, or that stands where `standing` is told"] = None


class _Overridden(_Enclosed):
    override: Annotated[str, "its name"]
    owner: Annotated[str, "who answers for it"]
    what: Annotated[str, "what counts otherwise, in words"]
    reason: Reason
    until: Annotated[str, "when it ends by itself"]


class OverrideBegun(_Overridden, severity=TROUBLE, says="override '{override}' by {owner}: {what} ({reason})"):
    """From now on an override is in force."""


class OverrideEnded(_Overridden, severity=TROUBLE, says="override '{override}' by {owner} has ended: {what} no more"):
    """It has ended by itself; the policy counts again."""


class RoofOpening(_Enclosed, says="the roof is told to open"):
    """The roof is about to be told to open."""


class RoofOpened(_Enclosed, severity=NOTICE, says="the roof is open"):
    """Its end switch proved it open."""


class RoofClosing(_Enclosed, says="the roof is told to close"):
    """The roof was told to close, a moment before this was written."""


class RoofClosed(_Enclosed, severity=NOTICE, says="the roof is closed"):
    """Its end switch proved it closed."""


class RoofReleased(_Enclosed, severity=NOTICE, says="a person lets the roof open again, that was closed: {reason}"):
    """What another hand, or silent switches, had closed for the night may open again."""

    reason: Reason


class CloseFailed(_Enclosed, severity=ALARM, says="the roof does not close (attempt {attempt}): {reason}"):
    """An attempt to park and close did not succeed."""

    attempt: Annotated[int, "counted from 1"]
    reason: Reason


class ParkFailed(_Enclosed, severity=TROUBLE, says="the mount does not park: {reason}"):
    """The mount does not park, and the roof, which clears it, closes all the same."""

    reason: Reason
    mount: Which = None


class CapFailed(_Enclosed, severity=TROUBLE, says="the telescope is not capped: {reason}"):
    """The telescope could not be capped under the closed roof."""

    reason: Reason
    train: Which = None


class AlarmRaised(_Enclosed, name="alarm", severity=ALARM, says="{reason}"):
    """People are needed."""

    reason: Reason


class MountSetRight(_Enclosed, severity=NOTICE, says="the mount {mount} is told its place and its time anew: {found}"):
    """It reckoned with another place, or another time, than those of the computer, or did so last."""

    mount: str
    found: Annotated[str, "what was off, in words"]


class MountUnparked(_Enclosed, says="the mount {mount} may move"):
    """The mount may move."""

    mount: Which = None


class MountParked(_Enclosed, severity=NOTICE, says="the mount {mount} is parked"):
    """The mount is seen parked."""

    mount: Which = None


class DeviceFailed(_Enclosed, severity=TROUBLE, says="{activity} failed: {reason}"):
    """What a state does was broken off by a device."""

    activity: str
    reason: Reason
