"""One roof has one guard, however its server is spelled."""

import socket
from dataclasses import replace
from pathlib import Path
from threading import Event, current_thread

import pytest

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment
from obsy.engine.runtime.guard import claims
from obsy.engine.runtime.guard.claims import devices
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer

ROOT = Path(__file__).parents[5]
DOME, TELESCOPE = Device(indi="Dome"), Device(indi="Telescope Simulator")
EQUIPMENT = read_equipment(ROOT)
KNOWN = {"pier.local": "192.0.2.7", "192.0.2.7": "192.0.2.7", "localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1"}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host.lower() not in KNOWN:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (KNOWN[host.lower()], port))]

    monkeypatch.setattr(socket, "getaddrinfo", look)


def site(server: str | None, *, dome: Device = DOME, telescope: Device = TELESCOPE) -> SafetyEquipment:
    (roof,), (mount,) = EQUIPMENT.enclosures, EQUIPMENT.mounts
    servers = () if server is None else (DeviceServer(name="pier", indi=server),)
    return replace(
        EQUIPMENT,
        site=EQUIPMENT.site.model_copy(update={"servers": servers}),
        enclosures=(roof.model_copy(update={"device": dome}),),
        mounts=(mount.model_copy(update={"device": telescope}),),
    )


def claimed(server: str | None, dome: Device = DOME) -> set[str]:
    """What is claimed of the dome."""
    return {each for each in devices(site(server, dome=dome), ROOT) if "Dome" in each}


def test_of_each_device_there_is_one_but_every_server_has_simulators_of_its_own(tmp_path: Path) -> None:
    simulator = f"the device 'Telescope Simulator' of the site '{EQUIPMENT.site.name}' in {tmp_path}"
    assert devices(site(None), tmp_path) == {"the device 'Dome'", "the device 'Dome' at this computer:7624", simulator}
    assert devices(site("pier.local"), tmp_path) == {
        "the device 'Dome' at 192.0.2.7:7624",
        "the device 'Telescope Simulator' at 192.0.2.7:7624",
    }, "whoever else drives them, that server has one of each"
    assert devices(site("gone.local"), tmp_path) == {
        "the device 'Dome'",
        "the device 'Telescope Simulator' at gone.local:7624",
    }


def test_what_has_no_device_of_indi_is_nobodys() -> None:
    (roof,) = EQUIPMENT.enclosures
    silent = [roof.model_copy(update={"device": each}) for each in (None, Device.model_construct())]
    assert devices(replace(EQUIPMENT, enclosures=tuple(silent), mounts=()), ROOT) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("localhost", "127.0.0.1:7624"),
        ("LocalHost", "localhost:07624"),
        ("pier.local", "192.0.2.7"),
        ("Pier.Local", "pier.local:7624"),
        ("gone.local", "GONE.local:7624"),
        ("localhost", None),
        ("gone.local", None),
    ],
)
def test_one_dome_is_claimed_once_however_its_server_is_spelled(one: str, other: str | None) -> None:
    own = Device(indi="Dome", driver="indi_dome")
    assert claimed(one) & claimed(other)
    assert claimed(one) & claimed(other, dome=own if other is None else DOME)


@pytest.mark.parametrize("other", ["localhost:7625", "pier.local", "gone.local"])
def test_domes_of_two_servers_are_two(other: str) -> None:
    assert not claimed("localhost") & claimed(other)


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Event()
    monkeypatch.setattr(claims, "FOUND_WITHIN_S", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] if answers.wait(30.0) else [])
    assert claimed("pier.local") == {"the device 'Dome'"}
    answers.set()


def test_a_look_up_that_hangs_keeps_no_guard_from_ending_and_asks_for_any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, begun, over = list[tuple[int, bool]](), Event(), Event()

    def hang(host: str, port: int, **_: object) -> list[object]:
        asked.append((port, current_thread().daemon))
        begun.set()
        over.wait(30.0)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(claims, "FOUND_WITHIN_S", 0.2)
    assert claims.addresses("pier.local") == set()
    assert begun.wait(30.0)
    over.set()
    assert asked == [(0, True)]


def test_where_no_thread_can_be_had_a_server_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(claims.Thread, "start", none)
    assert claimed("pier.local") == {"the device 'Dome'"}


def test_an_alpaca_device_is_one_at_its_server_however_its_address_is_spelt() -> None:
    def claimed_at(*addresses: str) -> set[str]:
        equipment = site(None, dome=Device(alpaca="dome/0"))
        servers = tuple(DeviceServer(name=each, alpaca=each) for each in addresses)
        own = equipment.site.model_copy(update={"servers": servers})
        return devices(replace(equipment, site=own, mounts=()), ROOT)

    assert (
        claimed_at("http://pier.local")
        == claimed_at("http://192.0.2.7:11111/")
        == {"the device 'dome/0' at 192.0.2.7:11111"}
    )
    assert claimed_at("http://gone.local:80") == {"the device 'dome/0' at gone.local:80"}
    assert claimed_at() == set(), "no server has it"
