"""`obsy devices` asks one server, or those of the site, and says how what it found is declared."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from obsy.cli.devices import devices
from obsy.engine.devices.indi import glance
from obsy.errors import DeviceError, UserError

DOME = {"DRIVER_INFO": {"DRIVER_EXEC": "indi_rolloff_dome", "DRIVER_INTERFACE": "32"}}


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The servers that were asked, in an empty folder."""
    found = list[Any]()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(glance, "glance", lambda *at: found.append(at) or {"RollOff": DOME, "Mine": {}})
    return found


def said(*words: str) -> Result:
    return CliRunner().invoke(devices, [*words], catch_exceptions=False)


def test_the_page_tells_each_device_and_the_yaml_that_declares_it(asked: list[Any]) -> None:
    page = said("--server", "raspberry.local").output
    assert asked == [("raspberry.local", 7624)]
    assert page == (
        "The INDI server at raspberry.local:7624 has 2 devices.\n\n"
        "  Mine     nothing that obsy knows (its driver does not say, not connected)\n"
        "  RollOff  roof (indi_rolloff_dome, not connected)\n\n"
        "What declares them, each part to be put into the document that it names:\n\n"
        "kind: site\nservers: [{name: indi, indi: 'raspberry.local:7624'}]\n"
        "---\nkind: enclosure\ndevice: {indi: RollOff}\n"
    )


def test_a_machine_hears_every_property(asked: list[Any]) -> None:
    (told,) = json.loads(said("--json").output)["servers"]
    assert (told["host"], told["port"]) == ("localhost", 7624)
    assert told["devices"][1] == {
        "name": "RollOff",
        "driver": "indi_rolloff_dome",
        "connected": False,
        "abilities": ["roof"],
        "properties": {"DRIVER_INFO": ["DRIVER_EXEC", "DRIVER_INTERFACE"]},
    }
    assert "device: {indi: RollOff}" in told["yaml"]


def test_where_a_site_declares_servers_those_are_asked(asked: list[Any], tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "site", tmp_path / "site")
    site = tmp_path / "site" / "site.yaml"
    site.write_text(site.read_text() + "servers: [{name: a, indi: a.local}, {name: b, indi: 'b.local:7700'}]\n")
    said()
    assert asked == [("a.local", 7624), ("b.local", 7700)]


def test_a_server_that_is_silent_is_told_with_a_cure(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise DeviceError("no INDI server answers at localhost:7624 (Connection refused)")

    monkeypatch.setattr(glance, "glance", silent)
    with pytest.raises(UserError, match=r"no INDI server answers at localhost:7624 .*: begin it with 'indiserver "):
        said()
    assert "'a:b' is no HOST[:PORT]; write 'localhost:7624'" in said("--server", "a:b").output
