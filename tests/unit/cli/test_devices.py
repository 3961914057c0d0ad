"""`obsy devices` asks one server, or those of the site, and says how what it found is declared."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from obsy.cli.devices import devices
from obsy.engine.devices.indi import offer
from obsy.errors import DeviceError, UserError
from tests.support.alpaca import AlpacaPeer

DOME = {"DRIVER_INFO": {"DRIVER_EXEC": "indi_rolloff_dome", "DRIVER_INTERFACE": "32"}}


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The servers that were asked, in an empty folder."""
    found = list[Any]()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(offer, "glance", lambda *at: found.append(at) or {"RollOff": DOME, "Mine": {}})
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


@pytest.fixture
def site(tmp_path: Path, root: Path) -> Path:
    """The example's observatory, where nothing is asked yet."""
    for folder in ("site", "plans", "library"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "site" / "site.yaml"


def declares(site: Path, servers: str) -> None:
    site.write_text(site.read_text() + f"servers: [{servers}]\n")


def offers(*words: str) -> list[tuple[str, str]]:
    """Return how each server that was asked is called, and by what name the device says it hangs on it."""
    documents = [
        [*YAML(typ="safe").load_all(each["yaml"])] for each in json.loads(said("--json", *words).output)["servers"]
    ]
    return [(server["servers"][0]["name"], roof["device"].get("server", "")) for server, roof in documents]


def test_where_a_site_declares_servers_those_are_asked_and_called_by_their_names(asked: list[Any], site: Path) -> None:
    declares(site, "{name: pier, indi: a.local}, {name: hut, indi: 'b.local:7700'}")
    assert offers() == [("pier", "pier"), ("hut", "hut")]
    assert asked == [("a.local", 7624), ("b.local", 7700)]
    assert offers("--server", "b.local:7700") == [("hut", "hut")], "the flag names one of them"
    assert offers("--server", "c.local") == [("indi", "indi")], "a third"
    assert [each["name"] for each in json.loads(said("--json").output)["servers"]] == ["pier", "hut"]


def test_the_only_server_of_a_site_keeps_its_name_and_another_gets_one_that_is_free(
    asked: list[Any], site: Path
) -> None:
    assert offers() == [("indi", "")]
    declares(site, "{name: indi, indi: a.local}")
    assert offers() == [("indi", "")]
    assert offers("--server", "c.local") == [("indi2", "indi2")]


def test_one_device_is_one(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "glance", lambda *_: {"RollOff": DOME})
    assert said().output.startswith("The INDI server at localhost:7624 has 1 device.\n")


def test_what_two_servers_offer_is_told_apart_and_ends_its_line(asked: list[Any], site: Path) -> None:
    declares(site, "{name: pier, indi: a.local}, {name: hut, indi: b.local}")
    page = said().output
    assert "\n\nThe INDI server at b.local:7624 has 2 devices.\n" in page
    assert page.endswith("device: {indi: RollOff, server: hut}\n")


def test_a_server_that_is_silent_is_told_with_a_cure(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise DeviceError("no INDI server answers at localhost:7624 (Connection refused)")

    monkeypatch.setattr(offer, "glance", silent)
    with pytest.raises(UserError, match=r"no INDI server answers at localhost:7624 .*: begin it with 'indiserver "):
        said()
    for flag in ("a:b", "", "a:0", "a: 12", "a\nb", "\udcff", "http:/"):
        assert f"{flag!r} is no HOST[:PORT]; write 'localhost:7624'" in " ".join(said("--server", flag).output.split())


@pytest.mark.parametrize("flag", ["http://", "http://:80", "http://[", "http://a:b", "http://a\0", "http://a\udcff:1"])
def test_a_slip_in_an_address_is_a_matter_of_usage(flag: str) -> None:
    told = said("--server", flag)
    assert told.exit_code == 2
    assert f"{flag!r}: expected an address of http; write for example" in " ".join(told.output.split())


def test_an_alpaca_server_without_its_http_is_cured_by_it(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "glance", lambda *_: {})
    with pytest.raises(UserError, match="if it speaks Alpaca, 'obsy devices --server http://10.0.0.5:11111'"):
        said("--server", "10.0.0.5:11111")


def test_a_page_for_a_browser_is_not_printed_and_the_cure_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>"
    with AlpacaPeer().listening() as peer:
        peer.raw["configureddevices"] = (404, page)
        peer.devices.clear()
        monkeypatch.setattr(peer, "listed", lambda: None)
        with pytest.raises(UserError) as told:
            said("--server", peer.address)
    asked = "refused '/management/v1/configureddevices': 404 Not Found"
    assert str(told.value) == f"the Alpaca server at {peer.address} {asked}: begin it there, or mend its address"
    with pytest.raises(UserError) as told:
        said("--server", peer.address)
    assert str(told.value).count("begin it there") == 1


def test_a_flag_that_is_no_address_of_a_server_is_told_with_its_cure_and_without_its_password() -> None:
    page = " ".join(said("--server", "http://h:80/api/v1").output.split())
    assert "'http://h:80/api/v1': expected the address of the server alone" in page
    assert "write 'http://h:80'" in page
    for slip in ("http:/h", "http//h", "http://http://h"):
        assert "write 'http://h'" in " ".join(said("--server", slip).output.split())
    page = said("--server", "http://me:secret@h").output
    assert "write 'http://h'" in page
    assert "secret" not in page
