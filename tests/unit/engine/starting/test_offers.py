"""What the devices of a server tell becomes what declares them."""

from ruamel.yaml import YAML

from obsy.engine.devices.indi.glance import Properties
from obsy.engine.devices.indi.offer import IndiOffer, abilities
from obsy.engine.devices.indi.offer import offered as seen_by_name
from obsy.engine.starting.offers import OfferingServer, declaration
from obsy.schemas.server import DeviceServer


def offered(seen: dict[str, Properties]) -> list[IndiOffer]:
    return [*seen_by_name(seen).values()]


def server(name: str, indi: str, *, among_several: bool = False) -> OfferingServer:
    return OfferingServer(DeviceServer(name=name, indi=indi), among_several)


ON = {"CONNECT": "On", "DISCONNECT": "Off"}


def device(interface: int | str, driver: str = "indi_mine", **said: dict[str, str]) -> Properties:
    return {"DRIVER_INFO": {"DRIVER_EXEC": driver, "DRIVER_INTERFACE": str(interface)}, "CONNECTION": ON, **said}


ZWO = device(
    2 | 4,
    "indi_asi_ccd",
    CCD_INFO={"CCD_MAX_X": "4144", "CCD_MAX_Y": "2822", "CCD_PIXEL_SIZE": "4.63"},
    CCD_CONTROLS={"Gain": "120", "Offset": "30", "BandWidth": "40"},
)
WHEEL = device(16, FILTER_NAME={"FILTER_SLOT_NAME_1": "Red", "FILTER_SLOT_NAME_2": "H-alpha: 5 nm", "X": ""})
STATION = device(128, WEATHER_PARAMETERS={"WEATHER_WIND_SPEED": "1", "WEATHER_RAIN_HOUR": "0"})


def test_what_a_device_can_do_is_what_its_driver_says() -> None:
    assert abilities(device(1 | 4)) == ("mount", "guider")
    assert abilities(device(512 | 1024)) == ("cap", "panel")
    assert abilities(device("much")) == abilities({}) == ()


def test_each_device_tells_what_its_declaration_needs() -> None:
    station, wheel, camera = offered({"ZWO CCD": ZWO, "EFW": WHEEL, "CloudWatcher": STATION})
    assert (camera.driver, camera.facts) == (
        "indi_asi_ccd",
        {
            "gain": "CCD_CONTROLS.Gain",
            "offset": "CCD_CONTROLS.Offset",
            "size": "4144 x 2822 px",
            "pixel": "4.63 um",
        },
    )
    assert station.facts == {"tells": "WEATHER_WIND_SPEED, WEATHER_RAIN_HOUR"}
    assert wheel.facts == {"filters": "Red, H-alpha: 5 nm"}


def test_a_driver_that_nobody_knows_is_set_where_the_usual_properties_are_and_a_dslr_by_its_iso() -> None:
    mine = device(2, CCD_GAIN={"GAIN": "1"}, CCD_CONTROLS={"Contrast": "1"})
    dslr = device(2, "indi_gphoto_ccd", CCD_ISO={"ISO0": "On"})
    assert [each.facts for each in offered({"a": mine, "b": dslr})] == [
        {"gain": "CCD_GAIN.GAIN"},
        {"gain": "CCD_ISO.ISO"},
    ]


def test_the_yaml_is_yaml_and_names_each_part_once() -> None:
    seen = {"ZWO CCD": ZWO, "EFW": WHEEL, "It's: a dome": device(32), "Flat": device(512 | 1024)}
    documents = [*YAML(typ="safe").load_all(declaration(offered(seen), server("indi", "raspberry.local")))]
    assert documents == [
        {"kind": "site", "servers": [{"name": "indi", "indi": "raspberry.local:7624"}]},
        {
            "kind": "train",
            "filters": {
                "device": {"indi": "EFW"},
                "slots": [{"role": "R", "label": "Red"}, {"role": "Ha", "label": "H-alpha: 5 nm"}],
            },
        },
        {"kind": "train", "panel": {"device": {"indi": "Flat"}}},
        {"kind": "enclosure", "device": {"indi": "It's: a dome"}},
        {
            "kind": "train",
            "camera": {"device": {"indi": "ZWO CCD"}, "size": "4144 x 2822 px", "pixel": "4.63 um"},
        },
    ]


def test_where_a_site_has_several_servers_each_device_says_which_has_it() -> None:
    seen = {"ZWO CCD": ZWO, "Dome": device(32)}
    text = declaration(offered(seen), server("the pier's", "10.0.0.1", among_several=True))
    site, roof, train = YAML(typ="safe").load_all(text)
    assert site["servers"] == [{"name": "the pier's", "indi": "10.0.0.1:7624"}]
    assert roof["device"] == {"indi": "Dome", "server": "the pier's"}
    assert train["camera"]["device"] == {"indi": "ZWO CCD", "server": "the pier's"}
    assert text.endswith("\n")


def test_names_that_yaml_takes_for_something_else_stay_names() -> None:
    strange = (
        "10",
        "null",
        "True",
        "-x",
        "- x",
        "1e3",
        "0x1F",
        "2026-11-27",
        "a: b",
        "#1",
        "a\nb",
        "nan",
        "off",
        "pier",
    )
    for name in strange:
        text = declaration(offered({name: device(32)}), server(name, "a:1", among_several=True))
        site, roof = YAML(typ="safe").load_all(text)
        assert (site["servers"][0]["name"], roof["device"]) == (name, {"indi": name, "server": name})


def test_a_size_that_is_no_number_is_not_told() -> None:
    chip = {"CCD_MAX_X": "nan", "CCD_MAX_Y": "1", "CCD_PIXEL_SIZE": "5"}
    (camera,) = offered({"CCD": device(2, CCD_INFO=chip)})
    assert "size" not in camera.facts
