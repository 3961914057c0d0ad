import asyncio
import io
import threading
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.devices.indi.camera import IndiCamera
from obsy.engine.devices.indi.connection import Blob, Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import Identity
from obsy.errors import DeviceError, DeviceTimeout
from tests.support.equipment import example

TRAIN = example().instruments[0].train
LIGHT = Exposure("light", 30.0, "R", 100, 10, 1, "M31", Identity(train="refractor", plan="andromeda", goal="R-30s"))


def sent(**cards):
    stream = io.BytesIO()
    fits.PrimaryHDU(np.arange(12, dtype=np.uint16).reshape(3, 4), fits.Header(cards)).writeto(stream)
    return Blob(stream.getvalue(), ".fits")


@pytest.fixture
def camera(clock, line, tmp_path):
    line.obeys.update({"CCD_BINNING", "CCD_FRAME", "CCD_GAIN", "CCD_CONTROLS", "CCD_TEMPERATURE"})
    line.newest["CCD_BINNING"] = Vector("Ok", {"HOR_BIN": 1.0, "VER_BIN": 1.0})
    line.newest["CCD_FRAME_TYPE"] = Vector("Ok", {"FRAME_DARK": True})
    line.newest["CCD_EXPOSURE"] = Vector("Idle", {"CCD_EXPOSURE_VALUE": 1.0})
    device = IndiDevice(clock, line, "CCD Simulator", timeout_s=30)
    return IndiCamera(device, TRAIN, tmp_path / "incoming", "EQMod Mount")


def test_a_frame_lies_in_the_incoming_folder_with_what_it_is_for(camera, line, tmp_path):
    line.files = [sent(OBJECT="Unknown")]
    path = asyncio.run(camera.expose(LIGHT))
    assert path.parent == tmp_path / "incoming" and [*path.parent.iterdir()] == [path]
    cards = fits.getheader(path)
    assert (cards["OBJECT"], cards["OBSYPLAN"], cards["OBSYGOAL"]) == ("M31", "andromeda", "R-30s")
    assert fits.getdata(path).tolist() == np.arange(12).reshape(3, 4).tolist()


def test_the_kind_of_frame_is_chosen_and_a_bias_is_no_light(camera, line):
    line.files = [sent(), sent()]
    asyncio.run(camera.expose(LIGHT))
    asyncio.run(camera.expose(Exposure("bias", 0.0, None, 100, 10, 1, "bias")))
    assert [switch for name, switch in line.pressed if name == "CCD_FRAME_TYPE"] == ["FRAME_LIGHT", "FRAME_BIAS"]


def test_the_driver_is_told_once_whom_its_files_speak_of(camera, line):
    line.obeys.add("ACTIVE_DEVICES")
    words = ("TELESCOPE", "ROTATOR", "FILTER", "FOCUSER")
    line.newest["ACTIVE_DEVICES"] = Vector("Ok", {f"ACTIVE_{word}": f"{word.title()} Simulator" for word in words})
    line.files = [sent(), sent()]
    asyncio.run(camera.expose(LIGHT))
    assert line.numbers.pop("ACTIVE_DEVICES") == {"ACTIVE_TELESCOPE": "EQMod Mount"}
    asyncio.run(camera.expose(LIGHT))
    assert "ACTIVE_DEVICES" not in line.numbers


@pytest.mark.parametrize("writable", [True, False])
def test_a_driver_that_listens_to_nobody_or_lets_nobody_choose_is_left_alone(writable, camera, line):
    chosen = {"SNOOPED": "Telescope Simulator"} if writable else {"ACTIVE_TELESCOPE": "Telescope Simulator"}
    line.newest["ACTIVE_DEVICES"] = Vector("Ok", chosen, writable=writable)
    line.files = [sent()]
    asyncio.run(camera.expose(LIGHT))
    assert "ACTIVE_DEVICES" not in line.numbers


def test_what_stands_as_it_is_asked_is_not_asked_again(camera, line):
    line.files = [sent(), sent()]
    asyncio.run(camera.expose(LIGHT))
    line.numbers.clear(), line.pressed.clear()
    asyncio.run(camera.expose(LIGHT))
    assert set(line.numbers) == {"CCD_EXPOSURE"} and line.pressed == []


