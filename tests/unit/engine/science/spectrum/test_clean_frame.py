from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.science.spectrum.clean_frame import cleaner_of
from obsy.engine.science.spectrum.spectrum_frames import spectrum_frames


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


def test_a_full_pixel_says_nothing(tmp_path: Path) -> None:
    left, _ = electrons(tmp_path, write(tmp_path, "b", "bias", 0.0, level(500.0)), light=65_535.0)
    assert np.isnan(left)


def test_a_dark_of_another_size_is_left_out_and_told(tmp_path: Path) -> None:
    own, other = write(tmp_path, "d", "dark", 60.0, level(600.0)), level(900.0, (6, 91))
    left, doubts = electrons(tmp_path, own, write(tmp_path, "e", "dark", 60.0, other))
    assert left == 2000.0
    assert doubts == ["left out, for the spectra were not taken so: 1 dark of 91 x 6 px"]


@pytest.mark.parametrize(
    ("card", "light", "dark", "told"),
    [
        ("GAIN", 100, 400, "gain 400"),
        ("OFFSET", 10, 30, "offset 30"),
        ("XBINNING", 1, 2, "binning 2"),
        ("READOUTM", "Low Noise", "Fast", "readout mode Fast"),
        ("CCD-TEMP", -10.0, 20.0, "20 degC"),
    ],
)
def test_a_dark_that_was_read_out_otherwise_is_left_out_and_told(
    card: str, light: object, dark: object, told: str, tmp_path: Path
) -> None:
    paths = [write(tmp_path, "light", "light", 60.0, level(1600.0)), write(tmp_path, "d", "dark", 60.0, level(600.0))]
    paths.append(write(tmp_path, "other", "dark", 60.0, level(1400.0)))
    for path, value in zip(paths, (light, light, dark), strict=True):
        fits.setval(path, card, value=value)
        if card == "XBINNING":
            fits.setval(path, "YBINNING", value=value)
    frames = spectrum_frames(paths)
    cleaner = cleaner_of(frames, "right", 2.0)
    assert float(np.median(cleaner.electrons(frames.lights[0]))) == 2000.0
    assert cleaner.doubts == [f"left out, for the spectra were not taken so: 1 dark of {told}"]
