"""Products say plainly for how long was exposed and since when, whatever program wrote the frame."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.time import Time

from obsy.engine.frames.header import read
from obsy.engine.library.master import Masters
from obsy.engine.reduce.orders import LightOrder, Optics, StackOrder
from obsy.engine.reduce.plain_cards import exposed_s, plain_exposure, plain_start, said_s
from obsy.engine.reduce.work import combine_stack, reduce_light
from obsy.schemas.pipeline import Pipeline

BEGAN = datetime(2025, 3, 1, 22, 0, 0, 500000, tzinfo=UTC)
PIPELINE = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "cosmics"}]})
PLAIN = {"EXPTIME": (300.0, "Total Exposure Time (s)"), "DATE-OBS": ("2025-03-01T22:00:00.500", "UTC start")}


@pytest.fixture
def calibrated(tmp_path: Path) -> Callable[..., fits.Header]:
    """Reduces a light with these cards, and returns the header of what became of it."""

    def make(cards: dict[str, Any], name: str = "light") -> fits.Header:
        source = tmp_path / f"{name}.fits"
        counts = np.random.default_rng(len(name)).normal(900, 20, (64, 80)).astype(np.uint16)
        header = fits.Header({"IMAGETYP": "Light", "OBJECT": "M31"})
        header.update(cards)
        fits.writeto(source, counts, header)
        once = source.read_bytes()
        target = tmp_path / f"{name}_calibrated.fits"
        aligned, optics = tmp_path / "a.fits", Optics(2.0, 1.0, 5.0, 60000.0)
        result = reduce_light(LightOrder(read(source), target, aligned, Masters(), PIPELINE, None, optics, None))
        assert (result.reason, source.read_bytes() == once) == ("", True)
        return fits.getheader(target)

    return make


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    "cards",
    [
        {"EXPOSURE": 300.0, "DATE-OBS": "2025-03-01T22:00:00.5Z"},
        {"EXPTIME": "300,0", "DATE-OBS": "2025-03-01T23:00:00.5+01:00"},
        {"EXP": 300, "DATE-OBS": "2025-03-01", "UT": "22:00:00.5"},
        {"EXPTIME": (300000.0, "exposure in ms"), "DATE-OBS": "2025-03-01 22:00:00.5"},
        {"EXPTIME": (5.0, "[minutes]"), "MJD-OBS": Time("2025-03-01T22:00:00.5", scale="utc").mjd},
        {"EXPTIME": 300.0, "OBSYEXPO": 303.0, "DATE-BEG": "2025-03-01T22:00:00.500"},
        {"EXPOSURE": (300000.0, "ms"), "OBSYEXPO": 303.0, "DATE-BEG": "2025-03-01T22:00:00.500"},
    ],
)
def test_a_light_s_products_say_its_exposure_and_its_start_plainly(
    calibrated: Callable[..., fits.Header], tmp_path: Path, cards: dict[str, Any]
) -> None:
    header = calibrated(cards)
    assert header["EXPTIME"] == 300.0
    assert isinstance(header["EXPTIME"], float)
    assert abs(Time(header["DATE-OBS"], format="fits", scale="utc").unix - BEGAN.timestamp()) < 1e-3
    calibrated(PLAIN, "another")
    files = tuple(tmp_path / f"{name}_calibrated.fits" for name in ("light", "another", "another"))
    combine_stack(StackOrder(files, tmp_path / "s.fits", tmp_path / "s.png"))
    stack = fits.getheader(tmp_path / "s.fits")
    assert (stack["TOTALEXP"], stack["SUBEXP"]) == (900.0, 300.0)
    assert (stack["DATE-BEG"], stack["DATE-END"]) == ("2025-03-01T22:00:00.500", "2025-03-01T22:05:00.500")


def test_what_a_camera_says_plainly_is_left_as_it_is(calibrated: Callable[..., fits.Header]) -> None:
    header = calibrated(PLAIN)
    assert {key: (header[key], header.comments[key]) for key in PLAIN} == PLAIN


@pytest.mark.parametrize(
    ("cards", "seconds"), [({}, 60.0), ({"OBSYEXPO": 60.0}, 60.0), ({"OBSYEXPO": 60.0, "EXP": 61.0}, 61.0)]
)
def test_what_is_not_said_is_what_is_known(cards: dict[str, float], seconds: float) -> None:
    assert exposed_s(fits.Header(cards), 60.0) == seconds
    assert said_s(fits.Header(cards)) == cards.get("EXP", 0.0)


@pytest.mark.parametrize("written", ["2025-03-01T22:00:00.5000001", "2025-03-01T22:00:01", "20250301T220000.5", ""])
def test_a_start_is_written_anew_where_it_is_not_the_one_that_was_read(written: str) -> None:
    ((keyword, value, _),) = plain_start(fits.Header({"DATE-OBS": written}), BEGAN)
    assert (keyword, value) == ("DATE-OBS", "2025-03-01T22:00:00.500000")
    assert plain_start(fits.Header({keyword: value}), BEGAN) == ()


def test_an_exposure_of_no_length_is_plain_and_a_text_is_not() -> None:
    assert plain_exposure(fits.Header({"EXPTIME": 0}), 0.0) == ()
    assert plain_exposure(fits.Header({"EXPTIME": "0"}), 0.0) == (("EXPTIME", 0.0, "[s] exposure"),)
