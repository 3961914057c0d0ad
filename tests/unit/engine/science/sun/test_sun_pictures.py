from pathlib import Path

import numpy as np
import pytest

from obsy.engine.science.sun.ser import opened
from obsy.engine.science.sun.solar_line import solar_line
from obsy.engine.science.sun.sun_pictures import SunPictures, WantedOfSun, sun_pictures
from obsy.errors import UserError
from tests.support.made_sun import MadeSun, write_ser

AS_IT_IS = WantedOfSun()


def pictures(made: MadeSun, folder: Path, wanted: WantedOfSun = AS_IT_IS, *, turned: bool = False) -> SunPictures:
    film = made.film()
    film = np.ascontiguousarray(film.transpose(0, 2, 1)) if turned else film
    return sun_pictures(opened(write_ser(folder / "sun.ser", film)), wanted)


@pytest.fixture(scope="module")
def made() -> MadeSun:
    return MadeSun()


@pytest.fixture(scope="module")
def found(made: MadeSun, tmp_path_factory: pytest.TempPathFactory) -> SunPictures:
    return pictures(made, tmp_path_factory.mktemp("sun"))


def test_the_sun_is_round_and_as_large_as_it_was_made(made: MadeSun, found: SunPictures) -> None:
    assert found.disc.radius == pytest.approx(made.radius, rel=0.01)
    assert found.disc.stretch == pytest.approx(made.stretch, rel=0.01)
    assert found.disc.shear == pytest.approx(made.shear, abs=0.003)
    lit = found.pictures["continuum"] > 0.2 * found.pictures["continuum"].max()
    assert np.ptp(np.flatnonzero(lit.any(axis=0))) == pytest.approx(np.ptp(np.flatnonzero(lit.any(axis=1))), abs=2)


def test_the_line_is_followed_along_the_slit(made: MadeSun, found: SunPictures) -> None:
    at = np.arange(25, 126)
    truth = made.rows * 0.45 + made.bend * ((at - made.slit / 2) / (made.slit / 2)) ** 2
    assert np.abs(found.line.place[at] - truth).max() < 0.15
    assert abs(found.line.continuum) >= 2 * found.line.fwhm


def light(picture: np.ndarray, middle: tuple[float, float], place: tuple[float, float]) -> float:
    column, row = round(middle[0] + place[0]), round(middle[1] + place[1])
    return float(picture[row - 1 : row + 2, column - 1 : column + 2].mean())


def test_a_spot_is_dark_in_the_continuum_and_a_prominence_bright_in_the_line_alone(
    made: MadeSun, found: SunPictures
) -> None:
    continuum, line = found.pictures["continuum"], found.pictures["line"]
    mirrored = (-made.spot[0], made.spot[1])
    assert light(continuum, found.middle, made.spot) < 0.65 * light(continuum, found.middle, mirrored)
    beside = (20.0, -62.0)
    assert light(line, found.middle, made.prominence) > 3 * light(line, found.middle, beside)
    assert light(continuum, found.middle, made.prominence) < 1.3 * light(continuum, found.middle, beside)


def test_the_limb_that_approaches_is_bright_in_the_doppler_picture_whichever_way_wavelengths_grow(
    made: MadeSun, found: SunPictures, tmp_path: Path
) -> None:
    east, west = (-40.0, 0.0), (40.0, 0.0)
    doppler = found.pictures["doppler"]
    assert light(doppler, found.middle, east) > 0.02 > -0.02 > light(doppler, found.middle, west)
    other = pictures(made, tmp_path, WantedOfSun(is_red_first=True))
    np.testing.assert_allclose(other.pictures["doppler"], -doppler, atol=1e-9)


def test_a_film_whose_slit_lies_along_columns_makes_the_same_pictures(
    made: MadeSun, found: SunPictures, tmp_path: Path
) -> None:
    turned = pictures(made, tmp_path, turned=True)
    assert turned.slit_along == "y"
    np.testing.assert_allclose(turned.pictures["line"], found.pictures["line"], rtol=1e-6)


@pytest.mark.parametrize(("slit", "frames"), [((30, 120), (90, 195)), ((0, 150), (126, 186))])
def test_a_part_of_the_limb_makes_no_sun(
    slit: tuple[int, int], frames: tuple[int, int], made: MadeSun, tmp_path: Path
) -> None:
    part = made.film()[slice(*frames), :, slice(*slit)]
    with pytest.raises(UserError, match=r"of the Sun's limb|lies on no ellipse|limb shows"):
        sun_pictures(opened(write_ser(tmp_path / "part.ser", part)), AS_IT_IS)


def test_a_film_without_a_line_or_without_a_limb_is_told(tmp_path: Path) -> None:
    even = 1000 + np.random.default_rng(1).normal(0, 1, (36, 150))
    with pytest.raises(UserError, match="no line stands out of the film: the deepest takes 0%"):
        solar_line(even)
    with pytest.raises(UserError, match="its light grows to one side only"):
        solar_line(even * 0 + np.arange(36)[:, None])
    with pytest.raises(UserError, match="limb"):
        pictures(MadeSun(frames=60, radius=2000.0, spot=(9000.0, 0.0)), tmp_path)
