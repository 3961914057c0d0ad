"""What is declared can be carried out: of what no night could keep, `validate` speaks."""

from typing import Any

import pytest
from pydantic import ValidationError

from obsy.schemas.centring import Centring
from obsy.schemas.guider import Guider
from obsy.schemas.model import Model
from obsy.schemas.plan import Dither
from obsy.schemas.server import DeviceServer


def told(model: type[Model], said: Any) -> tuple[str, str, str]:
    """Return code, expectation and cure."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(said)
    words = caught.value.errors()[0]["ctx"]
    return words["code"], words["expected"], words["mend"]


@pytest.mark.parametrize("said", ["within 0 arcsec", "within 0.1 arcsec", "within 31 arcmin", "within 5 deg"])
def test_close_enough_is_what_a_mount_can_come_to_and_more_than_a_field_is_never_meant(said: str) -> None:
    expected = "a distance from the target, at least 1 arcsec and at most 1800 arcsec"
    assert told(Centring, said)[:2] == ("out-of-range", expected)


@pytest.mark.parametrize(("said", "arcsec"), [("within 1 arcsec", 1.0), ("within 30 arcmin", 1800.0)])
def test_a_target_is_centred_to_between_one_arcsecond_and_half_a_degree(said: str, arcsec: float) -> None:
    assert Centring.model_validate(said).within == arcsec


def test_tries_are_whole_and_one_of_them_is_a_try() -> None:
    assert told(Centring, "within 30 arcsec and at most 3.5 tries")[:2] == ("not-a-number", "a whole number of tries")
    expected = "a number of tries, at least 1 try and at most 20 tries"
    assert told(Centring, "within 30 arcsec and at most 0 tries")[1] == expected


@pytest.mark.parametrize("said", ["below 0 arcsec", "below 61 arcsec", "below 3 deg"])
def test_a_guide_star_is_held_by_more_than_nothing_and_to_an_arcminute(said: str) -> None:
    assert told(Guider, {"settle": said})[0] == "out-of-range"


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("lasting 90 s and within 60 s", "write 'lasting 90 s and within 180 s'"),
        ("below 2 arcsec and lasting 1 min", "write 'below 2 arcsec and lasting 60 s and within 120 s'"),
        ("within 5 s", "write 'lasting 10 s and within 20 s'"),
    ],
)
def test_calm_cannot_last_longer_than_it_may_take(said: str, cure: str) -> None:
    assert told(Guider, {"settle": said}) == ("never-both", "'within' longer than 'lasting'", cure)
    Guider.model_validate({"settle": cure.removeprefix("write '").removesuffix("'")})


@pytest.mark.parametrize("said", ["0 px", "0.4 px", "101 px", "5000 px"])
def test_a_dither_moves_by_something_and_keeps_the_target(said: str) -> None:
    expected = "a step between frames, at least 0.5 px and at most 100 px"
    assert told(Dither, f"every 3 frames and by {said}")[:2] == ("out-of-range", expected)


@pytest.mark.parametrize(
    ("model", "said", "meant"),
    [
        (Centring, "below 30 arcsec", "within 30 arcsec"),
        (Centring, "3 tries", "at most 3 tries"),
        (Centring, "at most 3 tries", "within 30 arcsec and at most 3 tries"),
        (Centring, "exposing 8 s", "within 30 arcsec and exposing 8 s"),
        (Guider, "10 s", "lasting 10 s"),
        (Guider, "1.2 arcsec", "below 1.2 arcsec"),
        (Dither, "12 px", "by 12 px"),
        (Dither, "by 8 px", "every 6 frames and by 8 px"),
        (Dither, "by 5000 px", "every 6 frames and by 12 px"),
    ],
)
def test_a_number_is_cured_by_the_word_that_takes_its_unit(model: type[Model], said: str, meant: str) -> None:
    assert told(model, {"settle": said} if model is Guider else said)[2] == f"write '{meant}'"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("raspberry.local", "raspberry.local:4400"),
        (4400, "localhost:4400"),
        ("4401", "localhost:4401"),
        ("http://dome.lan:4401/", "dome.lan:4401"),
        ("dome.lan:99999", "dome.lan:4400"),
    ],
)
def test_the_address_of_a_guider_is_cured_by_its_own_host(said: str | int, meant: str) -> None:
    assert told(Guider, {"phd2": said})[2] == f"write '{meant}'; a second PHD2 listens at 4401"


@pytest.mark.parametrize("said", ["::1", "[::1]", "[fe80::1]:7624"])
def test_an_ipv6_address_is_not_cured_by_itself(said: str) -> None:
    cure = "write for example 'raspberrypi.local'"
    assert told(DeviceServer, {"name": "pier", "indi": said}) == ("not-understood", "a name or an IPv4 address", cure)
    assert told(Guider, {"phd2": said})[2] == "name the host, such as 'localhost:4400'"


def test_a_host_is_what_a_server_calls_indi_and_a_guider_phd2() -> None:
    assert told(DeviceServer, {"name": "pier", "host": "h"})[2] == "write 'indi' in its place"
    assert told(Guider, {"host": "h"})[2] == "write 'phd2' in its place"
