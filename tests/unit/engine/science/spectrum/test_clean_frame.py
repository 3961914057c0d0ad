from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.science.spectrum.clean_frame import cleaner_of
from obsy.engine.science.spectrum.spectrum_frames import spectrum_frames
from obsy.errors import UserError


def write(folder: Path, name: str, kind: str, exposure_s: float, counts: np.ndarray) -> Path:
    hdu = fits.PrimaryHDU(counts.astype(np.uint16))
    hdu.header.update(IMAGETYP=kind, EXPTIME=exposure_s)
    hdu.header["DATE-OBS"] = "2026-08-01T22:00:00", "UTC"
    path = folder / f"{name}.fit"
    hdu.writeto(path)
    return path


def level(adu: float, shape: tuple[int, int] = (6, 90)) -> np.ndarray:
    return np.full(shape, adu)


def electrons(folder: Path, *others: Path, light: float = 1600.0) -> tuple[float, list[str]]:
    """What is left of a light frame of 60 s at two electrons per ADU, and what is doubted."""
    frames = spectrum_frames([write(folder, "light", "light", 60.0, level(light)), *others])
    cleaner = cleaner_of(frames, "right", 2.0)
    return float(np.median(cleaner.electrons(frames.lights[0]))), cleaner.doubts


def test_a_dark_as_long_is_taken_off_and_adu_become_electrons(tmp_path: Path) -> None:
    assert electrons(tmp_path, write(tmp_path, "d", "dark", 60.5, level(600.0))) == (2000.0, [])


def test_a_shorter_dark_is_scaled_where_a_bias_says_what_is_pedestal(tmp_path: Path) -> None:
    others = write(tmp_path, "d", "dark", 30.0, level(550.0)), write(tmp_path, "b", "bias", 0.0, level(500.0))
    assert electrons(tmp_path, *others) == (2000.0, [])


def test_what_is_missing_is_doubted(tmp_path: Path) -> None:
    left, doubts = electrons(tmp_path)
    assert (left, len(doubts)) == (0.0, 1)
    assert "neither dark nor bias" in doubts[0]


def test_a_full_pixel_says_nothing_and_frames_of_two_sizes_do_not_go_together(tmp_path: Path) -> None:
    left, _ = electrons(tmp_path, write(tmp_path, "b", "bias", 0.0, level(500.0)), light=65_535.0)
    assert np.isnan(left)
    darks = [write(tmp_path, f"d{n}", "dark", 60.0, level(500.0, (6, 90 + n))) for n in (1, 2)]
    with pytest.raises(UserError, match="of several sizes"):
        cleaner_of(spectrum_frames([tmp_path / "light.fit", *darks]), "right", 2.0)
