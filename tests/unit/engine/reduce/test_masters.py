"""A calibration frame is refused for one reason, in words with its numbers, and at its limits it may stay."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.reduce.masters import CheckOrder, check_calibration

FULL_ADU = 10_000.0
SHAPE = (10, 20)


def counts(level: int, full: int = 0) -> np.ndarray:
    """A frame around a level, with so many full pixels."""
    drawn = np.full(SHAPE, level, np.uint16)
    drawn[0, 0], drawn[-1, -1] = level - 1, level + 1
    drawn[1:].flat[:full] = FULL_ADU
    return drawn


def look(tmp_path: Path, drawn: np.ndarray | None, kind: str) -> tuple[str, dict[str, float]]:
    fits.PrimaryHDU(drawn).writeto(path := tmp_path / "frame.fits")
    return check_calibration(CheckOrder(path, kind, SHAPE, FULL_ADU))


@pytest.mark.parametrize(
    ("kind", "drawn", "words"),
    [
        ("bias", counts(1), ""),
        ("dark", counts(2500), ""),
        ("dark", counts(2501), "too-bright: 2501 ADU, above 2500"),
        ("flat", counts(8500), ""),
        ("flat", counts(8501), "too-bright: 8501 ADU, above 8500"),
        ("flat", counts(1000), ""),
        ("flat", counts(999), "too-dark: 999 ADU, below 1000"),
        ("dark", counts(500, full=2), ""),
        ("dark", counts(500, full=3), "saturated: 1.5% of its pixels are full"),
        ("dark", np.full(SHAPE, 500, np.uint16), "dead: every pixel is 500 ADU"),
        ("flat", np.full((20, 10), 500, np.uint16), "shape: 10 x 20 px, not 20 x 10"),
    ],
)
def test_a_calibration_frame_is_judged_by_its_size_its_level_and_its_full_pixels(
    tmp_path: Path, kind: str, drawn: np.ndarray, words: str
) -> None:
    found = look(tmp_path, drawn, kind)
    assert found == (
        words,
        {"level_adu": float(np.median(drawn)), "saturated": float(np.mean(drawn >= FULL_ADU))},
    )


def test_a_frame_without_a_picture_is_refused_in_words_and_measured_as_nothing(tmp_path: Path) -> None:
    words, measures = look(tmp_path, None, "bias")
    assert words == "not-an-image: frame.fits holds no picture of rows and columns"
    assert measures == {"level_adu": 0.0, "saturated": 0.0}