@pytest.mark.parametrize(("name", "element"), [("CCD_GAIN", "GAIN"), ("CCD_CONTROLS", "Gain")])
def test_the_gain_is_set_where_the_driver_keeps_it_and_written(name, element, camera, line):
    line.newest[name] = Vector("Ok", {element: 5.0})
    line.files = [sent()]
    cards = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert line.numbers[name] == {element: 100}
    assert cards["GAIN"] == 100 and "OFFSET" not in cards


def told(line, program, **vectors):
    line.newest["DRIVER_INFO"] = Vector("Idle", {"DRIVER_EXEC": program})
    line.newest.update(vectors)
    line.obeys.update(vectors)
    line.files = [sent()]


@pytest.mark.parametrize("program", ["indi_asi_ccd", "indi_of_tomorrow_ccd"])
def test_zwos_controls_hold_gain_and_offset_and_its_frames_are_whole(program, camera, line):
    formats = Vector("Ok", {"ASI_IMG_RAW8": True, "ASI_IMG_RAW16": False})
    told(line, program, CCD_CONTROLS=Vector("Ok", {"Gain": 5.0, "Offset": 0.0}), CCD_VIDEO_FORMAT=formats)
    cards = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert (cards["GAIN"], cards["OFFSET"]) == (100, 10)
    assert ("CCD_VIDEO_FORMAT", "ASI_IMG_RAW16") in line.pressed


def test_touptek_keeps_the_offset_apart_from_the_gain(camera, line):
    controls = Vector("Ok", {"Gain": 5.0, "Contrast": 0.0})
    told(line, "indi_toupcam_ccd", CCD_CONTROLS=controls, CCD_OFFSET=Vector("Ok", {"OFFSET": 0.0}))
    cards = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert line.numbers["CCD_CONTROLS"] == {"Gain": 100} and line.numbers["CCD_OFFSET"] == {"OFFSET": 10}
    assert (cards["GAIN"], cards["OFFSET"]) == (100, 10)


def test_an_atik_takes_a_gain_once_its_preset_is_custom(camera, line):
    presets = Vector("Ok", {"PRESET_CUSTOM": False, "PRESET_LOW": True})
    controls = Vector("Ok", {"CONTROL_GAIN": 30.0, "CONTROL_OFFSET": 0.0})
    told(line, "indi_atik_ccd", CCD_CONTROLS=controls, CCD_CONTROL_PRESETS=presets)
    cards = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert ("CCD_CONTROL_PRESETS", "PRESET_CUSTOM") in line.pressed
    assert (cards["GAIN"], cards["OFFSET"]) == (100, 10)


def test_an_old_qhy_driver_spells_its_offset_otherwise(camera, line):
    told(line, "indi_qhy_ccd", CCD_GAIN=Vector("Ok", {"GAIN": 1.0}), CCD_OFFSET=Vector("Ok", {"Offset": 1.0}))
    cards = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert line.numbers["CCD_OFFSET"] == {"Offset": 10} and (cards["GAIN"], cards["OFFSET"]) == (100, 10)


@pytest.mark.parametrize(("iso", "cards"), [(100, {"GAIN": 100}), (125, {})])
def test_the_gain_of_a_dslr_is_its_iso_if_it_has_that_one(iso, cards, camera, line):
    labels = {"ISO0": "Auto", "ISO1": "100", "ISO2": "200"}
    switches = Vector("Ok", dict.fromkeys(labels, False) | {"ISO2": True}, labels=labels)
    told(line, "indi_canon_ccd", CCD_ISO=switches)
    header = fits.getheader(asyncio.run(camera.expose(replace(LIGHT, gain=iso))))
    assert {card: header[card] for card in ("GAIN", "OFFSET") if card in header} == cards
    assert [switch for name, switch in line.pressed if name == "CCD_ISO"] == (["ISO1"] if cards else [])


