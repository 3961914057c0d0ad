import asyncio
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.devices.alpaca.camera import AlpacaCamera
from obsy.engine.devices.alpaca.line import AlpacaLine, AlpacaSilence
from obsy.engine.devices.alpaca.wheel import AlpacaFilterWheel
from obsy.engine.devices.ports import Exposure
from obsy.engine.frames.header import read
from obsy.engine.identity import Identity
from obsy.errors import DeviceError, DeviceTimeout
from tests.support.alpaca import AlpacaPeer
from tests.support.equipment import example

TRAIN = example().instruments[0].train
LIGHT = Exposure("light", 30.0, "R", 100, 10, 1, "M31", Identity(train="refractor", plan="andromeda", goal="R-30s"))
CAMERA = "camera/0"


@pytest.fixture
def camera(device, tmp_path):
    return AlpacaCamera(device(CAMERA), TRAIN, tmp_path / "incoming")


@pytest.fixture
def sensor(peer):
    return peer.devices[CAMERA]


def test_a_frame_lies_in_the_incoming_folder_whole_and_says_what_it_is(camera, tmp_path, clock):
    asked = clock.now()
    path = asyncio.run(camera.expose(LIGHT))
    assert [*(tmp_path / "incoming").iterdir()] == [path]
    frame = read(path)
    assert (frame.kind, frame.object, frame.exposure_s, frame.gain, frame.offset) == ("light", "M31", 30.0, 100, 10)
    assert (frame.camera, frame.telescope, frame.plan, frame.goal) == (
        TRAIN.camera.model, TRAIN.name, "andromeda", "R-30s",
    )  # fmt: skip
    assert (frame.temperature_c, frame.taken_at, frame.binning) == (12.0, asked, 1)


def test_the_pixels_are_rows_of_unsigned_counts_the_first_at_the_top(camera):
    path = asyncio.run(camera.expose(LIGHT))
    assert fits.getdata(path).tolist() == np.arange(48).reshape(6, 8).tolist()
    header = fits.getheader(path)
    assert (header["BITPIX"], header["BZERO"], header["ROWORDER"]) == (16, 32768, "TOP-DOWN")


def test_json_gives_the_same_file_as_bytes(camera, peer, device, tmp_path):
    def taken():
        return fits.getdata(asyncio.run(camera.expose(LIGHT))).tolist()

    first = taken()
    peer.sent_as = None
    assert taken() == first


@pytest.mark.parametrize(("kind", "light"), [("light", "True"), ("flat", "True"), ("dark", "False"), ("bias", "False")])
def test_the_shutter_opens_for_what_has_light(camera, peer, kind, light):
    asyncio.run(camera.expose(replace(LIGHT, kind=kind, filter=None)))
    assert next(said["Light"] for _, member, said in peer.asked if member == "startexposure") == light


def test_a_bias_is_as_short_as_the_camera_can(camera, peer):
    asyncio.run(camera.expose(Exposure("bias", 0.0, None, 100, 10, 1, "bias")))
    assert next(said["Duration"] for _, member, said in peer.asked if member == "startexposure") == "0.001"


def test_binned_frames_are_whole(camera, sensor):
    sensor.update(startx=3, starty=2)
    path = asyncio.run(camera.expose(replace(LIGHT, binning=2)))
    assert fits.getdata(path).shape == (3, 4) and fits.getheader(path)["XBINNING"] == 2
    whole = {"binx": 2, "biny": 2, "startx": 0, "starty": 0, "numx": 4, "numy": 3}
    assert {name: sensor[name] for name in whole} == whole


def test_a_gain_that_the_driver_numbers_is_set_by_its_name(camera, sensor):
    sensor["gains"] = ["ISO 50", "ISO 100", "ISO 200"]
    asyncio.run(camera.expose(LIGHT))
    assert sensor["gain"] == 1


def test_names_without_numbers_are_counted_from_0(camera, sensor):
    sensor["offsets"] = ["Low", "Medium", "High"]
    asyncio.run(camera.expose(replace(LIGHT, offset=2)))
    assert sensor["offset"] == 2


def test_a_camera_that_names_none_of_its_gains_counts_in_steps(camera, sensor):
    sensor["gains"] = []
    asyncio.run(camera.expose(LIGHT))
    assert sensor["gain"] == 100


def test_a_camera_that_cannot_say_its_gain_now_takes_no_frame(camera, peer):
    peer.refuses[CAMERA, "gain"] = 0x500, "no link to the sensor"
    with pytest.raises(DeviceError, match="no link to the sensor"):
        asyncio.run(camera.expose(LIGHT))
    assert "startexposure" not in peer.told(CAMERA)


