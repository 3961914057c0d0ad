"""Outputs through a real broker, mosquitto: what a reader finds while obsy lives, and after it is killed."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import subscribe

from tests.real.test_mqtt import LOGIN, broker, port
from tests.support.hill import HILL
from tests.support.waiting import wait_until

__all__ = ["port"]
pytestmark = pytest.mark.real
SITE = (
    HILL
    + """\
kind: output
name: house
write: {mqtt: "127.0.0.1:%d", topic: obsy/hill, login: !secret broker}
"""
)
LIVES = """\
import sys, time
from pathlib import Path
from obsy.engine.telling.line import telling
at = {"time": "2026-11-21T19:30:00.000Z", "night": "2026-11-21"}
with telling(Path(sys.argv[1]), None, "real") as line:
    line.hear({**at, "event": "night-started", "state": "waiting"})
    line.hear({**at, "event": "verdict", "enclosure": "dome", "safe": True, "reason": "all is well"})
    line.hear({**at, "event": "weather", "enclosure": "dome", "wind": 12.5})
    print(line.process and line.process.pid, flush=True)
    sys.stdin.read()
    if sys.argv[2] == "killed":
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
"""


GUARDS = """\
import sys, threading
from pathlib import Path
from obsy.engine.telling.line import telling
with telling(Path(sys.argv[1]), None, "guard") as line:
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set())).start()
    while not over.wait(0.1):
        line.beat()
"""


def kept(port: int, topic: str) -> str:
    """What the broker gives to whoever subscribes now."""
    message: Any = subscribe.simple(topic, hostname="127.0.0.1", port=port, auth=LOGIN)
    return str(message.payload.decode())


def comes(port: int, topic: str, value: str) -> None:
    wait_until(lambda: kept(port, topic) == value, 20.0, 0.1)


def declare(folder: Path, port: int) -> None:
    (folder / "site").mkdir()
    (folder / "site" / "site.yaml").write_text(SITE % port)
    (folder / "secrets.yaml").write_text(f"broker: {':'.join(LOGIN.values())}\n")
    (folder / "secrets.yaml").chmod(0o600)


@pytest.mark.parametrize("ends", ["by itself", "killed", "the teller killed"])
def test_a_reader_finds_it_safe_while_obsy_lives_and_unsafe_however_it_ends(
    tmp_path: Path, port: int, ends: str
) -> None:
    declare(tmp_path, port)
    with broker(tmp_path, port):
        command = [sys.executable, "-c", LIVES, str(tmp_path), ends]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as obsy:
            comes(port, "obsy/hill/verdict", "safe")
            state = json.loads(kept(port, "obsy/hill/state"))
            assert (state["reason"], state["weather"]) == ("all is well", {"wind": 12.5})
            safety = json.loads(kept(port, "homeassistant/binary_sensor/obsy_house/safety/config"))
            assert safety["state_topic"] == "obsy/hill/verdict"
            if ends == "the teller killed":
                (teller,) = children(obsy.pid)
                teller.send_signal(signal.SIGKILL)
                comes(port, "obsy/hill/verdict", "unsafe")
            obsy.communicate(b"")
        comes(port, "obsy/hill/verdict", "unsafe")


def test_a_board_hears_that_the_guard_has_all_in_hand_and_the_broker_keeps_nothing_of_it(
    tmp_path: Path, port: int
) -> None:
    declare(tmp_path, port)
    with broker(tmp_path, port):
        command = [sys.executable, "-c", GUARDS, str(tmp_path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as guard:
            heard: Any = subscribe.simple("obsy/hill/guard", hostname="127.0.0.1", port=port, auth=LOGIN)
            assert (heard.payload, heard.retain) == (b"in-hand", False)
            again: Any = subscribe.simple("obsy/hill/guard", hostname="127.0.0.1", port=port, auth=LOGIN)
            assert not again.retain
            guard.communicate(b"")


def children(pid: int) -> list[Any]:
    import psutil  # noqa: PLC0415

    return [each for each in psutil.Process(pid).children() if "obsy.engine.telling" in each.cmdline()]
