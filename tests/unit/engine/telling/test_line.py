"""The way to the process that tells people: whatever becomes of that, the night is neither held up nor harmed."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from obsy.engine import journal as journals
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import Journal, heard_by, read, stamp
from obsy.engine.telling import line as lines
from obsy.engine.telling.line import Line, telling
from tests.support.hill import HILL
from tests.support.services import WebServer
from tests.support.waiting import wait_until

NIGHT = "2026-11-21"
AT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
ENTRY: dict[str, Any] = {"time": stamp(AT), "night": NIGHT, "event": "alarm", "reason": "stuck"}
SITE = (
    HILL
    + """\
kind: recipient
name: ana
address: !secret ana
hears: [alarm, trouble, summary]
"""
)
DIES = """\
import os, signal, sys, time
from pathlib import Path
from obsy.engine.telling.line import telling
with telling(Path(sys.argv[1]), None, "real") as line:
    line.hear({"time": "2026-11-21T19:30:00.000Z", "night": "2026-11-21", "event": "night-started", "state": "waiting"})
    for _ in range(3000):
        time.sleep(0.01 if line._entries.qsize() else 0.0)
    time.sleep(0.3)
    os.killpg(0, signal.SIGKILL)
"""


@pytest.fixture
def root(tmp_path: Path, web: WebServer) -> Path:
    """An observatory that tells one person."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yaml").write_text(SITE)
    (tmp_path / "secrets.yaml").write_text(f"ana: {web.address('ana')}\n")
    (tmp_path / "secrets.yaml").chmod(0o600)
    return tmp_path


@pytest.mark.long
def test_who_is_killed_is_told_of_by_the_process_that_outlives_it(root: Path, web: WebServer) -> None:
    """Killed with all that belongs to its terminal."""
    killed = subprocess.run([sys.executable, "-c", DIES, str(root)], check=False, start_new_session=True)
    assert killed.returncode == -signal.SIGKILL
    wait_until(lambda: web.told("ana"))
    assert web.told("ana") == ["ALARM hill: obsy died, and nobody watches the roof: give 'obsy apply' again"]
    (root / "data/real/told/acknowledged").write_text("ana")
    wait_until(lambda: web.told("ana")[1:] == ["hill: ana takes care of it"])


@pytest.mark.long
def test_a_rehearsal_that_tells_has_told_all_when_it_ends_whatever_lies_where_it_is_begun(
    root: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "random.py").write_text("raise SystemExit(77)")
    monkeypatch.chdir(root)
    with telling(root, None, "simulated") as line:
        line.hear(ENTRY)
    assert web.told("ana") == ["rehearsal: ALARM hill: stuck"]
    assert [each["event"] for each in read(root / f"data/simulated/told/{NIGHT}.jsonl")] == ["message-sent"]


@pytest.mark.long
def test_a_fault_that_nobody_sees_is_told(root: Path, web: WebServer) -> None:
    with pytest.raises(ValueError, match="no"), telling(root, None, "simulated"):
        raise ValueError("no\nsecond line")
    assert web.told("ana") == ["rehearsal: hill: obsy ended before its time: no"]


@pytest.mark.parametrize("does", ["", "import time; time.sleep(60)", "raise SystemExit(3)", "print('x' * 10**6)", "{"])
def test_whatever_the_process_does_the_night_goes_on_at_once(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LEAVES_WITHIN_S", 0.1)
    monkeypatch.setattr(lines, "MOST", 500)
    line = Line(tmp_path, None, "real", command=[sys.executable, "-c", does])

    def night() -> None:
        for _ in range(3000):
            line.hear(ENTRY)
        line.end()

    playing = threading.Thread(target=night, daemon=True)
    playing.start()
    playing.join(30.0)
    assert not playing.is_alive()
    assert line._entries.qsize() <= 500
    if (process := line.process) is not None and process.returncode is None:
        process.kill()


def test_a_process_that_cannot_be_started_is_told_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(lines, "tell_stderr", said.append)
    line = Line(tmp_path, None, "real", command=["/nowhere/python"])
    wait_until(lambda: said)
    line.end()
    assert said[0].startswith("obsy: nobody is told of this night: FileNotFoundError")


def test_a_disk_that_takes_nothing_keeps_nobody_from_hearing_of_an_alarm(tmp_path: Path) -> None:
    heard: list[str] = []
    with heard_by(lambda entry: heard.append(entry["event"])):
        journal = Journal(tmp_path, NIGHT)
        with pytest.raises(OSError, match="."):
            journal.write(AT, AlarmRaised(reason="stuck"))
        journal.note(AT, AlarmRaised(reason="stuck"))
    assert heard == ["alarm", "alarm"]


def test_who_hears_and_raises_changes_no_byte_of_the_journal(tmp_path: Path) -> None:
    def raises(_: object) -> None:
        raise RuntimeError

    def lies(entry: dict[str, Any]) -> None:
        entry.clear()

    shown: list[dict[str, Any]] = []
    for name, ears in (("plain", []), ("heard", [raises, lies])):
        with Journal(tmp_path / name, NIGHT, shown.append) as journal:
            for ear in ears:
                journals._EARS.append(ear)
            journal.write(AT, AlarmRaised(reason="stuck"))
            journal.note(AT, AlarmRaised(reason="stuck"))
        journals._EARS.clear()
    assert (tmp_path / "plain").read_bytes() == (tmp_path / "heard").read_bytes() != b""
    assert [each["reason"] for each in shown] == ["stuck"] * 4