def test_a_gain_that_the_camera_lacks_is_told_with_those_it_has(camera, sensor, peer):
    sensor["gains"] = ["ISO 50", "ISO 1000"]
    with pytest.raises(DeviceError, match="has no gain 100, but ISO 50, ISO 1000: write the number of one of these"):
        asyncio.run(camera.expose(LIGHT))
    assert "startexposure" not in peer.told(CAMERA)


def test_what_could_not_be_set_is_not_written_as_if_it_were(camera, sensor):
    del sensor["offset"]
    header = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert header["GAIN"] == 100 and "OFFSET" not in header


def test_an_exposure_that_fails_is_told_and_aborted(camera, peer, tmp_path):
    peer.says[CAMERA, "camerastate"] = 5
    with pytest.raises(DeviceError, match="'camera/0' says that the exposure has failed"):
        asyncio.run(camera.expose(LIGHT))
    assert peer.told(CAMERA)[-1] == "abortexposure" and not (tmp_path / "incoming").exists()


def test_an_image_that_is_ready_too_soon_is_of_another_exposure(camera, peer, clock):
    clock.time += timedelta(hours=1)
    peer.says[CAMERA, "imageready"] = True
    begun_s = clock.monotonic()
    asyncio.run(camera.expose(LIGHT))
    assert clock.monotonic() - begun_s >= 29.5


@pytest.mark.long
def test_a_camera_that_takes_no_exposure_does_not_give_its_last_image_for_a_new_one(camera, peer, tmp_path):
    first = asyncio.run(camera.expose(LIGHT))
    peer._startexposure = lambda *_: None
    with pytest.raises(DeviceError, match="'camera/0' took no exposure of 30 s: its image is the one of before"):
        asyncio.run(camera.expose(LIGHT))
    assert [*(tmp_path / "incoming").iterdir()] == [first]


def exposes_unseen(peer, *starts):
    """Every exposure is over before the driver has answered, and each says the next start."""
    said = iter(starts)

    def expose(name, _, asked):
        peer.devices[name].update(imageready=True, lastexposureduration=float(asked["Duration"]))
        peer.devices[name]["lastexposurestarttime"] = next(said)

    peer._startexposure = expose


@pytest.mark.parametrize(("seconds", "last", "fits_it"), [(0.1, "b", True), (0.1, "a", False), (30.0, "b", True)])
def test_an_exposure_that_was_never_seen_is_known_by_its_start(camera, peer, seconds, last, fits_it):
    exposes_unseen(peer, "a", last)
    short = replace(LIGHT, seconds=seconds)
    asyncio.run(camera.expose(short))
    if fits_it:
        assert asyncio.run(camera.expose(short)).exists()
    else:
        with pytest.raises(DeviceError, match="took no exposure of 0.1 s"):
            asyncio.run(camera.expose(short))


@pytest.mark.parametrize(("seconds", "is_believed"), [(1.9, True), (2.0, True), (2.1, False)])
def test_a_camera_that_says_no_start_is_believed_only_for_what_is_too_short_to_be_seen(
    camera, peer, seconds, is_believed
):
    exposes_unseen(peer, None, None)
    short = replace(LIGHT, seconds=seconds)
    asyncio.run(camera.expose(short))
    if is_believed:
        assert asyncio.run(camera.expose(short)).exists()
    else:
        with pytest.raises(DeviceError, match="its image is the one of before"):
            asyncio.run(camera.expose(short))


@pytest.mark.parametrize("turned", ["before", "meanwhile", "away"])
def test_a_wheel_that_somebody_else_has_turned_gives_no_frame(device, peer, tmp_path, turned):
    wheel = AlpacaFilterWheel(device("filterwheel/0"), TRAIN.slots)
    camera = AlpacaCamera(device(CAMERA), TRAIN, tmp_path / "incoming", wheel)
    asyncio.run(wheel.select("R"))
    assert fits.getheader(asyncio.run(camera.expose(LIGHT)))["FILTER"] == "Red"
    its, real, begun = peer.devices["filterwheel/0"], peer._startexposure, list[bool]()

    def begins(*asked):
        real(*asked)
        begun.append(True)
        its.update(position=2 if turned == "meanwhile" else its["position"])

    peer._startexposure = begins
    its["position"] = {"before": 2, "meanwhile": 0, "away": -1}[turned]
    where = "at none" if turned == "away" else "at its place 2"
    with pytest.raises(DeviceError, match=f"filter wheel 'filterwheel/0' stands {where}, not at 0, R"):
        asyncio.run(camera.expose(LIGHT))
    assert len([*(tmp_path / "incoming").iterdir()]) == 1
    assert len(begun) == (turned == "meanwhile"), "nothing is exposed through another filter if that is known"


