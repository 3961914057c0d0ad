"""Which server has a device, and what of a train the guard keeps."""

import pytest

from obsy.engine.declare.servers import TYPES, alpaca_type, only_devices, server_of
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer
from obsy.schemas.site import Site

SITE = Site.model_validate(
    {"kind": "site", "name": "here", "latitude": "40 deg", "longitude": "0 deg", "elevation": "0 m", "timezone": "UTC"}
)
PIER, HUT = DeviceServer(name="pier", indi="pier.local"), DeviceServer(name="hut", indi="hut.local")
ALPACA = DeviceServer(name="dome", alpaca="http://10.0.0.1:11111")


def at(*servers: DeviceServer) -> Site:
    return SITE.model_copy(update={"servers": servers})


def test_without_servers_obsy_begins_the_driver_itself() -> None:
    assert server_of(Device(indi="EQMod Mount"), SITE) is None
    assert server_of(Device(indi="EQMod Mount"), at(ALPACA)) is None


def test_a_device_hangs_on_the_only_server_or_on_the_one_it_names() -> None:
    assert server_of(Device(indi="EQMod Mount"), at(PIER, ALPACA)) == PIER
    assert server_of(Device(indi="EQMod Mount", server="hut"), at(PIER, HUT)) == HUT


def test_a_driver_that_is_named_is_begun_by_obsy_beside_the_servers() -> None:
    assert server_of(Device(indi="EQMod Mount", driver="indi_eqmod_telescope"), at(PIER, HUT)) is None


@pytest.mark.parametrize("servers", [(PIER, HUT), (PIER,), ()])
def test_a_server_that_is_not_said_or_not_there_is_never_guessed(servers: tuple[DeviceServer, ...]) -> None:
    named = Device(indi="EQMod Mount", server="shed" if len(servers) < 2 else None)
    with pytest.raises(UserError, match="which server has the device 'EQMod Mount' is not said"):
        server_of(named, at(*servers))


def test_an_alpaca_device_hangs_on_an_alpaca_server_and_never_on_one_of_obsys() -> None:
    assert server_of(Device(alpaca="dome/0"), at(PIER, ALPACA)) == ALPACA
    for device, servers, cure in (
        (Device(alpaca="dome/0"), (PIER,), "add 'servers: .{name: …, alpaca: http://…}.' to the site$"),
        (Device(indi="Dome", server="shed"), (), "add servers to the site$"),
    ):
        with pytest.raises(UserError, match=cure):
            server_of(device, at(*servers))


def test_of_a_train_only_its_devices_are_kept_however_unfit_it_is() -> None:
    train = {
        "kind": "train",
        "name": "newton",
        "mount": "gem",
        "camera": {"gain": "much", "device": {"indi": "ZWO CCD", "driver": "indi_asi_ccd", "alpaca": 3}},
        "filters": {"slots": [{"role": 7}], "device": {"indi": " Filter Simulator "}},
        "focuser": {"device": {"indi": None}},
    }
    kept = only_devices(train)
    assert kept == {
        "kind": "train",
        "name": "newton",
        "mount": "gem",
        "devices": [{"indi": "ZWO CCD", "driver": "indi_asi_ccd"}, {"indi": "Filter Simulator"}],
    }
    assert only_devices(kept) == kept
    assert only_devices({"kind": "train"}) == {"kind": "train", "devices": []}


@pytest.mark.parametrize("of", TYPES)
def test_what_tells_only_whether_it_is_safe_is_a_monitor_and_all_else_is_what_it_is(of: str) -> None:
    assert alpaca_type(of, ["monitor"]) == "safetymonitor"
    assert alpaca_type(of, ["rain", "wind"]) == alpaca_type(of) == TYPES[of]
