"""Where a server is that somebody else keeps."""

import pytest

from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer


@pytest.mark.parametrize(
    ("said", "meant"),
    [("raspberry.local", ("raspberry.local", 7624)), ("10.0.0.5:7700", ("10.0.0.5", 7700))],
)
def test_an_indi_server_listens_at_its_usual_port_unless_another_is_said(said: str, meant: tuple[str, int]) -> None:
    assert DeviceServer(name="pier", indi=said).address == meant


@pytest.mark.parametrize("driver", ["-f", "indi driver", "", '"x"@localhost'])
def test_a_driver_is_a_program_and_never_an_option_of_the_server(driver: str) -> None:
    with pytest.raises(ValueError, match="driver"):
        Device.model_validate({"indi": "EQMod Mount", "driver": driver})


@pytest.mark.parametrize("driver", ["indi_asi_ccd", "/opt/indi/bin/indi_eqmod", "indi_lx200_10micron"])
def test_a_driver_is_named_as_it_is_begun(driver: str) -> None:
    assert Device.model_validate({"indi": "EQMod Mount", "driver": driver}).driver == driver


@pytest.mark.parametrize("key", ["server", "driver", "label"])
def test_what_says_nothing_of_another_way_to_a_device_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no-effect: a device of INDI"):
        Device.model_validate({"alpaca": "camera/0", key: "x"})
