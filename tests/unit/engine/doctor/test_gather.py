"""What a machine says of itself is read right; what it does not say is None."""

import os
import shutil
import socket
import sys
import threading
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from obsy.engine.devices.indi import offer
from obsy.engine.doctor.facts import SecondOpinion
from obsy.engine.doctor.gather import _broken, gather, open_ports
from obsy.errors import DeviceError

TCP = """\
   0: 00000000:1DC8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1DC9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   2: 00000000:1DCA 0100007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   0: 00000000000000000000000000000000:4E20 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1 1 0 100 0 0 10 0
"""
DUSK = SecondOpinion("dusk over here", 0.1, 180.0, "s")
"""What astroplan says takes it a second to load; it is tested by itself."""


def test_a_port_is_open_that_listens_to_everybody() -> None:
    assert list(open_ports(TCP.splitlines(), [7624, 7625, 7626, 20000, 1])) == [7624, 20000]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any program, and an empty folder."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("obsy.engine.doctor.gather.opinions", lambda *_, events: ((DUSK,) if events else (), ()))
    return tmp_path


def test_a_bare_machine_says_what_python_knows_and_nothing_else(bare: Path) -> None:
    (bare / "random.py").touch()
    facts = gather(bare, survey(bare))
    assert (facts.python, facts.programs, facts.kstars, facts.git) == (sys.version_info[:2], frozenset(), None, None)
    assert (facts.declared, facts.devices, facts.synchronised, facts.guard_enabled) == (False, (), None, None)
    assert (facts.shadows, facts.data, facts.writable) == (("random.py",), (), True)
    assert facts.libraries["numpy"][1] == "2"
    assert "jeepney" not in facts.libraries


def test_numbers_of_the_planets_that_are_not_whole_are_told(tmp_path: Path, root: Path) -> None:
    shipped, here = root / "obsy/engine/sky/planets", tmp_path / "planets"
    shutil.copytree(shipped, here)
    assert [*_broken(here)] == []
    numbers = bytearray((here / "planets.npy").read_bytes())
    numbers[100_000] ^= 1  # of the right length, and wrong
    (here / "planets.npy").write_bytes(numbers)
    assert [*_broken(here)] == ["planets.npy, which is not whole"]


def test_the_example_says_which_devices_it_moves_and_what_a_night_of_it_fills(bare: Path, root: Path) -> None:
    facts = gather(root, survey(root, root / "plans"))
    assert facts.devices[:3] == ("RollOff Simulator", "Telescope Simulator", "CCD Simulator")
    assert {"Rain Sensor", "Cloud Sensor"} < {*facts.devices}, "without weather no roof opens"
    assert facts.drivers["CCD Simulator"] == "indi_simulator_ccd"
    assert {"jeepney", "pyindi-client"} <= set(facts.libraries)
    assert facts.sky == (DUSK,)
    assert 1.0 < facts.night_gb < 10.0  # some 250 lights of a megapixel, 12 bytes each
    assert facts.free_gb is not None


@pytest.mark.long
def test_what_hangs_on_a_server_is_asked_for_there(
    bare: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    for room in ("site", "library"):
        shutil.copytree(root / room, here / room)
    site = here / "site" / "site.yaml"
    site.write_text(site.read_text() + "servers: [{name: pier, indi: 'pier.local:7700'}]\n")
    asked = list[tuple[str, int]]()

    def offers(*address: object) -> dict[str, dict[str, str]]:
        asked.append(address)  # type: ignore[arg-type]
        return dict.fromkeys(("RollOff Simulator", "CCD Simulator", "Rain Sensor"), {})

    monkeypatch.setattr(offer, "glance", offers)
    facts = gather(here, survey(here))
    assert (facts.devices, facts.servers, asked) == ((), ("pier at pier.local:7700",), [("pier.local", 7700)])
    assert facts.is_real and len(facts.lacking) == 1, "what is there is listed once"
    gone, _, has = facts.lacking[0].partition(", but ")
    assert gone.startswith("'pier' has no ")
    assert "and no 'Cloud Sensor'" in gone
    assert has == "'CCD Simulator', 'Rain Sensor', 'RollOff Simulator'"

    gauges = {"WEATHER_PARAMETERS": {"WEATHER_CLOUD": "10"}}
    monkeypatch.setattr(offer, "glance", lambda *_: {each: gauges for each in ("Rain Sensor", "Cloud Sensor")})
    told = [each for each in gather(here, survey(here)).lacking if "tells" in each]
    assert told == ["'Rain Sensor' tells no rain, which weather 'rain-sensor' is to measure"]

    def silent(*address: object) -> None:
        raise DeviceError("no INDI server answers at pier.local:7700 (Connection refused)")

    monkeypatch.setattr(offer, "glance", silent)
    assert gather(here, survey(here)).lacking == (
        "no INDI server answers at pier.local:7700 (Connection refused) ('pier')",
    )


def test_a_declared_guider_is_there_if_phd2_greets_at_its_address(bare: Path, root: Path) -> None:
    here = bare / "here"
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, here / room)
    plan, train = here / "plans" / "m31.yaml", here / "site" / "newton.yaml"
    plan.write_text(plan.read_text().replace("kind: plan\n", "kind: plan\nguiding: required\n", 1))
    hello = b'{"Event":"Version","Timestamp":1.0,"Host":"pier","Inst":1,"PHDVersion":"2.6.13","MsgVersion":1}\r\n'
    with socket.create_server(("127.0.0.1", 0)) as phd2:
        at = f"127.0.0.1:{phd2.getsockname()[1]}"
        train.write_text(train.read_text() + f"guider: {{phd2: '{at}'}}\n")

        def greet() -> None:
            line, _ = phd2.accept()
            with line:
                line.sendall(hello)

        greeter = threading.Thread(target=greet)
        greeter.start()
        facts = gather(here, survey(here, here / "plans"))
        greeter.join()
    assert (facts.guiders, facts.silent, facts.must_guide) == ((at,), (), True)
    with socket.socket() as deaf:  # held and not listened at, so that nobody else is met there
        deaf.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{deaf.getsockname()[1]}"
        train.write_text(train.read_text().replace(at, nobody))
        assert gather(here, survey(here, here / "plans")).silent == (nobody,)


def test_a_clock_that_chrony_keeps_is_synchronised(bare: Path) -> None:
    (bare / "bin").mkdir()
    (bare / "bin" / "chronyc").write_text(f"#!{os.path.realpath('/bin/sh')}\necho C0A80101,1,0.1\n")
    (bare / "bin" / "chronyc").chmod(0o755)
    assert gather(bare, survey(bare)).synchronised is True
