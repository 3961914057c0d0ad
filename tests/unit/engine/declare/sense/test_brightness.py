"""What the sky and stars give a pixel, against exposures that others reckoned and measured."""

from pathlib import Path

import pytest

from obsy.engine.declare.sense.brightness import (
    PHOTONS,
    SHARPNESS_ARCSEC,
    electrons,
    is_stacked,
    peak,
    peak_electrons,
    sky_electrons,
    star,
    well,
)
from obsy.engine.declare.survey import survey
from obsy.engine.declare.text import text_of
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


@pytest.mark.parametrize(
    "per_s_cm2_nm",
    [
        pytest.param(3.44e-8 / 3.575e-12 * 10 ** (0.4 * 0.03), id="Vega, V 0.03, at 555.6 nm: Hayes 1985"),
        pytest.param(3631e-23 / 6.626e-27 / 545.0, id="0 mag of AB, and V - AB = 0.02, at 545 nm: Oke & Gunn 1983"),
        pytest.param(1.0e4, id="the rule of 1000 photons a square centimetre and angstrom"),
    ],
)
def test_a_star_of_magnitude_0_gives_the_photons_that_others_have_measured(per_s_cm2_nm: float) -> None:
    assert pytest.approx(per_s_cm2_nm, rel=0.05) == PHOTONS


def test_kepler_counted_what_is_reckoned_for_a_star_through_clear_glass() -> None:
    """A star of Kp = 12 gave 1.74e5 electrons per second: Kepler Instrument Handbook (0.95 m, 420-900 nm)."""
    kepler = train().model_copy(update={"telescope": train().telescope.model_copy(update={"aperture": 950.0})})
    assert electrons(kepler, "C", 12.0) == pytest.approx(1.74e5, rel=0.5)


@pytest.mark.parametrize("scale", [0.5, 1.5, 3.35, 8.0])
def test_the_brightest_pixel_has_the_share_of_the_light_that_photutils_gives_it(scale: float) -> None:
    from photutils.psf import CircularGaussianPRF  # noqa: PLC0415 - slow to load, and many processes collect this file

    share = CircularGaussianPRF(flux=1.0, x_0=0.0, y_0=0.0, fwhm=SHARPNESS_ARCSEC / scale)(0.0, 0.0)
    assert peak(scale) == pytest.approx(float(share), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "mag"),
    [
        ("Vega", 0.03),
        ("U Cep", 6.75),  # to 9.24 when it is eclipsed
        ("RR Lyr", 7.06),
        ("SS Cyg", 12.4),
        ("Mira", 10.1),
        ("HAT-P-32", 11.48),
        ("T Tau", 13.5),
    ],
)
def test_a_star_that_changes_much_is_judged_at_its_faintest_and_others_at_their_brightest(
    name: str, mag: float
) -> None:
    found = star(name)
    assert found is not None
    assert found[1] == pytest.approx(mag)


@pytest.mark.parametrize("name", ["M 31", "nobody", "AA Ant", "Ceres"])
def test_what_is_no_star_of_a_known_magnitude_is_not_judged(name: str) -> None:
    assert star(name) is None


def told(root: Path, goal: str, target: str = "Vega", name: str = "star") -> list[str]:
    plan = f"kind: plan\nname: {name}\ntarget: {target}\nwant: [{goal}]\npipeline: photometry\n"
    drafts = [root / "plans" / "star.yaml"]
    said = survey(
        root, texts=lambda path, file: plan if path.name == "star.yaml" else text_of(path, file), drafts=drafts
    )
    return [f"{each.found}; {each.mend}" for each in said.warnings if each.code == "saturates"]


def test_a_star_that_fills_a_pixel_is_told_with_the_exposure_that_does_not(root: Path) -> None:
    goal = "{filter: V, exposure: 60 s, count: 3}"
    (said,) = told(root, goal, "RR Lyr")
    assert said.startswith("'RR Lyr' (magnitude 7.06 at its brightest) fills a pixel of 'newton' in V, in 0.62 s; ")
    assert said.endswith("write an exposure of at most 0.31 s, or choose a filter that lets less light through")
    near = [told(root, goal.replace("60 s", exposure), "RR Lyr") for exposure in ("0.31 s", "0.59 s", "0.65 s")]
    assert [len(each) for each in near] == [0, 0, 1], "from 0.62 s on"


def test_so_is_one_of_which_the_plan_says_the_place_and_bears_the_name(root: Path) -> None:
    goal, place = "{filter: V, exposure: 60 s, count: 3}", "{ra: 291.3663 deg, dec: 42.7844 deg}"
    assert told(root, goal, place, "rr-lyr") == told(root, goal, "RR Lyr") != []
    assert told(root, goal, place) == told(root, goal, "{ra: 290 deg, dec: 42.7844 deg}", "rr-lyr") == []


def test_what_no_camera_is_fast_enough_for_wants_another_filter(root: Path) -> None:
    (said,) = told(root, "{filter: V, exposure: 60 s, count: 3}")
    assert said.endswith("; choose a filter that lets less light through")


def test_blue_light_of_a_star_that_may_be_red_is_counted_as_a_quarter() -> None:
    blue, green = (peak_electrons(train(), role, 8.0) or 0.0 for role in ("B", "V"))
    assert blue == pytest.approx(green / 4)
