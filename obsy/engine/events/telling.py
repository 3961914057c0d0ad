"""Messages to people. They stand in a journal of their own, so that the night's is the same whoever is told of it."""

from typing import Annotated

from obsy.engine.events.event import ALARM, NOTICE, TROUBLE, Event, Reason, Which

_To = Annotated[str, "the recipient's name, never its address"]


class MessageSent(Event, says="told {to}: {title}"):
    """The service took the message."""

    to: _To
    title: str
    notes: Annotated[int, "how many events it tells of"]


class MessageFailed(Event, severity=TROUBLE, says="{to} was not told: {title} ({reason})"):
    """The service did not take it; it is tried again."""

    to: _To
    title: str
    reason: Reason


class HeartbeatFailed(Event, severity=TROUBLE, says="the heartbeat '{to}' did not get through: {reason}"):
    """The service outside did not answer; told once until it does again."""

    to: Annotated[str, "its name"]
    reason: Reason


class OutputFailed(Event, severity=TROUBLE, says="the output '{to}' is not written: {reason}"):
    """Another program is not told how the observatory stands; told once until it is again."""

    to: Annotated[str, "its name"]
    reason: Reason


class AlarmsAcknowledged(Event, severity=NOTICE, says="{by} takes care of it"):
    """Somebody answers for the alarms so far."""

    by: str


class NightSummed(Event, says="{headline}"):
    """The report is written."""

    headline: str
    text: Annotated[str, "as `obsy report` prints it"]


class ObsyFailed(Event, severity=TROUBLE, says="obsy ended before its time: {reason}"):
    """The command that ran the night ended with a fault, or never began it."""

    reason: Reason


class ObsyDied(Event, severity=ALARM, says="obsy died, and nobody watches the roof: give 'obsy apply' again"):
    """The process that ran the night is gone, and its journal has no last word."""


class ObsySilent(Event, severity=ALARM, says="obsy has said nothing for {minutes} min: the roof may not be watched"):
    """The process that runs the night is there, and notes the weather no more, or says nothing."""

    minutes: int
    enclosure: Which = None