def test_the_wheel_is_not_asked_for_what_has_no_filter(device, peer, tmp_path):
    camera = AlpacaCamera(device(CAMERA), TRAIN, tmp_path, AlpacaFilterWheel(device("filterwheel/0"), TRAIN.slots))
    peer.says["filterwheel/0", "connected"] = "a riddle"
    assert asyncio.run(camera.expose(replace(LIGHT, kind="dark", filter=None))).exists()


@pytest.mark.parametrize("said", [float("nan"), float("inf"), True, "cold", 10**400])
def test_a_temperature_that_is_none_is_left_out_and_the_frame_kept(camera, peer, said):
    peer.says[CAMERA, "ccdtemperature"] = said
    assert "CCD-TEMP" not in fits.getheader(asyncio.run(camera.expose(LIGHT)))


@pytest.mark.parametrize("said", [float("nan"), "long"])
def test_a_length_that_is_no_number_is_unsaid(camera, peer, said):
    peer.says[CAMERA, "lastexposureduration"] = said
    assert asyncio.run(camera.expose(LIGHT)).exists()


def test_a_least_exposure_that_is_no_number_is_unsaid(camera, peer):
    peer.says[CAMERA, "exposuremin"] = float("inf")
    asyncio.run(camera.expose(Exposure("bias", 0.0, None, 100, 10, 1, "bias")))
    assert next(said["Duration"] for _, member, said in peer.asked if member == "startexposure") == "0.0"


def test_an_exposure_that_somebody_else_ends_is_told(camera, peer, sensor):
    peer.says[CAMERA, "imageready"] = False
    peer.says[CAMERA, "camerastate"] = 0
    with pytest.raises(DeviceError, match="an exposure of 30 s with 'camera/0' was ended by someone else"):
        asyncio.run(camera.expose(LIGHT))


def rests(peer, of, after_s, for_s=1e9, **then):
    """The camera says that it rests, for a time, from so many seconds after its exposure began."""
    start = AlpacaPeer._startexposure
    number = AlpacaPeer.answer

    def begin(name, member, said):
        start(peer, name, member, said)
        peer.begun_s = of.monotonic()

    def answer(method, device, member, said):
        since_s = of.monotonic() - getattr(peer, "begun_s", of.monotonic())
        if member in then | {"camerastate": 0} and after_s <= since_s < after_s + for_s:
            return (then | {"camerastate": 0})[member]
        return number(peer, method, device, member, said)

    peer._startexposure, peer.answer = begin, answer


@pytest.mark.parametrize("ready", [True, False])
def test_an_exposure_that_somebody_else_stops_is_no_frame_though_its_image_is_ready(camera, peer, clock, ready):
    peer.refuses[CAMERA, "lastexposureduration"] = 0x400, ""
    rests(peer, clock, 100.0, imageready=ready)
    with pytest.raises(DeviceError, match="an exposure of 300 s with 'camera/0' was ended by someone else"):
        asyncio.run(camera.expose(replace(LIGHT, seconds=300.0)))
    assert clock.monotonic() <= 104.5


@pytest.mark.parametrize("ready", [True, False])
def test_a_camera_that_says_once_that_it_rests_exposes_on(camera, peer, clock, ready):
    rests(peer, clock, 99.9, 0.2, imageready=ready)
    assert asyncio.run(camera.expose(replace(LIGHT, seconds=300.0))).exists()
    assert clock.monotonic() >= 299.5


def test_an_exposure_that_is_as_short_as_a_frame_may_be_was_ended_by_nobody(camera, peer, clock):
    peer.says[CAMERA, "lastexposureduration"] = 294.5
    rests(peer, clock, 294.5, imageready=True)
    assert fits.getheader(asyncio.run(camera.expose(replace(LIGHT, seconds=300.0))))["EXPTIME"] == 294.5


def test_an_exposure_whose_driver_was_slow_to_answer_its_begin_was_ended_by_nobody(camera, peer, clock):
    def slow(name, member, said):
        AlpacaPeer._startexposure(peer, name, member, said)
        clock.time += timedelta(seconds=4.0)

    peer._startexposure = slow
    assert asyncio.run(camera.expose(LIGHT)).exists()
    assert clock.monotonic() >= 33.5


