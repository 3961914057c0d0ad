"""What the sky gives a pixel, against exposures that others reckoned and measured."""

import pytest

from obsy.engine.declare.sense.brightness import is_stacked, sky_electrons, well
from obsy.engine.devices.simulated.picture.brightness import DARK_V, PASSBANDS
from obsy.schemas.goal import Goal
from obsy.schemas.train import Train

CAMERA = {
    "model": "Example", "size": "1024 x 1024 px", "pixel": "13 um", "gain": 1, "offset": 10, "temperature": "-15 degC",
    "conversion": "1.2 e/adu", "read_noise": "6 e", "dark_current": "0.02 e/s", "full_well": "60 ke",
    "pedestal": "300 adu", "download": "2 s", "timeout": "60 s",
}  # fmt: skip


def train(**camera: object) -> Train:
    telescope = {"aperture": "200 mm", "focal_length": "800 mm"}
    return Train.model_validate({"kind": "train", "name": "t", "telescope": telescope, "camera": CAMERA | camera})


def test_the_sky_is_as_bright_as_the_simulated_camera_shows_it_within_a_factor_of_two() -> None:
    for role in ("l", "r", "v", "ha"):
        band, one = PASSBANDS[role], train()
        area_cm2 = 3.14159 / 4 * 20.0**2
        simulated = band.photons * 10 ** (-0.4 * (DARK_V + 0.0)) * area_cm2 * one.scale**2
        ours = sky_electrons(one, role, DARK_V)
        assert ours is not None
        assert 0.25 < ours / simulated < 1.0, role  # of the photons, half are caught


def test_each_magnitude_is_a_factor_of_two_and_a_half_and_a_binned_pixel_has_four_times_the_sky() -> None:
    one = sky_electrons(train(), "L", 21.0)
    assert one is not None
    assert sky_electrons(train(), "L", 18.5) == pytest.approx(10 * one)
    assert sky_electrons(train(binning=2), "L", 21.0) == pytest.approx(4 * one)


def test_clear_glass_lets_through_more_than_luminance_and_less_than_twice_as_much() -> None:
    clear, luminance = (sky_electrons(train(), role, 21.0) or 0.0 for role in ("C", "L"))
    assert luminance < clear < 2 * luminance


@pytest.mark.parametrize(
    ("said", "stacked"),
    [
        ({"total": "1 min"}, True),
        ({"count": 1800}, True),
        ({"count": 1799}, False),
        ({"count": 1800, "every": "1 d"}, False),
    ],
)
def test_many_frames_are_one_picture_unless_they_are_a_cadence(said: dict[str, object], stacked: bool) -> None:
    assert is_stacked(Goal.model_validate({"filter": "Ha", "exposure": "1 s", **said})) is stacked


def test_a_filter_that_nobody_knows_is_not_judged() -> None:
    assert sky_electrons(train(), "my-filter", 21.0) is None


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ({}, 60_000.0),
        ({"conversion": "0.5 e/adu"}, (65535 - 300) * 0.5),
        ({"full_well": "10 ke", "binning": 2}, 40_000.0),
    ],
)
def test_a_pixel_is_full_by_its_electrons_or_by_its_number(said: dict[str, str], full: float) -> None:
    assert well(train(**said)) == pytest.approx(full)