def test_a_frame_cut_out_by_another_program_is_made_whole_again(camera, line):
    line.newest["CCD_INFO"] = Vector("Ok", {"CCD_MAX_X": 1280.0, "CCD_MAX_Y": 1024.0})
    line.newest["CCD_FRAME"] = Vector("Ok", {"X": 100.0, "Y": 0.0, "WIDTH": 64.0, "HEIGHT": 64.0})
    line.files = [sent()]
    asyncio.run(camera.expose(LIGHT))
    assert line.numbers["CCD_FRAME"] == {"X": 0.0, "Y": 0.0, "WIDTH": 1280.0, "HEIGHT": 1024.0}


def test_a_camera_that_sends_nothing_is_aborted_when_its_time_is_over(camera, line, clock, tmp_path):
    before = clock.monotonic()
    with pytest.raises(DeviceTimeout, match="the file of 'CCD Simulator' of an exposure of 30 s was not seen"):
        asyncio.run(camera.expose(LIGHT))
    declared = TRAIN.camera
    assert clock.monotonic() - before == pytest.approx(32 + declared.download + declared.timeout, abs=0.5)
    assert ("CCD_ABORT_EXPOSURE", "ABORT") in line.pressed and not (tmp_path / "incoming").exists()


@pytest.mark.parametrize("breaks", ["alert", "gone"])
def test_a_driver_that_fails_or_goes_is_told_at_once(breaks, camera, line, clock):
    async def play():
        task = asyncio.ensure_future(camera.expose(LIGHT))
        while "CCD_EXPOSURE" not in line.numbers:
            await asyncio.sleep(0)
        line.lost += breaks == "gone"
        if breaks == "alert":
            line.newest["CCD_EXPOSURE"] = Vector("Alert", {"CCD_EXPOSURE_VALUE": 12.0}, clock.now())
        await task

    with pytest.raises(DeviceError, match="'CCD Simulator' (has gone|says that the exposure has failed)"):
        asyncio.run(play())
    assert clock.monotonic() < 5.0


@pytest.mark.parametrize("told", ["CCD_BINNING", "CCD_EXPOSURE"])
def test_a_driver_that_goes_as_it_is_told_something_is_not_waited_for(told, camera, line, clock):
    put = line.put

    def put_and_go(device, name, numbers):
        put(device, name, numbers)
        line.lost += name == told  # before anybody looks again

    line.put = put_and_go
    with pytest.raises(DeviceError, match="'CCD Simulator' has gone"):
        asyncio.run(camera.expose(replace(LIGHT, binning=2)))
    assert clock.monotonic() < 5.0


def test_a_driver_that_begins_anew_between_two_settings_takes_no_frame(camera, line, clock):
    ended, line.files = line.vector, [sent()]

    def vector(device, name):
        if name == "CCD_BINNING" and line.pressed and not line.lost:  # once it has said that the kind is chosen
            line.lost, line.newest["CCD_FRAME_TYPE"] = 1, Vector("Ok", {"FRAME_DARK": True}, clock.now())
        return ended(device, name)

    line.vector = vector
    with pytest.raises(DeviceError, match="'CCD Simulator' has gone: the file"):
        asyncio.run(camera.expose(LIGHT))
    assert clock.monotonic() < 5.0


async def given_up(camera, line, clock):
    """Cancel an exposure that has begun; return how long it then takes to end, seconds."""
    line.numbers.clear()
    task = asyncio.ensure_future(camera.expose(LIGHT))
    while "CCD_EXPOSURE" not in line.numbers:
        await asyncio.sleep(0)
    begun_s = clock.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return clock.monotonic() - begun_s


def test_a_driver_that_goes_as_it_is_told_to_stop_is_not_waited_for(camera, line, clock):
    def go():
        line.lost += 1

    line.answers["CCD_ABORT_EXPOSURE", "ABORT"] = go
    assert asyncio.run(given_up(camera, line, clock)) == 0.0


def test_an_exposure_that_is_given_up_is_aborted_and_leaves_no_file(camera, line, clock, tmp_path):
    asyncio.run(given_up(camera, line, clock))
    assert ("CCD_ABORT_EXPOSURE", "ABORT") in line.pressed and not (tmp_path / "incoming").exists()


