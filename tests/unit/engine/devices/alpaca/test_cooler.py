"""A sensor is cooled no longer than it takes, and warmed in small steps until the air is no warmer."""

import asyncio

import pytest

from obsy.engine.devices.alpaca.cooler import cool, warm

CAMERA = "camera/0"


@pytest.fixture
def sensor(peer, device):
    asyncio.run(device(CAMERA).ready())
    return peer.devices[CAMERA]


def set_points(peer):
    return [float(said["SetCCDTemperature"]) for _, member, said in peer.asked if member == "setccdtemperature"]


def test_a_sensor_is_cold_as_soon_as_its_thermometer_says_so(sensor, device, clock):
    asyncio.run(cool(device(CAMERA), -10.0))
    assert clock.monotonic() < 30.0


def test_it_warms_by_a_few_degrees_at_a_time(sensor, device, peer, clock):
    sensor.update(ccdtemperature=-3.0)
    asyncio.run(warm(device(CAMERA)))
    assert set_points(peer) == [2.0, 7.0, 12.0, 15.0]
    assert clock.monotonic() >= 120.0 and not sensor["cooleron"]


def test_one_that_is_warm_is_not_warmed(sensor, device, peer, clock):
    sensor.update(ccdtemperature=15.0)
    asyncio.run(warm(device(CAMERA)))
    assert (set_points(peer), clock.monotonic()) == ([], 0.0)
    assert peer.told(CAMERA)[-1] == "cooleron"


def test_one_that_gets_no_warmer_has_the_warmth_of_the_air(sensor, device, peer):
    peer.says[CAMERA, "ccdtemperature"] = -8.0
    asyncio.run(asyncio.wait_for(warm(device(CAMERA)), 2.0))
    assert set_points(peer) == [-3.0] and not sensor["cooleron"]
