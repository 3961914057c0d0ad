"""What a device of an INDI server says that it is, can do and is set by."""

from obsy.engine.devices.indi.glance import Properties
from obsy.engine.devices.indi.offer import IndiOffer, abilities
from obsy.engine.devices.indi.offer import offered as seen_by_name

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


def offered(seen: dict[str, Properties]) -> list[IndiOffer]:
    return [*seen_by_name(seen).values()]


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


def test_a_size_that_is_no_number_is_not_told() -> None:
    chip = {"CCD_MAX_X": "nan", "CCD_MAX_Y": "1", "CCD_PIXEL_SIZE": "5"}
    (camera,) = offered({"CCD": device(2, CCD_INFO=chip)})
    assert "size" not in camera.facts