def test_the_late_file_of_an_exposure_that_was_given_up_is_not_taken_for_the_next(camera, line, clock):
    clock.time += timedelta(hours=1)
    began_s = clock.monotonic()
    line.listens = True
    line.heard = [(began_s + late_s, sent(MARK="late")) for late_s in (0.0, 5.0, 29.5)]
    line.files = [sent(MARK="next")]
    assert fits.getheader(asyncio.run(camera.expose(LIGHT)))["MARK"] == "next"


def test_a_file_that_has_come_before_is_none_of_an_exposure_that_takes_hardly_any_time(camera, line):
    line.listens, line.heard = True, [(0.0, sent(MARK="late"))]
    line.files = [sent(MARK="next")]
    assert fits.getheader(asyncio.run(camera.expose(replace(LIGHT, seconds=0.1))))["MARK"] == "next"


def test_a_driver_that_says_that_it_stopped_is_waited_for_no_longer(camera, line, clock):
    def says(state):
        line.newest["CCD_EXPOSURE"] = Vector(state, {"CCD_EXPOSURE_VALUE": 0.0}, clock.now())

    def waited_s(state):
        line.answers["CCD_ABORT_EXPOSURE", "ABORT"] = lambda: says(state)
        return asyncio.run(given_up(camera, line, clock))

    assert [waited_s(state) for state in ("Idle", "Alert", "Busy")] == [0.0, 0.0, 2.0]


def test_frames_are_taken_whole_as_fits_and_speak_of_the_telescope(camera, line):
    line.obeys.add("SCOPE_INFO")
    line.newest["SCOPE_INFO"] = Vector("Ok", {"FOCAL_LENGTH": 1.0, "APERTURE": 1.0})
    line.say("UPLOAD_MODE", "UPLOAD_LOCAL")
    line.say("CCD_TRANSFER_FORMAT", "FORMAT_NATIVE")
    line.say("CCD_COMPRESSION", "INDI_ENABLED")
    line.files = [sent()]
    asyncio.run(camera.expose(LIGHT))
    files = [("UPLOAD_MODE", "UPLOAD_CLIENT"), ("CCD_TRANSFER_FORMAT", "FORMAT_FITS")]
    assert line.pressed[:3] == [*files, ("CCD_COMPRESSION", "INDI_DISABLED")]
    optics = TRAIN.telescope
    assert line.numbers["SCOPE_INFO"] == {"FOCAL_LENGTH": optics.focal_length, "APERTURE": optics.aperture}


BIAS = Exposure("bias", 0.0, None, 100, 10, 1, "bias")


SHORT = replace(LIGHT, seconds=0.5)
"""Of less than a second, of which a fiftieth of a second is too much."""


@pytest.mark.parametrize(("exposure", "said_s"), [(LIGHT, 30.4), (BIAS, 0.1), (SHORT, 0.515)])
def test_a_driver_may_round_an_exposure_and_has_a_least_one(exposure, said_s, camera, line):
    line.files = [sent(EXPTIME=said_s)]
    assert fits.getheader(asyncio.run(camera.expose(exposure)))["EXPTIME"] == said_s


@pytest.mark.parametrize(("exposure", "said_s"), [(LIGHT, 4.0), (BIAS, 0.6), (SHORT, 0.53)])
def test_a_file_that_was_exposed_otherwise_than_asked_is_none_of_ours(exposure, said_s, camera, line, tmp_path):
    line.files = [sent(EXPTIME=said_s)]
    with pytest.raises(DeviceError, match=f"sent a file of {said_s:g} s, but {exposure.seconds:g} s were asked for"):
        asyncio.run(camera.expose(exposure))
    assert not (tmp_path / "incoming").exists()


def test_the_answer_to_an_abort_is_none_to_the_next_exposure(camera, line, clock):
    def stops():
        line.newest["CCD_EXPOSURE"] = Vector("Idle", {"CCD_EXPOSURE_VALUE": 0.0}, clock.now())

    line.answers["CCD_ABORT_EXPOSURE", "ABORT"] = stops
    with pytest.raises(DeviceTimeout):
        asyncio.run(camera.expose(LIGHT))
    line.files = [sent(MARK="next")]
    assert fits.getheader(asyncio.run(camera.expose(LIGHT)))["MARK"] == "next"


