"""The process that tells people: `python -m obsy.engine.telling ROOT SITE REALM`, a line of JSON an event."""

import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from obsy.engine.declare.recipients import audience
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Entry, moment
from obsy.engine.telling.teller import Teller

GLANCE_S = 0.5


def main(root: str, site: str, realm: str) -> None:
    """Tell whoever is declared, until the night is over and all is told."""
    rehearsal, who = realm == "simulated", audience(Path(root), site or None)
    if who is None or who.is_empty:
        return
    data_root = DataRoot.of(Path(root), who.site, rehearsal)
    teller = Teller(data_root, who, rehearsal=rehearsal, since_s=time.monotonic() if realm == "real" else None)
    try:
        (_rehearse if rehearsal else _live)(teller)
    finally:
        teller.close()


def _live(teller: Teller) -> None:
    lines: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()

    def listen() -> None:
        for entry in _heard():
            lines.put(entry)
        lines.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while not teller.is_done(now_s := time.monotonic()):
        try:
            with suppress(queue.Empty):
                entry = lines.get(timeout=GLANCE_S)
                teller.hear(entry, now_s) if entry is not None else teller.lost(now_s)
            teller.tick(now_s)
        except Exception as fault:  # ours: the next alarm may get through all the same
            teller.note_fault(fault)


def _rehearse(teller: Teller) -> None:
    """Tell by the clock of the events, and wait for each message."""
    now_s = 0.0
    for entry in _heard():
        now_s = moment(entry["time"]).timestamp()
        _tick(teller, now_s)
        teller.hear(entry, now_s)
    while not teller.is_done(now_s):
        now_s += GLANCE_S
        _tick(teller, now_s)


def _tick(teller: Teller, now_s: float) -> None:
    teller.tick(now_s)
    while teller.busy:
        time.sleep(0.02)
        teller.tick(now_s)


def _heard() -> Iterator[Entry]:
    for line in sys.stdin.buffer:
        with suppress(ValueError):  # the last one of a process that died
            yield json.loads(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
