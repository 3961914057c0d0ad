"""Where a server is that somebody else keeps."""

import pytest
from pydantic import ValidationError

from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer


@pytest.mark.parametrize(
    ("said", "meant"),
    [("raspberry.local", ("raspberry.local", 7624)), ("10.0.0.5:7700", ("10.0.0.5", 7700))],
)
def test_an_indi_server_listens_at_its_usual_port_unless_another_is_said(said: str, meant: tuple[str, int]) -> None:
    assert DeviceServer(name="pier", indi=said).address == meant


@pytest.mark.parametrize("said", ["pier.local.", "x" * 63 + ".org", "observatório.local:7700", "pier"])
def test_a_host_has_labels_of_63_letters_at_most(said: str) -> None:
    assert DeviceServer(name="pier", indi=said).indi == said


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("a..b", "write 'a.b'"),
        ("indi://a..b/x", "write 'a.b'"),
        (".b", "write for example 'raspberrypi.local'"),
        ("x" * 64, "write for example 'raspberrypi.local'"),
        ("[::1]:7624", "write for example 'raspberrypi.local'"),
        ("h:\u0661\u0662", "write for example 'raspberrypi.local'"),
        ("me@pier", "write for example 'raspberrypi.local'"),
        ("pier?x=1", "write for example 'raspberrypi.local'"),
        ("pier#a", "write for example 'raspberrypi.local'"),
    ],
)
def test_what_no_host_can_be_called_is_refused_with_what_can_be(said: str, mend: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DeviceServer(name="pier", indi=said)
    assert refused.value.errors()[0]["ctx"]["mend"] == mend


@pytest.mark.parametrize("driver", ["-f", "indi driver", "", '"x"@localhost'])
def test_a_driver_is_a_program_and_never_an_option_of_the_server(driver: str) -> None:
    with pytest.raises(ValueError, match="driver"):
        Device.model_validate({"indi": "EQMod Mount", "driver": driver})


@pytest.mark.parametrize("driver", ["indi_asi_ccd", "/opt/indi/bin/indi_eqmod", "indi_lx200_10micron"])
def test_a_driver_is_named_as_it_is_begun(driver: str) -> None:
    assert Device.model_validate({"indi": "EQMod Mount", "driver": driver}).driver == driver


@pytest.mark.parametrize("key", ["driver", "label"])
def test_what_says_nothing_of_another_way_to_a_device_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no-effect: a device of INDI"):
        Device.model_validate({"alpaca": "camera/0", key: "x"})


@pytest.mark.parametrize("said", ["dome", "dome/x", "Dome/0", "switch/0", "dome/0/", "camera/-1", "telescope 0"])
def test_an_alpaca_device_is_a_type_and_a_number(said: str) -> None:
    with pytest.raises(ValueError, match="not-understood: a type and a number"):
        Device.model_validate({"alpaca": said})
    assert Device(alpaca="dome/0", server="hut").called == "dome/0"


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("dome", "write 'dome/0'"),
        ("Dome/0", "write 'dome/0'"),
        ("dom/12", "write 'dome/12'"),
        ("telescope 1", "write 'telescope/1'"),
        ("kettle/0", "write for example 'camera/0'"),
    ],
)
def test_a_slip_in_an_alpaca_device_is_cured_by_the_nearest_type(said: str, mend: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Device.model_validate({"alpaca": said})
    assert refused.value.errors()[0]["ctx"]["mend"] == mend


@pytest.mark.parametrize(
    "said", ["http:/pier:80/a", "http//pier:80/a", "http://http://pier:80/a", "https://http//pier:80/a"]
)
def test_a_slip_in_the_beginning_of_an_address_of_http_is_cured(said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DeviceServer(name="pier", alpaca=said)
    assert refused.value.errors()[0]["ctx"]["mend"] == "write 'http://pier:80/a'"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("http://10.0.0.5", ("10.0.0.5", 11111)),
        ("http://10.0.0.5:80", ("10.0.0.5", 80)),
        ("https://hut.local/alpaca", ("hut.local", 443)),
        ("http://hut.local./apiary/", ("hut.local.", 11111)),
        ("http://api:80", ("api", 80)),
        ("http://http/api.v2", ("http", 11111)),
        ("http://observatório.local:65535", ("observatório.local", 65535)),
        ("http://[fe80::1]:80", ("fe80::1", 80)),
    ],
)
def test_an_alpaca_server_has_an_address(said: str, address: tuple[str, int]) -> None:
    hut = DeviceServer(name="hut", alpaca=said)
    assert (hut.address, hut.at, hut.way) == (address, said, "alpaca")


@pytest.mark.parametrize("said", ["http://10.0.0.5:99999", "http://10.0.0.5:0", "http://10.0.0.5:a"])
def test_a_port_that_is_none_is_told(said: str) -> None:
    with pytest.raises(ValueError, match="not-understood: an address of http"):
        DeviceServer(name="hut", alpaca=said)


NO_ADDRESS, NO_USER = "an address of http", "an address without user and password"
NO_QUERY, ALONE = "an address without '?' and '#'", "the address of the server alone, to which obsy adds '/api/v1'"
EXAMPLE = "write for example 'http://192.168.1.20:11111'"


@pytest.mark.parametrize(
    ("said", "expected", "mend"),
    [
        ("http://:11111", NO_ADDRESS, EXAMPLE),
        ("http://h name", NO_ADDRESS, EXAMPLE),
        ("http://h..x:80", NO_ADDRESS, "write 'http://h.x:80'"),
        (f"http://{'x' * 64}", NO_ADDRESS, EXAMPLE),
        ("http://::1:80", NO_ADDRESS, EXAMPLE),
        ("http://[h]", NO_ADDRESS, EXAMPLE),
        ("http://h:0/setup", ALONE, EXAMPLE),
        ("http://@", NO_USER, EXAMPLE),
        ("http://me:pw@h:80/api/v1", NO_USER, "write 'http://h:80'"),
        ("https://h/alpaca?x=1", NO_QUERY, "write 'https://h/alpaca'"),
        ("http://h?", NO_QUERY, "write 'http://h'"),
        ("http://h/setup#a", NO_QUERY, "write 'http://h'"),
        ("http://h:80/api/v1", ALONE, "write 'http://h:80'"),
        ("http://h/alpaca/API", ALONE, "write 'http://h/alpaca'"),
        ("http://h/setup/v1/dome/0/setup", ALONE, "write 'http://h'"),
    ],
)
def test_what_is_no_address_of_a_server_is_refused_with_its_cure(said: str, expected: str, mend: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DeviceServer(name="hut", alpaca=said)
    told = refused.value.errors()[0]["ctx"]
    assert (told["code"], told["at"], told["expected"], told["mend"]) == ("not-understood", ("alpaca",), expected, mend)
    assert "pw" not in f"{told['found']} {told['mend']}"
    assert ("@" in said) == bool(told["found"])
