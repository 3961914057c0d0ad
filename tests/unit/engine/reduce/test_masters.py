"""Masters are freed of what is not theirs and of what one frame alone shows; a frame that spoils one is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import ccdproc
import numpy as np
import pytest
from astropy import units as u
from astropy.io import fits
from astropy.nddata import CCDData
from numpy.typing import NDArray

from obsy.engine.frames.header import read
from obsy.engine.library.master import Master, Masters
from obsy.engine.reduce.masters import CheckOrder, build, check_calibration
from obsy.engine.reduce.orders import MasterOrder
from obsy.errors import FrameError

Floats = NDArray[np.float64]
Save = Callable[..., Path]

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


ROWS, COLUMNS = 40, 60
SHADE = 1.0 - 0.3 * np.linspace(0.0, 1.0, COLUMNS) * np.ones((ROWS, 1))
"""What a flat shows."""
ROUGH = 0.01 * (-1.0) ** (np.arange(COLUMNS) // 2 + np.arange(ROWS)[:, None] // 2)
"""Noise of one frame: every second pixel, as much above as below."""
SPOT = (21, 31)
"""The pixel that one frame shows otherwise than all others."""


def a_master(path: Path, kind: str, exposure_s: float = 0.0) -> Master:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return Master(path, "ab", "main", kind, exposure_s, None, 100, 10, 1, -10.0, "cam", at.date(), at, 5)


def built(
    save: Save, kind: str, frames: list[Floats], masters: Masters, exposure_s: float = 2.0
) -> tuple[Floats, fits.Header]:
    """The master of some frames, and its header."""
    paths = tuple(save(f"{kind}{n}.fits", counts, raw=False, exptime=exposure_s) for n, counts in enumerate(frames))
    build(MasterOrder(kind, exposure_s, paths, target := paths[0].with_name("master.fits"), masters))
    return fits.getdata(target), fits.getheader(target)


@pytest.mark.parametrize(("dark_s", "times"), [(60.0, 2.0 / 60.0), (0.5, 4.0), (0.0, 0.0)])
def test_a_flat_is_freed_of_its_bias_and_of_the_dark_of_its_exposure(save: Save, dark_s: float, times: float) -> None:
    warm = np.linspace(0.0, 900.0, ROWS)[:, None] * np.ones(COLUMNS)
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), 500.0), raw=False), "bias")
    dark = a_master(save("dark.fits", warm, raw=False), "dark", dark_s)
    flats = [500.0 + times * warm + level * SHADE for level in (20000.0, 24000.0, 25000.0, 26000.0, 30000.0)]
    found, header = built(save, "flat", flats, Masters(bias, dark))
    assert found == pytest.approx(SHADE / SHADE.mean(), rel=1e-5)
    assert header["LEVEL"] == pytest.approx(25000.0 * SHADE.mean(), rel=1e-3)


@pytest.mark.parametrize(
    ("has_bias", "pedestal", "dark_s", "freed_of"),
    [
        (True, True, 60.0, {"BIASSHA", "DARKSHA"}),  # what is scaled is what it has beyond its bias
        (True, True, 6.0, {"BIASSHA", "DARKSHA"}),
        (False, True, 6.0, {"DARKSHA"}),  # a flat-dark takes the pedestal with it
        (False, True, 60.0, set()),  # a pedestal is not to be scaled
        (False, False, 6.0, set()),
    ],
)
def test_a_dark_that_has_its_pedestal_still_spoils_no_flat(
    save: Save, has_bias: bool, pedestal: bool, dark_s: float, freed_of: set[str]
) -> None:
    warm = np.linspace(0.0, 900.0, ROWS)[:, None] * np.ones(COLUMNS) * dark_s / 6.0
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), 500.0), raw=False), "bias") if has_bias else None
    dark = a_master(save("dark.fits", warm + 500.0 * pedestal, raw=False), "dark", dark_s)
    flats = [500.0 + warm * 6.0 / dark_s + level * SHADE for level in (20000.0, 25000.0, 30000.0)]
    masters = Masters(bias, replace(dark, pedestal=pedestal)).to_free("flat", 6.0)
    found, header = built(save, "flat", flats, masters, exposure_s=6.0)
    assert {key for key in header if key.endswith("SHA")} == freed_of
    good = bool(freed_of)
    assert (found == pytest.approx(SHADE / SHADE.mean(), rel=1e-5)) == good


@pytest.mark.parametrize(
    ("kind", "freed_of"), [("bias", set()), ("dark", {"BIASSHA"}), ("flat", {"BIASSHA", "DARKSHA"})]
)
def test_a_master_says_what_it_is_made_of(save: Save, kind: str, freed_of: set[str]) -> None:
    plain = np.full((ROWS, COLUMNS), 500.0)
    masters = Masters(a_master(save("b.fits", plain, raw=False), "bias"), a_master(save("d.fits", plain), "dark", 0.0))
    paths = tuple(save(f"{n}{'x' * 55}.fits", plain + 100.0, raw=False, number=n) for n in (1, 2, 3))
    cards = (("WHY", "asked", ""),)
    build(MasterOrder(kind, 60.0, paths, target := paths[0].with_name("master.fits"), masters, cards=cards))
    header = fits.getheader(target)
    assert {key for key in header if key.endswith("SHA")} == freed_of
    assert [header[f"SRC0000{n}"] for n in (1, 2, 3)] == [path.name[:60] for path in paths]
    assert (header["IMAGETYP"], header["NCOMBINE"], header["WHY"]) == (f"Master {kind.title()}", 3, "asked")
    assert header["NUMBER"] == 1, "its other cards are the first frame's"


PEDESTAL = 500.0


@pytest.mark.once
@pytest.mark.parametrize(
    "cards",
    [
        {"EXPTIME": 3.0},
        {"EXPTIME": "3,0"},
        {"EXP": 3.0},
        {"EXPOSURE": (3000.0, "Exposure time in ms")},
        {"EXPTIME": (0.05, "[minutes]")},
        {"EXPOSURE": (3000.0, "Exposure time in ms"), "OBSYEXPO": 2.95},  # known by 2.95 s, exposed for 3 s
    ],
)
@pytest.mark.parametrize("free", [{"bias", "dark"}, {"dark"}])
def test_a_flat_is_even_whatever_its_exposure_is_called(save: Save, cards: dict[str, object], free: set[str]) -> None:
    """By a dark of a minute, scaled, or by one of their own exposure that has its pedestal still."""
    warm = np.linspace(0.0, 3000.0, ROWS)[:, None] * np.ones(COLUMNS)
    paths = []
    for n, level in enumerate((4000.0, 5000.0, 6000.0)):
        said = {"DATE-OBS": f"2024-01-02T03:04:0{n}", "IMAGETYP": "Flat"} | cards
        path = save(f"flat{n}.fits", PEDESTAL + warm / 20 + level * SHADE, raw=False)
        with fits.open(path, mode="update") as hdus:
            del hdus[0].header["EXPTIME"]
            hdus[0].header.update(said)
        paths.append(path)
    known_s = read(paths[0]).exposure_s
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), PEDESTAL), raw=False), "bias")
    scaled = "bias" in free
    dark = save("dark.fits", warm if scaled else warm / 20 + PEDESTAL, raw=False, exptime=60.0)
    offered = replace(a_master(dark, "dark", 60.0 if scaled else known_s), pedestal=not scaled)
    masters = Masters(bias if scaled else None, offered).to_free("flat", known_s)
    assert {each.kind for each in masters.used({"bias", "dark"})} == free
    build(MasterOrder("flat", known_s, tuple(paths), target := paths[0].with_name("master.fits"), masters))
    theirs = sum(by_ccdproc(fits.getdata(path), warm, 3.0) for path in paths)
    assert fits.getdata(target) == pytest.approx(theirs / theirs.mean(), rel=1e-5)
    assert fits.getdata(target) == pytest.approx(SHADE / SHADE.mean(), rel=1e-5)
    assert fits.getheader(target)["EXPTIME"] == pytest.approx(3.0), "plainly, in seconds"


def by_ccdproc(counts: Floats, warm: Floats, exposure_s: float) -> Floats:
    """A flat freed of its pedestal and of a dark of a minute, over its own mean."""
    frame = ccdproc.subtract_bias(CCDData(counts, unit="adu"), CCDData(np.full_like(warm, PEDESTAL), unit="adu"))
    of_dark, of_frame = 60.0 * u.s, exposure_s * u.s
    dark = CCDData(warm, unit="adu")
    freed = ccdproc.subtract_dark(frame, dark, dark_exposure=of_dark, data_exposure=of_frame, scale=True).data
    return np.asarray(freed / np.mean(freed))


def test_a_flat_s_dark_is_scaled_by_what_both_were_exposed_and_not_by_what_was_asked(save: Save) -> None:
    warm = np.linspace(0.0, 20000.0, ROWS)[:, None] * np.ones(COLUMNS)
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), PEDESTAL), raw=False), "bias")
    dark = a_master(save("dark.fits", warm * 1.02, raw=False, exptime=61.2, obsyexpo=60.0), "dark", 60.0)
    flats = tuple(
        save(f"f{n}.fits", PEDESTAL + warm * 0.98 / 2 + level * SHADE, raw=False, exptime=29.4, obsyexpo=30.0)
        for n, level in enumerate((4000.0, 5000.0, 6000.0))
    )
    build(MasterOrder("flat", 30.0, flats, target := flats[0].with_name("m.fits"), Masters(bias, dark)))
    assert fits.getdata(target) == pytest.approx(SHADE / SHADE.mean(), rel=1e-5)


@pytest.mark.parametrize("light", [0.0, 1.0])
def test_a_flat_needs_light_and_be_it_a_single_count(save: Save, light: float) -> None:
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), 500.0), raw=False), "bias")
    flats = [np.full((ROWS, COLUMNS), 500.0 + light)] * 3
    if light:
        assert built(save, "flat", flats, Masters(bias))[0] == pytest.approx(1.0)
        return
    with pytest.raises(FrameError, match="no brighter than its bias"):
        built(save, "flat", flats, Masters(bias))


def test_a_master_of_another_size_is_taken_off_nothing(save: Save) -> None:
    bias = a_master(save("bias.fits", np.full((ROWS, 1), 500.0), raw=False), "bias")
    with pytest.raises(FrameError, match="sizes-differ: bias.fits is not as large as the darks"):
        built(save, "dark", [np.full((ROWS, COLUMNS), 520.0)] * 3, Masters(bias))


@pytest.mark.parametrize("rough", [None, 0, 4])
@pytest.mark.parametrize("kind", ["dark", "flat"])
def test_what_one_frame_alone_shows_is_left_out_if_it_exceeds_the_noise_between_the_first_and_the_last(
    save: Save, kind: str, rough: int | None
) -> None:
    levels = np.array([20000.0, 22000.0, 24000.0, 26000.0, 28000.0]) if kind == "flat" else np.full(5, 1000.0)
    frames = [level * np.ones((ROWS, COLUMNS)) for level in levels]
    frames[2][SPOT] *= 1.02
    if rough is not None:
        frames[rough] *= 1.0 + ROUGH
    found, _ = built(save, kind, frames, Masters())
    shown = 0.0 if rough is None else 0.02 + ROUGH[SPOT]
    assert found[SPOT] / found.mean() == pytest.approx(1.0 + shown / len(frames), abs=1e-4)


def test_a_flat_freed_of_a_longer_dark_scaled_is_that_of_ccdproc_and_shows_no_warm_pixel(save: Save) -> None:
    draw = np.random.default_rng(3)
    warm = np.where(draw.random((ROWS, COLUMNS)) < 0.02, 30000.0, 60.0)
    bias = a_master(save("bias.fits", np.full((ROWS, COLUMNS), 500.0), raw=False), "bias")
    dark = a_master(save("dark.fits", warm, raw=False), "dark", 60.0)
    flats = [500.0 + warm * 6.0 / 60.0 + level * SHADE for level in (19000.0, 20000.0, 21000.0)]
    found, _ = built(save, "flat", flats, Masters(bias, dark), exposure_s=6.0)
    plain = [
        ccdproc.subtract_dark(
            ccdproc.subtract_bias(CCDData(each, unit="adu"), CCDData(np.full((ROWS, COLUMNS), 500.0), unit="adu")),
            CCDData(warm, unit="adu"),
            dark_exposure=60.0 * u.s,
            data_exposure=6.0 * u.s,
            scale=True,
        )
        for each in flats
    ]
    theirs = ccdproc.combine(plain, method="average", scale=lambda each: 1 / np.median(each)).data
    assert found == pytest.approx(theirs / theirs.mean(), rel=1e-5)
    assert found == pytest.approx(SHADE / SHADE.mean(), rel=1e-4)
