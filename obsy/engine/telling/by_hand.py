"""What `obsy notify` does beside the nights: try one way to people or programs, and call people to a night cut off."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from obsy.engine.declare.recipients import Audience
from obsy.engine.events import words
from obsy.engine.events.telling import ObsyDied
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import read
from obsy.engine.telling.desk import ASKS
from obsy.engine.telling.errand import Errand
from obsy.engine.telling.note import Message, Note, Sender, message
from obsy.engine.telling.outputs import Outputs
from obsy.engine.telling.service import ask, send
from obsy.engine.telling.situation import Outlook


def attempt(who: Audience, name: str) -> str:
    """Return why a recipient, a heartbeat or an output was not reached; empty if it was.

    An output is told that it is unsafe.
    """
    return _why_not(_way(who, name))


def _way(who: Audience, name: str) -> Callable[[], None]:
    for output in (each for each in who.outputs if each.name == name):
        ways = Outputs([output], who.root, who.site.timezone)
        return ways.way(output, Outlook(False, "tried by hand"), datetime.now(UTC))
    for beat in (each for each in who.heartbeats if each.name == name):
        return partial(ask, beat.address.get_secret_value())
    test = Message(f"{who.site.name}: a test", "obsy can reach you. Nothing has happened.")
    return partial(send, next(each.address.get_secret_value() for each in who.recipients if each.name == name), test)


def is_cut_off(data_root: DataRoot, night: date) -> bool:
    """Return whether a night that nobody runs has begun and not ended."""
    record = fold(read(data_root.journal(night)))
    return record.begun and not record.ended


def is_cared_for(data_root: DataRoot, night: date) -> bool:
    """Return whether somebody has acknowledged the alarms since a night said its last word."""
    said, journal = data_root.acknowledged, data_root.journal(night)
    return said.exists() and said.stat().st_mtime > journal.stat().st_mtime


def call(who: Audience, data_root: DataRoot, night: date) -> Iterator[tuple[str, str]]:
    """Tell everybody who hears of alarms that a night was cut off; yield each name, and why it was not reached."""
    note = Note(datetime.now(UTC), ObsyDied.severity, words({"event": ObsyDied.name}), urgent=True)
    now = (note.at, fold(read(data_root.journal(night))))
    told = message(Sender(who.site.name, who.site.timezone), [note], now, ASKS)
    for each in (each for each in who.recipients if "alarm" in each.hears):
        yield each.name, _why_not(partial(send, each.address.get_secret_value(), told))


def _why_not(deed: Callable[[], None]) -> str:
    """Return why a service did not take it, or did not answer in time; empty if it did."""
    errand = Errand(deed)
    while not errand.over:
        time.sleep(0.02)
    return errand.reason
