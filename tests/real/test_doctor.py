"""`obsy doctor` on a machine with real parts knows the KStars that is there, and an INDI server that is open to all."""

import socket
import subprocess
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from obsy.engine.devices.ekos.installed import kstars_version
from obsy.engine.doctor.checks import Level, findings
from obsy.engine.doctor.gather import gather
from tests.support.waiting import wait_until

pytestmark = pytest.mark.real


def test_the_programs_of_a_real_night_are_found_and_an_open_server_is_told(root: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(["indiserver", "-p", str(port), "-u", str(tmp_path / "s"), "indi_simulator_dome"]) as server:
        try:
            wait_until(lambda: port in gather(root, survey(root)).open_ports)
            facts = gather(root, survey(root))
        finally:
            server.terminate()
    told = {each.check: each for each in findings(facts)}
    assert {told[each].level for each in ("kstars", "indiserver", "Xvfb", "dbus-daemon", "libraries")} == {Level.FIT}
    assert (facts.kstars, port in facts.open_ports) == (kstars_version(), True)
    assert (told["indi-port"].level, str(port) in told["indi-port"].found) == (Level.WARNING, True)
