"""Pedestal, conversion and read noise of made biases and flats are those that were put in."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.starting.measured_camera import MeasuredCamera, measured_camera

PEDESTAL, CONVERSION, READ_E = 512.0, 0.8, 4.0
SIDE = 400
RNG = np.random.default_rng(7)
BLANK = Frame(
    path=Path(), sha256="", kind=FrameKind.BIAS, object="", filter=None, exposure_s=0.0, gain=100, offset=50,
    binning=1, temperature_c=-10.0, camera="cam", telescope=None, taken_at=datetime(2026, 1, 1, tzinfo=UTC),
    rows=SIDE, columns=SIDE,
)  # fmt: skip


def frame(folder: Path, name: str, kind: FrameKind, electrons: float = 0.0, **changes: object) -> Frame:
    """A frame of even light, but for a gradient, hot columns, cosmic rays and the camera's noise."""
    light = electrons * np.linspace(0.9, 1.1, SIDE)[:, None] * np.ones(SIDE)
    adu = (RNG.poisson(light) + RNG.normal(0, READ_E, light.shape)) / CONVERSION + PEDESTAL
    adu[:, 150:153] += 300
    adu[RNG.integers(0, SIDE, 50), RNG.integers(0, SIDE, 50)] += 20_000
    fits.PrimaryHDU(np.clip(adu, 0, 65535).astype("u2")).writeto(folder / name)
    return replace(BLANK, path=folder / name, kind=kind, **changes)  # type: ignore[arg-type]


@pytest.fixture
def biases(tmp_path: Path) -> list[Frame]:
    return [frame(tmp_path, f"bias{number}.fits", FrameKind.BIAS) for number in range(2)]


def flats(folder: Path, *electrons: float, **changes: object) -> list[Frame]:
    return [frame(folder, f"flat{n}-{each}.fits", FrameKind.FLAT, each, **changes) for n, each in enumerate(electrons)]


def test_a_pair_of_biases_and_one_of_flats_of_a_lamp_that_dims_say_what_was_put_in(
    tmp_path: Path, biases: list[Frame]
) -> None:
    found = measured_camera([*biases, *flats(tmp_path, 20_000, 18_000)], 100, 50, 1)
    assert found.pedestal_adu == pytest.approx(PEDESTAL, abs=0.5)
    assert found.conversion == pytest.approx(CONVERSION, rel=0.02)
    assert found.read_noise_adu == pytest.approx(READ_E / CONVERSION, rel=0.02)


def test_flats_that_are_full_faint_or_single_say_no_conversion(tmp_path: Path, biases: list[Frame]) -> None:
    for pair in ((100, 100), (60_000, 60_000), (20_000,)):
        found = measured_camera([*biases, *flats(tmp_path, *pair, filter=str(pair))], 100, 50, 1)
        assert (found.conversion, found.pedestal_adu is None) == (None, False)


def test_frames_at_other_settings_and_a_single_bias_say_nothing(tmp_path: Path, biases: list[Frame]) -> None:
    assert measured_camera(biases, 200, 50, 1) == MeasuredCamera()
    assert measured_camera(biases[:1], 100, 50, 1) == MeasuredCamera()


def test_a_bias_that_cannot_be_read_is_passed_by(tmp_path: Path, biases: list[Frame]) -> None:
    (tmp_path / "cube.fits").write_bytes(b"none")
    found = measured_camera([replace(BLANK, path=tmp_path / "cube.fits"), *biases], 100, 50, 1)
    assert found.pedestal_adu is not None