@pytest.mark.long
def test_an_image_that_does_not_come_is_given_up_on(camera, peer, clock):
    peer.says[CAMERA, "imageready"] = False
    with pytest.raises(DeviceError, match="the image of 'camera/0' of an exposure of 30 s was not seen") as told:
        asyncio.run(camera.expose(LIGHT))
    assert isinstance(told.value, DeviceTimeout)
    waited_s = LIGHT.seconds + TRAIN.camera.download + TRAIN.camera.timeout
    assert clock.monotonic() == pytest.approx(waited_s, abs=0.5)


def test_a_camera_that_exposes_for_another_is_stopped_first(camera, peer, sensor):
    sensor.update(connected=True, camerastate=2)
    asyncio.run(camera.expose(LIGHT))
    assert peer.told(CAMERA)[0] == "abortexposure"


def test_one_that_takes_a_while_to_stop_is_waited_for_and_not_for_ever(camera, peer, sensor):
    sensor.update(connected=True, camerastate=2)
    peer._abortexposure = lambda name, *_: peer.becomes(name, 3.0, camerastate=0)
    assert asyncio.run(camera.expose(LIGHT)).exists()
    sensor.update(camerastate=2)
    peer._abortexposure = lambda *_: None
    with pytest.raises(DeviceTimeout, match="the end of an earlier exposure of 'camera/0' was not seen within 5 s"):
        asyncio.run(camera.expose(LIGHT))


def test_an_image_of_another_size_is_told(camera, peer, tmp_path):
    peer.image = [[1, 2], [3, 4]]
    with pytest.raises(DeviceError, match="sent an image of 2 x 2 pixels, but 8 x 6 were asked for"):
        asyncio.run(camera.expose(LIGHT))
    assert not (tmp_path / "incoming").exists()


def test_a_frame_of_another_length_is_told(camera, peer):
    peer.says[CAMERA, "lastexposureduration"] = 3.0
    with pytest.raises(DeviceError, match="'camera/0' exposed for 3 s, but 30 s were asked for"):
        asyncio.run(camera.expose(LIGHT))


def test_a_camera_need_not_say_how_long_it_exposed(camera, peer):
    peer.refuses[CAMERA, "lastexposureduration"] = 0x400, ""
    header = fits.getheader(asyncio.run(camera.expose(LIGHT)))
    assert (header["EXPTIME"], "OBSYEXPO" in header) == (30.0, False)


@pytest.mark.parametrize(
    ("asked_s", "said_s", "fits_it"),
    [(30.0, 30.5, True), (30.0, 30.7, False), (30.0, 29.3, False), (0.1, 0.115, True), (0.1, 0.125, False)],
)
def test_an_exposure_is_as_long_as_a_driver_can_make_it(camera, peer, asked_s, said_s, fits_it):
    peer.says[CAMERA, "lastexposureduration"] = said_s
    exposing = camera.expose(replace(LIGHT, seconds=asked_s))
    if fits_it:
        header = fits.getheader(path := asyncio.run(exposing))
        assert (header["EXPTIME"], header["OBSYEXPO"]) == (said_s, asked_s)
        assert read(path).exposure_s == asked_s, "its goal and its masters are those of what was asked"
    else:
        with pytest.raises(DeviceError, match=f"exposed for {said_s} s"):
            asyncio.run(exposing)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("2026-11-21T22:00:01.25", True),
        ("2026-11-21T23:00:01.25+01:00", True),
        ("2026-11-21T22:00:02.1", False),
        ("2026-11-21T23:00:00", False),
        ("yesterday", False),
        ("0001-01-01T00:00:00+14:00", False),
        (None, False),
    ],
)
def test_the_cameras_word_of_its_beginning_counts_only_if_its_clock_is_right(camera, peer, clock, said, counts):
    asked = clock.now()
    peer.says[CAMERA, "lastexposurestarttime"] = said
    taken = read(asyncio.run(camera.expose(LIGHT))).taken_at
    assert taken == (asked + timedelta(seconds=1.25) if counts else asked)


def test_a_cancelled_exposure_is_aborted_and_leaves_nothing(camera, sensor, peer, tmp_path):
    async def play():
        exposing = asyncio.ensure_future(camera.expose(replace(LIGHT, seconds=1e6)))
        while sensor["camerastate"] != 2:
            await asyncio.sleep(0)
        exposing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exposing

    asyncio.run(play())
    assert sensor["camerastate"] == 0 and not (tmp_path / "incoming").exists()


