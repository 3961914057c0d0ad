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


def counts(electrons: float, most: int = 65535) -> np.ndarray:
    """Pixels of even light, but for a gradient, hot columns, cosmic rays and the camera's noise."""
    light = electrons * np.linspace(0.9, 1.1, SIDE)[:, None] * np.ones(SIDE)
    adu = (RNG.poisson(light) + RNG.normal(0, READ_E, light.shape)) / CONVERSION + PEDESTAL
    adu[:, 150:153] += 300
    adu[RNG.integers(0, SIDE, 50), RNG.integers(0, SIDE, 50)] += 20_000
    return np.round(np.clip(adu, 0, most))


def frame(folder: Path, name: str, kind: FrameKind, electrons: float = 0.0, **changes: object) -> Frame:
    fits.PrimaryHDU(counts(electrons).astype("u2")).writeto(folder / name)
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


def test_settings_and_exposures_that_differ_are_no_pair(tmp_path: Path, biases: list[Frame]) -> None:
    one, other = flats(tmp_path, 20_000, 20_000)
    for change in ({"exposure_s": 2.0}, {"binning": 2}, {"filter": "R"}):
        found = measured_camera([*biases, one, replace(other, **change)], 100, 50, 1)  # type: ignore[arg-type]
        assert found.conversion is None


def test_the_noise_of_the_biases_is_taken_off_by_as_much_as_each_flat_has_of_it(tmp_path: Path) -> None:
    noisy = [tmp_path / f"{number}.fits" for number in range(4)]
    for number, path in enumerate(noisy):
        light = (0, 0, 6_000, 3_000)[number]
        adu = RNG.poisson(light, (SIDE, SIDE)) / CONVERSION + RNG.normal(PEDESTAL, 60, (SIDE, SIDE))
        fits.PrimaryHDU(np.round(np.clip(adu, 0, 65535)).astype("u2")).writeto(path)
    kinds = (FrameKind.BIAS, FrameKind.BIAS, FrameKind.FLAT, FrameKind.FLAT)
    frames = [replace(BLANK, path=path, kind=kind) for path, kind in zip(noisy, kinds, strict=True)]
    assert measured_camera(frames, 100, 50, 1).conversion == pytest.approx(CONVERSION, rel=0.03)


@pytest.mark.long
def test_what_is_cut_off_or_a_mean_of_several_is_passed_by_for_the_next_pair(
    tmp_path: Path, biases: list[Frame]
) -> None:
    odd = []
    for number in range(2):
        mean = np.mean([counts(20_000) for _ in range(5)], axis=0)
        for what, pixels in (("mean", mean.astype("f4")), ("full", counts(30_000, most=16_383).astype("u2"))):
            fits.PrimaryHDU(pixels).writeto(path := tmp_path / f"{what}{number}.fits")
            odd.append(replace(BLANK, path=path, kind=FrameKind.FLAT, filter=what))
    assert measured_camera([*biases, *odd], 100, 50, 1).conversion is None
    good = flats(tmp_path, 20_000, 20_000, filter="V")
    assert measured_camera([*biases, *odd, *good], 100, 50, 1).conversion == pytest.approx(CONVERSION, rel=0.02)
