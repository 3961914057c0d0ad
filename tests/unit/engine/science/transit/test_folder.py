"""Of a folder of frames, whoever took them: the transit that was put in comes out, and what is left out is told."""

import numpy as np
import pytest

from obsy.engine.science.transit.fit import fit
from obsy.engine.science.transit.folder import SaidBeside, folder_curve
from obsy.errors import UserError
from tests.support.transit_frames import PLACE, SHOWN, STAR, X, Y, write_frame, write_night

HERE = SaidBeside(place=PLACE)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night that begins with a frame without stars and has two frames that are of another filter and exposure."""
    folder = tmp_path_factory.mktemp("frames")
    planet, middle = write_night(folder)
    write_frame(folder, -1, light=0.0)
    write_frame(folder, 30, 0.5, changed={"FILTER": "R"})
    write_frame(folder, 31, 0.5, changed={"EXPTIME": 10.0})
    return planet, middle, folder_curve(folder, STAR, HERE)


@pytest.mark.long
@pytest.mark.once
def test_a_transit_that_was_put_into_frames_is_found_within_its_errors(night):
    planet, middle, taken = night
    found = fit(taken.curve, planet, ("airmass",))
    assert found.middle.value == pytest.approx(middle, abs=3 * found.middle.error)
    assert found.ratio.value == pytest.approx(0.15, abs=3 * found.ratio.error)
    assert found.middle.error < 1.7 / 1440 and found.ratio.error < 0.006
    assert found.rms == pytest.approx(0.0025, abs=0.001)


@pytest.mark.once
def test_the_brightest_star_of_a_folder_is_compared_with_as_long_as_it_is_not_cut_off(night):
    brightest = X[SHOWN[0]], Y[SHOWN[0]]
    nearest = min(np.hypot(*np.subtract(star, brightest)) for star in night[2].comparison_stars)
    assert nearest < 3.5  # pixels: frames drift by as much


@pytest.mark.once
def test_a_first_frame_without_stars_loses_itself_alone(night):
    taken = night[2]
    assert len(taken.curve) == 30 and taken.frames == 33
    assert "no star" in taken.refused["-01.fits"]


@pytest.mark.once
def test_another_filter_and_another_exposure_are_no_part_of_a_curve(night):
    taken = night[2]
    assert (taken.refused["030.fits"], taken.refused["031.fits"]) == ("it is of R, 60 s", "it is of V, 10 s")
    assert taken.doubts[0] == "2 frames of another camera, filter or exposure were left out"
    assert taken.doubts[-1].startswith("no header says that a flat was divided out")


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), -1.0])
def test_a_scale_that_is_none_is_refused_with_an_example(tmp_path, scale):
    with pytest.raises(UserError, match="--scale .* is no scale of stars: say '--scale 1.5', arcsec a pixel"):
        folder_curve(tmp_path, STAR, SaidBeside(scale, PLACE))


@pytest.mark.once
def test_a_folder_whose_frames_show_no_star_is_told_with_the_first_of_them(tmp_path):
    for frame in range(3):
        write_frame(tmp_path, frame, light=0.0)
    with pytest.raises(UserError, match="no frame of 3 that were tried shows the star; 000.fits: "):
        folder_curve(tmp_path, STAR, HERE)


@pytest.mark.once
@pytest.mark.parametrize("changed", [{"PIXSCALE": -1.0}, {"PIXSCALE": None, "XPIXSZ": 9.0, "FOCALLEN": 1e-9}])
def test_a_scale_that_a_header_has_wrong_is_asked_about(tmp_path, changed):
    write_frame(tmp_path, 0, changed=changed)
    with pytest.raises(UserError, match="000.fits: .* is no scale of stars: say '--scale 1.5'"):
        folder_curve(tmp_path, STAR, HERE)


@pytest.mark.once
@pytest.mark.parametrize(("card", "scale"), [("XPIXSZ", "1.85638e\\+12"), ("PIXSIZE1", "3.71277e\\+12")])
def test_of_binned_frames_one_card_says_the_pixel_as_it_is_and_the_other_as_the_sensor_has_it(tmp_path, card, scale):
    odd = {"PIXSCALE": None, card: 9.0, "XBINNING": 2, "YBINNING": 2, "FOCALLEN": 1e-9}
    write_frame(tmp_path, 0, changed=odd)
    with pytest.raises(UserError, match=f"{card} over FOCALLEN {scale} is no scale of stars"):
        folder_curve(tmp_path, STAR, HERE)
