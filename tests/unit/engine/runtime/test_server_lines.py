"""The servers of a site: one line to each, and those of somebody else are watched."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi import pulse
from obsy.engine.runtime.server_lines import Lines, indi_device, programs, watching
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer

ROOT = Path(__file__).parents[4]
SITE = declare(ROOT, ROOT / "plans").site
PIER, HUT = DeviceServer(name="pier", indi="pier.local"), DeviceServer(name="hut", indi="hut.local:7700")
OWN = ("localhost", 20_001)
CAMERA = Device(indi="ZWO CCD ASI294MC Pro", driver="indi_asi_ccd")


def lines(*servers: DeviceServer, own: tuple[str, int] | None = OWN) -> Lines:
    return Lines(WallClock(), SITE.model_copy(update={"servers": servers}), own, ExitStack())


def address(here: Lines, device: Device | None) -> tuple[str, int]:
    found = here.device(device, "camera of", "newton", 5.0)
    assert device is not None and found.name == device.indi
    return found.line.address  # type: ignore[attr-defined, no-any-return]


def test_each_device_is_asked_for_at_the_server_that_has_it() -> None:
    here = lines(PIER, HUT)
    assert address(here, Device(indi="EQMod Mount", server="hut")) == ("hut.local", 7700)
    assert address(here, CAMERA) == OWN
    assert address(lines(), Device(indi="CCD Simulator")) == OWN
    assert address(lines(PIER), Device(indi="CCD Simulator")) == ("pier.local", 7624)


def test_devices_of_one_server_share_a_line_until_it_is_asked_for_anew() -> None:
    here, (one, other) = lines(PIER), (Device(indi="One"), Device(indi="Other"))
    assert here.line(one) is here.line(other)
    assert here.anew().line(one) is not here.line(one)


def test_a_device_of_indi_is_asked_for_at_no_alpaca_server() -> None:
    with pytest.raises(UserError, match="no Alpaca server has"):
        lines().asked(CAMERA)


def test_a_driver_that_nobody_names_is_refused_with_both_cures() -> None:
    with pytest.raises(UserError, match="'EQMod Mount', whose driver nobody names: add 'driver: …'.*'servers'"):
        address(lines(), Device(indi="EQMod Mount"))


def test_what_has_no_device_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match="the camera of 'newton' has no device: write"):
        address(lines(PIER), None)


@pytest.mark.parametrize("device", [None, Device(alpaca="camera/0")])
def test_kstars_is_given_no_device_but_indis(device: Device | None) -> None:
    with pytest.raises(UserError, match="the camera of 'newton' has no INDI device: write"):
        indi_device(device, "camera of", "newton", lines(PIER).site)
    assert indi_device(CAMERA, "camera of", "newton", lines(PIER).site) is CAMERA


def test_an_alpaca_device_is_asked_for_at_its_server_beside_indis() -> None:
    near, far = (DeviceServer(name=name, alpaca=f"http://{name}:80") for name in ("near", "far"))
    here = lines(PIER, near, far)
    found = here.device(Device(alpaca="dome/0", server="far"), "enclosure", "roof", 90.0)
    assert isinstance(found, AlpacaDevice)
    assert (found.name, found.line.address, found.timeout_s) == ("dome/0", "http://far:80", 90.0)
    assert address(here, Device(indi="EQMod Mount")) == PIER.address
    with pytest.raises(UserError, match="'dome/0' is not said: add 'server: near' or 'server: far'"):
        here.device(Device(alpaca="dome/0"), "enclosure", "roof", 90.0)
    with pytest.raises(UserError, match="add 'servers: .{name: …, alpaca: http://…}.' to the site"):
        lines(PIER).device(Device(alpaca="dome/0"), "enclosure", "roof", 90.0)


def test_where_obsy_keeps_no_server_nothing_is_asked_of_one() -> None:
    with pytest.raises(UserError, match="no INDI server is begun for 'CCD Simulator'"):
        address(lines(own=None), Device(indi="CCD Simulator"))


def test_only_what_no_server_has_is_begun() -> None:
    devices = (Device(indi="Dome", server="shed"), CAMERA, Device(indi="CCD Simulator"), Device(indi="EQMod Mount"))
    assert programs(devices, SITE) == {"ZWO CCD ASI294MC Pro": "indi_asi_ccd", "CCD Simulator": "indi_simulator_ccd"}
    assert programs(devices, lines(PIER).site) == {"ZWO CCD ASI294MC Pro": "indi_asi_ccd"}


def test_kstars_is_given_the_guards_server_or_else_the_sites() -> None:
    assert lines(PIER).address == OWN
    assert lines(DeviceServer(name="a", alpaca="http://a"), HUT, own=None).address == ("hut.local", 7700)
    assert lines(own=None).address is None


def test_a_server_that_hangs_is_hung_up_on_and_told_of_and_only_what_moves_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = list[Any]()

    async def silent(*said: Any) -> set[str]:
        asked.append(said[:2])
        await asyncio.sleep(0)
        return set()

    monkeypatch.setattr(pulse, "LOOK_S", 0.0)
    monkeypatch.setattr(pulse, "answering", silent)
    here = lines(PIER)
    hung_up = asyncio.Event()

    async def watch() -> None:
        monkeypatch.setattr(type(here.to(PIER.address)), "hang_up", lambda line: hung_up.set())
        async with asyncio.timeout(5.0), watching(here, [Device(indi="RollOff"), CAMERA]):
            await hung_up.wait()
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == 1, "nobody watches any more"

    asyncio.run(watch())
    assert set(map(repr, asked)) == {repr((PIER.address, {"RollOff"}))}
    assert "the INDI server 'pier' at pier.local:7624 does not answer for 'RollOff'" in capsys.readouterr().err