def test_an_exposure_that_someone_else_ends_is_told_at_once(camera, line, clock):
    async def play():
        task = asyncio.ensure_future(camera.expose(LIGHT))
        while "CCD_EXPOSURE" not in line.numbers:
            await asyncio.sleep(0)
        line.newest["CCD_EXPOSURE"] = Vector("Idle", {"CCD_EXPOSURE_VALUE": 0.0}, clock.now())
        await task

    with pytest.raises(DeviceError, match="an exposure of 30 s with 'CCD Simulator' was ended by someone else"):
        asyncio.run(play())
    assert clock.monotonic() < 5.0


def test_an_alert_of_an_exposure_before_is_not_taken_for_one_of_this(camera, line):
    line.newest["CCD_EXPOSURE"] = Vector("Alert", {"CCD_EXPOSURE_VALUE": 0.0})
    line.files = [sent(MARK="next")]
    assert fits.getheader(asyncio.run(camera.expose(LIGHT)))["MARK"] == "next"


def test_a_wheel_that_stands_elsewhere_by_the_drivers_own_word_gives_no_frame(camera, line, tmp_path):
    asked, other = TRAIN.slots[1], TRAIN.slots[0]
    line.files = [sent(FILTER=other.label)]
    with pytest.raises(DeviceError, match=f"stands at '{other.label}', not at '{asked.label}'"):
        asyncio.run(camera.expose(replace(LIGHT, filter=asked.role)))
    assert not (tmp_path / "incoming").exists()
    line.files = [sent(FILTER="whatever")]
    assert fits.getheader(asyncio.run(camera.expose(replace(LIGHT, filter=asked.role))))["FILTER"] == asked.label


def test_a_label_that_no_card_can_hold_is_written_as_its_role(camera, line):
    slots = [slot.model_copy(update={"label": "Hα 5 nm"}) for slot in TRAIN.filters.slots]
    camera._train = TRAIN.model_copy(update={"filters": TRAIN.filters.model_copy(update={"slots": tuple(slots)})})
    line.files = [sent()]
    path = asyncio.run(camera.expose(replace(LIGHT, object="β Lyr")))
    assert (fits.getheader(path)["FILTER"], fits.getheader(path)["OBJECT"]) == ("R", "? Lyr")


def test_a_write_that_fails_leaves_nothing(camera, line, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("obsy.engine.devices.landing.os.fsync", full)
    line.files = [sent()]
    with pytest.raises(OSError, match="No space left"):
        asyncio.run(camera.expose(LIGHT))
    assert [*(tmp_path / "incoming").iterdir()] == []


def test_an_exposure_that_is_given_up_while_its_file_is_written_leaves_none(camera, line, tmp_path, monkeypatch):
    writes, goes_on = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        writes.set()
        assert goes_on.wait(60.0)

    async def play():
        task = asyncio.ensure_future(camera.expose(LIGHT))
        while not writes.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        goes_on.set()

    monkeypatch.setattr("obsy.engine.devices.landing.os.fsync", slow)
    line.files = [sent()]
    asyncio.run(play())  # which waits for its threads, too
    assert [*(tmp_path / "incoming").iterdir()] == []


@pytest.mark.parametrize("gone", [True, False])
def test_a_driver_that_has_begun_anew_is_cooled_again_to_where_it_was(gone, camera, line):
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 12.0})
    asyncio.run(camera.cool(-10.0))
    line.numbers.clear()
    line.lost += gone
    asyncio.run(camera.stay_cool())
    assert line.numbers == ({"CCD_TEMPERATURE": {"CCD_TEMPERATURE_VALUE": -10.0}} if gone else {})
    line.numbers.clear()
    asyncio.run(camera.stay_cool())
    assert line.numbers == {}