def test_a_server_that_dies_in_mid_exposure_is_told_long_before_it_would_be_over(camera, peer, sensor, clock):
    async def play():
        exposing = asyncio.ensure_future(camera.expose(replace(LIGHT, seconds=3600.0)))
        while sensor["camerastate"] != 2:
            await asyncio.sleep(0)
        await asyncio.to_thread(peer.die)
        await exposing

    with pytest.raises(DeviceError, match="'camera/0' has gone: the image"):
        asyncio.run(play())
    assert clock.monotonic() == pytest.approx(10.0, abs=0.5)


@pytest.mark.parametrize(("seconds", "questions"), [(3.0, 20), (301.0, 95)])
def test_a_camera_that_exposes_is_asked_seldom_until_its_image_is_due(camera, monkeypatch, clock, seconds, questions):
    asked = []
    get = AlpacaLine.get

    def noted(line, path, *said):
        asked.append((path.rpartition("/")[2], clock.monotonic()))
        return get(line, path, *said)

    monkeypatch.setattr(AlpacaLine, "get", noted)
    asyncio.run(camera.expose(replace(LIGHT, seconds=seconds)))
    looks = [at_s for what, at_s in asked if what == "camerastate"]
    assert max(np.diff(looks)) <= 4.0
    assert next(at_s for what, at_s in asked if what == "imagearray") <= seconds + 0.5
    assert len(asked) == questions


def test_a_driver_that_hangs_in_mid_exposure_is_told_in_a_quarter_of_a_minute(camera, monkeypatch, clock):
    get = AlpacaLine.get

    async def hangs(line, path, *said):
        if clock.monotonic() < 100.1:
            return await get(line, path, *said)
        await clock.sleep(5.0)
        raise AlpacaSilence("no answer")

    monkeypatch.setattr(AlpacaLine, "get", hangs)
    with pytest.raises(DeviceError, match="'camera/0' has gone: the image"):
        asyncio.run(camera.expose(replace(LIGHT, seconds=3600.0)))
    assert clock.monotonic() <= 115.0


def test_it_cools_and_stays_cool_after_its_driver_began_anew(camera, sensor, peer):
    asyncio.run(camera.cool(-10.0))
    assert (sensor["ccdtemperature"], sensor["cooleron"]) == (-10.0, True)
    commands = len(peer.asked)
    asyncio.run(camera.stay_cool())
    assert len(peer.asked) == commands
    sensor.update(cooleron=False, setccdtemperature=12.0, ccdtemperature=12.0)
    asyncio.run(camera.stay_cool())
    assert (sensor["ccdtemperature"], sensor["cooleron"]) == (-10.0, True)


@pytest.mark.parametrize(
    "forgot", [{"cooleron": False}, {"setccdtemperature": 12.0}, {"connected": False, "cooleron": False}]
)
def test_it_is_cooled_again_whichever_of_the_two_its_driver_has_forgotten(camera, sensor, forgot):
    asyncio.run(camera.cool(-10.0))
    sensor.update(ccdtemperature=12.0, **forgot)
    asyncio.run(camera.stay_cool())
    assert (sensor["ccdtemperature"], sensor["setccdtemperature"], sensor["cooleron"]) == (-10.0, -10.0, True)


def test_a_camera_that_was_never_cooled_or_was_warmed_is_left_as_warm_as_it_is(camera, sensor):
    asyncio.run(camera.stay_cool())
    assert not sensor["cooleron"]
    asyncio.run(camera.cool(-10.0))
    sensor.update(connected=False)
    asyncio.run(camera.warm())
    asyncio.run(camera.stay_cool())
    assert not sensor["cooleron"]


@pytest.mark.long
def test_a_sensor_that_gets_no_colder_is_told_with_the_cure(camera, peer):
    peer.says[CAMERA, "ccdtemperature"] = 3.0
    with pytest.raises(DeviceError, match="asked for -10 degC and stays at 3 degC: declare a 'temperature'"):
        asyncio.run(camera.cool(-10.0))


def test_it_warms_slowly_and_then_the_cooler_is_off(camera, sensor, clock):
    asyncio.run(camera.cool(-10.0))
    begun_s = clock.monotonic()
    asyncio.run(camera.warm())
    assert sensor["cooleron"] is False and clock.monotonic() - begun_s >= 120.0


def test_a_camera_without_a_cooler_is_as_cold_as_it_is(camera, sensor, peer):
    sensor["cansetccdtemperature"] = False
    asyncio.run(camera.cool(-10.0))
    asyncio.run(camera.stay_cool())
    asyncio.run(camera.warm())
    assert peer.told(CAMERA) == ["connected"]
