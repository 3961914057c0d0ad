"""What INDI devices say becomes answers; what they leave open is remarked."""

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.indi.glance import Properties
from obsy.engine.starting.from_indi import from_indi
from obsy.engine.starting.questions import QUESTIONS


def device(interface: int, connected: bool = True, **said: dict[str, str]) -> Properties:
    state = {"CONNECT": "On" if connected else "Off"}
    return {"DRIVER_INFO": {"DRIVER_NAME": "Big CCD", "DRIVER_INTERFACE": str(interface)}, "CONNECTION": state, **said}


MOUNT = device(
    1 | 4,
    GEOGRAPHIC_COORD={"LAT": "38.16", "LONG": "357.67", "ELEV": "1650"},
    TELESCOPE_INFO={"TELESCOPE_APERTURE": "120", "TELESCOPE_FOCAL_LENGTH": "900"},
    TELESCOPE_PIER_SIDE={"PIER_WEST": "On"},
)
CAMERA = device(
    2 | 4 | 16,
    CCD_INFO={"CCD_MAX_X": "1280", "CCD_MAX_Y": "1024", "CCD_PIXEL_SIZE": "5.1999998092651367188"},
    FILTER_NAME={"FILTER_SLOT_NAME_1": "of the camera"},
)
GUIDER = device(2 | 4, CCD_INFO={"CCD_MAX_X": "640", "CCD_MAX_Y": "480", "CCD_PIXEL_SIZE": "3"})
WHEEL = device(16, FILTER_NAME={"FILTER_SLOT_NAME_1": "Red", "FILTER_SLOT_NAME_2": "Luminance"})


def test_every_part_says_what_it_knows() -> None:
    answers, remarks = from_indi(
        {"Mount": MOUNT, "Main": CAMERA, "Guide": GUIDER, "Wheel": WHEEL, "Rolloff": device(32)}
    )
    assert answers == {
        "mount_device": "Mount", "camera_device": "Main", "wheel_device": "Wheel", "roof_device": "Rolloff",
        "latitude": "38.16 deg", "longitude": "-2.33 deg", "elevation": "1650 m", "mount": "german-equatorial",
        "focal-length": "900 mm", "aperture": "120 mm", "camera": "Big CCD", "size": "1280 x 1024 px",
        "pixel": "5.2 um", "filters": "R=Red, L=Luminance", "roof": "roll-off",
    }  # fmt: skip
    assert remarks == (
        "the camera is 'Main' here, and may be Guide too",
        "the wheel is 'Wheel' here, and may be Main too",
    )


def test_a_lamp_is_a_panel_and_a_cap_alone_is_none() -> None:
    assert from_indi({"Lamp": device(1024), "Cap": device(512)}).answers == {"panel_device": "Lamp"}


def test_a_camera_that_is_not_connected_is_remarked() -> None:
    answers, remarks = from_indi({"Main": device(2, connected=False)})
    assert answers == {"camera_device": "Main"}
    assert remarks == ("not connected, so little is known of it: Main; connect it and ask again, or fill it in",)


def test_what_a_station_does_not_tell_is_told_of_it_and_one_that_tells_nothing_yet_may_tell_all() -> None:
    station = device(128, WEATHER_PARAMETERS={"WEATHER_WIND_SPEED": "1", "WEATHER_TEMPERATURE": "9", "WEATHER_X": "0"})
    answers, remarks = from_indi({"Mast": station})
    assert answers == {"weather_device": "Mast", "weather_untold": "rain, humidity"}
    assert remarks == ("'Mast' tells no rain and no humidity: name what does, or take its limit away",)
    assert from_indi({"Mast": device(128, connected=False)}).answers == {"weather_device": "Mast"}


def test_a_number_that_cannot_be_is_left_at_its_default() -> None:
    said = device(
        2, CCD_INFO={"CCD_MAX_X": "100", "CCD_MAX_Y": "100", "CCD_PIXEL_SIZE": "0"}, CCD_CFA={"CFA_TYPE": "RGGB"}
    )
    answers, remarks = from_indi({"Main": said, "broken": {"DRIVER_INFO": {"DRIVER_INTERFACE": "x"}}})
    assert (answers["bayer"], "pixel" in answers) == ("RGGB", False)
    assert remarks[0].startswith("left at its default: --pixel '0 um': expected a length, at least 0.5 um")


NUMBERS = st.sampled_from(["0", "-1", "nan", "inf", "1e400", "", "12:30:00", "57.3"])
ELEMENTS = ["LAT", "LONG", "ELEV", "CCD_MAX_X", "CCD_MAX_Y", "CCD_PIXEL_SIZE", "APERTURE", "FOCAL_LENGTH", "CFA_TYPE"]
NAMES = st.sampled_from(["GEOGRAPHIC_COORD", "CCD_INFO", "SCOPE_INFO", "CCD_CFA", "FILTER_NAME", "MOUNT_TYPE"])
SAID = st.dictionaries(NAMES, st.dictionaries(st.sampled_from(ELEMENTS), NUMBERS))


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(-1, 255), SAID), max_size=3))
def test_whatever_devices_say_each_answer_is_one(said: dict[str, tuple[int, Properties]]) -> None:
    answers, _ = from_indi({name: device(does, **dict(more)) for name, (does, more) in said.items()})
    for question in QUESTIONS:
        if question.key in answers:
            assert question.answer(answers[question.key]) == answers[question.key]