def test_a_camera_that_was_warmed_is_not_cooled_again(camera, line):
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 20.0})
    asyncio.run(camera.cool(-10.0)), asyncio.run(camera.warm())
    line.numbers.clear()
    line.lost += 1
    asyncio.run(camera.stay_cool())
    assert line.numbers == {}


def test_what_is_no_fits_file_is_told_with_what_came(camera, line):
    line.files = [Blob(b"\xff\xd8", ".jpg")]
    with pytest.raises(DeviceError, match="sent a file of the format '.jpg': set it to FITS"):
        asyncio.run(camera.expose(LIGHT))


def test_cooling_ends_within_half_a_degree_and_a_camera_without_cooler_waits_for_nothing(camera, line, clock):
    asyncio.run(camera.cool(-10.0))
    assert clock.monotonic() == 0.0 and "CCD_TEMPERATURE" not in line.numbers
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 12.0})
    asyncio.run(camera.cool(-10.0))
    assert line.numbers["CCD_TEMPERATURE"] == {"CCD_TEMPERATURE_VALUE": -10.0}


def test_it_is_warmed_by_five_degrees_at_a_time_and_then_the_cooler_is_off(camera, line, clock):
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 3.0})
    line.newest["CCD_COOLER"] = Vector("Ok", {"COOLER_ON": True})
    asyncio.run(camera.warm())
    assert line.numbers["CCD_TEMPERATURE"] == {"CCD_TEMPERATURE_VALUE": 15.0}
    assert line.pressed == [("CCD_COOLER", "COOLER_OFF")]
    assert clock.monotonic() == 90.0


def test_air_that_is_colder_than_warm_ends_the_warming(camera, line, clock):
    line.obeys.clear()
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": -4.0})
    line.newest["CCD_COOLER"] = Vector("Ok", {"COOLER_ON": True})
    asyncio.run(camera.warm())
    assert clock.monotonic() == 30.0 and line.pressed == [("CCD_COOLER", "COOLER_OFF")]


def test_a_thermometer_that_cannot_be_set_is_no_cooler(camera, line, clock):
    line.newest["CCD_TEMPERATURE"] = Vector("Idle", {"CCD_TEMPERATURE_VALUE": 12.0}, writable=False)
    asyncio.run(camera.cool(-10.0)), asyncio.run(camera.warm())
    assert clock.monotonic() == 0.0 and "CCD_TEMPERATURE" not in line.numbers


def test_a_sensor_that_gets_no_colder_is_told_soon_and_one_that_is_there_is_there(camera, line, clock):
    def stands_at(celsius):
        def put(device, name, numbers):
            line.newest[name] = Vector("Busy", {"CCD_TEMPERATURE_VALUE": celsius}, clock.now())

        line.put = put

    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 12.0})
    stands_at(-3.0)
    with pytest.raises(DeviceError, match="'CCD Simulator' was asked for -10 degC and stays at -3 degC: declare"):
        asyncio.run(camera.cool(-10.0))
    assert clock.monotonic() == pytest.approx(300.0, abs=1.0)
    stands_at(-9.7)
    asyncio.run(camera.cool(-10.0))
    assert clock.monotonic() == pytest.approx(600.0, abs=2.0)


@pytest.mark.parametrize("said", [-10.0, 12.0])
def test_a_thermometer_that_says_nothing_new_is_not_believed_to_be_there(said, camera, line):
    line.obeys.clear()
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": said})
    with pytest.raises(DeviceTimeout, match="-10 degC of 'CCD Simulator' was not seen"):
        asyncio.run(camera.cool(-10.0))


def test_a_cooler_that_answers_with_a_fault_is_waited_for_no_longer(camera, line, clock):
    line.newest["CCD_TEMPERATURE"] = Vector("Ok", {"CCD_TEMPERATURE_VALUE": 12.0})
    line.put = lambda *_: line.newest.update(CCD_TEMPERATURE=Vector("Alert", {"CCD_TEMPERATURE_VALUE": 12.0}))
    with pytest.raises(DeviceError, match="'CCD Simulator' says that to cool to -10 degC has failed"):
        asyncio.run(camera.cool(-10.0))
    assert clock.monotonic() == 0.0
