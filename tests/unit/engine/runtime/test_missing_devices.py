"""What a server lacks of what is declared is told before the night, with its place and its cure."""

from pathlib import Path

import pytest

from obsy.engine.devices.indi import offer
from obsy.errors import DeviceError
from tests.support.alpaca import AlpacaPeer
from tests.support.beginning import BOTH, PIER, SERVERS, WHEEL, change, check, refused

pytestmark = pytest.mark.usefixtures("installed")


@BOTH
def test_a_server_that_nobody_answers_at_is_told_once_with_its_place_and_its_cure(
    here: Path, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(host: str, port: int) -> None:
        raise DeviceError(f"no INDI server answers at {host}:{port} (Connection refused)")

    monkeypatch.setattr(offer, "glance", silent)
    change(here, SERVERS)
    said = refused(here, runner)
    told = "no INDI server answers at raspberry.local:7700 (Connection refused) (server 'pier', site/site.yaml)"
    assert said == f"nothing was begun: {told}: begin it there, or mend its address"


def test_what_a_server_lacks_is_told_with_device_place_and_cure(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "glance", lambda host, port: PIER | {"Filter Simulator": WHEEL})
    change(here, SERVERS | {"indi: Telescope Simulator": "indi: Telescop Simulator", "Rain Sensor": "AAG"})
    said = refused(here)
    assert "the INDI server 'pier' has no 'Telescop Simulator' (mount 'gem', site/mount.yaml), but " in said
    assert "did you mean 'Telescope Simulator'?" in said
    assert "has no 'AAG' (weather 'rain-sensor', site/weather.yaml), but" in said
    assert "begin its driver there, or name one of these" in said
    place = "the wheel 'Filter Simulator' (train 'newton', site/newton.yaml)"
    assert f"{place} has no filter 'Green' for G, but Luminance, Red, Grün: " in said
    assert "'Luminance'" not in said
    assert "'Dome Simulator' for" not in said


def test_a_weather_input_without_a_gauge_that_is_declared_is_refused_before_the_night(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"WEATHER_PARAMETERS": {"WEATHER_CLOUD": "10", "WEATHER_HUMIDITY": "40"}}
    offers = PIER | {"Filter Simulator": {}, "Rain Sensor": told, "Cloud Sensor": told}
    monkeypatch.setattr(offer, "glance", lambda host, port: offers)
    change(here, SERVERS)
    place = "the weather input 'Rain Sensor' (weather 'rain-sensor', site/weather.yaml)"
    said = refused(here)
    assert f"{place} tells no rain, but WEATHER_CLOUD, WEATHER_HUMIDITY: leave it out of 'measures'" in said
    assert "'Cloud Sensor'" not in said
    told["WEATHER_PARAMETERS"]["WEATHER_RAIN_HOUR"] = "0"
    check(here)


def test_whatever_its_drivers_are_called_a_server_that_has_them_all_is_enough(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("EQMod Mount", "ZWO CCD ASI294MC Pro", "AAG")
    monkeypatch.setattr(offer, "glance", lambda host, port: PIER | {"Filter Simulator": {}} | dict.fromkeys(names, {}))
    others = {"Telescope Simulator": names[0], "CCD Simulator": names[1], "Rain Sensor": names[2]}
    change(here, SERVERS | others)
    check(here)


def test_an_alpaca_server_that_has_them_all_is_enough(here: Path, hall: AlpacaPeer) -> None:
    check(here, "alpaca")
    check(here, "indi")
    assert hall.asked == [], "nothing is connected or moved"


def test_what_an_alpaca_server_lacks_is_told_as_indis_is(here: Path, hall: AlpacaPeer) -> None:
    del hall.devices["dome/0"]
    for its in hall.devices.values():
        its["connected"] = True
    del hall.devices["observingconditions/0"]["rainrate"]
    said = refused(here, "alpaca")
    assert "the Alpaca server 'hall' has no 'dome/0' (enclosure 'roll-off', site/roof.yaml), but 'camera/0'" in said
    assert "the weather input 'observingconditions/0' (weather 'rain-sensor', site/weather.yaml) tells no rain" in said
    assert "the wheel 'filterwheel/0' (train 'newton', site/newton.yaml) has no filter" in said


def test_an_alpaca_server_that_is_gone_is_told_once(here: Path, hall: AlpacaPeer) -> None:
    hall.die()
    assert refused(here, "alpaca").count("no Alpaca server answers") == 1
