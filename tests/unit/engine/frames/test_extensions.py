"""Pictures that lie behind an empty first part, as fpack and observatories write them, are frames like any other."""

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.frames.fits import glance
from obsy.engine.frames.frame import Frame
from obsy.engine.frames.header import read
from obsy.engine.frames.packed import cards_within
from obsy.engine.reduce import product
from obsy.engine.reduce.combine import FrameSet
from obsy.errors import FrameError

COUNTS = np.random.default_rng(3).integers(0, 65535, (30, 40)).astype("u2")
SAID = {
    "IMAGETYP": "Light", "OBJECT": "M 31", "INSTRUME": "cam", "EXPTIME": 60.0, "FILTER": "L", "GAIN": 100,
    "DATE-OBS": "2026-11-21T20:15:00Z", "XBINNING": 2, "YBINNING": 2,
}  # fmt: skip
PLAIN = fits.HDUList([fits.PrimaryHDU(COUNTS, fits.Header(SAID))])
OTHER = fits.ImageHDU(COUNTS[::2])
TABLE = fits.BinTableHDU.from_columns([fits.Column("x", "E", array=np.zeros(3))])


def picture(kind: Any, **said: object) -> Any:
    return kind(COUNTS, fits.Header(SAID | said))


def written(path: Path, *parts: Any) -> Path:
    fits.HDUList(list(parts)).writeto(path, output_verify="silentfix")
    return path


def facts(frame: Frame) -> dict[str, Any]:
    return {name: getattr(frame, name) for name in Frame.__dataclass_fields__ if name not in ("path", "sha256")}


@pytest.mark.parametrize("way", ["RICE_1", "GZIP_2", "HCOMPRESS_1", None])
def test_a_picture_in_an_extension_reads_as_a_plain_file_does_in_words_and_pixels(tmp_path: Path, way: str) -> None:
    PLAIN.writeto(plain := tmp_path / "plain.fits")
    behind = fits.CompImageHDU(COUNTS, fits.Header(SAID), compression_type=way) if way else picture(fits.ImageHDU)
    path = written(tmp_path / "a.fits.fz", fits.PrimaryHDU(), behind)
    assert facts(read(path)) == facts(read(plain))
    assert glance(path) is not None
    counts, header = product.read(path)
    assert counts.dtype == np.uint16
    assert np.array_equal(counts, COUNTS)
    assert (header["OBJECT"], header["NAXIS"], header["NAXIS1"]) == ("M 31", 2, 40)
    assert product.image(counts, header)[0].header["EXPTIME"] == 60.0


def test_what_the_first_part_says_counts_where_the_picture_says_nothing(tmp_path: Path) -> None:
    first = fits.PrimaryHDU(header=fits.Header(SAID | {"OBJECT": "field", "TELESCOP": "0m4"}))
    path = written(tmp_path / "a.fits", first, fits.ImageHDU(COUNTS, fits.Header({"OBJECT": "M 33"})), TABLE)
    found = read(path)
    assert (found.object, found.telescope, found.rows, found.columns) == ("M 33", "0m4", 30, 40)
    header = product.read(path)[1]
    assert (header["OBJECT"], header["TELESCOP"]) == ("M 33", "0m4")


@pytest.mark.parametrize("kind", [fits.CompImageHDU, fits.ImageHDU])
def test_frames_of_both_ways_are_combined_with_plain_ones(tmp_path: Path, kind: Any) -> None:
    PLAIN.writeto(tmp_path / "plain.fits")
    behind = written(tmp_path / "a.fits", fits.PrimaryHDU(header=fits.Header({"SITE": "here"})), picture(kind))
    frames = FrameSet((tmp_path / "plain.fits", behind))
    assert frames.shape == COUNTS.shape
    assert frames.headers[1]["SITE"] == "here"
    for band, cube in frames.bands():
        assert np.array_equal(cube, np.array([COUNTS[band], COUNTS[band]], dtype="f4"))


def test_axes_without_end_are_not_counted_through(tmp_path: Path) -> None:
    path = written(tmp_path / "a.fits", fits.PrimaryHDU(), picture(fits.CompImageHDU))
    axes = b"ZNAXIS  =                    2"
    assert path.read_bytes().count(axes) == 1
    path.write_bytes(path.read_bytes().replace(axes, b"ZNAXIS  =  9999999999999999999"))
    with pytest.raises(FrameError, match="has 9999999999999999999 axes"):
        read(path)


@pytest.mark.parametrize(
    ("key", "value"), [("ZNAXIS1", 41), ("ZNAXIS1", 60_000), ("ZNAXIS1", 10**9), ("ZTILE1", 0), ("ZCMPTYPE", "'NONE'")]
)
def test_what_is_damaged_within_a_compressed_picture_is_a_fault_of_that_file(
    tmp_path: Path, key: str, value: object
) -> None:
    path = written(tmp_path / "a.fits", fits.PrimaryHDU(), picture(fits.CompImageHDU))
    with fits.open(path, disable_image_compression=True) as hdus:
        head = hdus[1].header.tostring().encode()
    card = next(head[at : at + 80] for at in range(0, len(head), 80) if head[at : at + 8] == f"{key:<8}".encode())
    path.write_bytes(path.read_bytes().replace(card, f"{key:<8}= {value!s:>20}".ljust(80).encode()))
    with pytest.raises(FrameError) as refused:
        product.read(path)
    assert refused.value.code == "not-an-image"
    with pytest.raises(FrameError):
        list(FrameSet((path, path)).bands())


def test_of_several_pictures_none_is_guessed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.fits", fits.PrimaryHDU(), picture(fits.ImageHDU), OTHER)
    with pytest.raises(FrameError, match="holds no picture, or several") as refused:
        read(path)
    assert refused.value.code == "no-image"
    with pytest.raises(FrameError, match="holds no picture"):
        product.read(path)


def test_a_picture_in_the_first_part_is_the_one_that_counts(tmp_path: Path) -> None:
    path = written(tmp_path / "a.fits", picture(fits.PrimaryHDU), OTHER)
    assert (read(path).rows, product.read(path)[0].shape) == (30, (30, 40))


def test_a_file_that_is_cut_within_its_extension_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.fits.fz", fits.PrimaryHDU(), picture(fits.CompImageHDU))
    path.write_bytes(path.read_bytes()[:-2880])
    with pytest.raises(FrameError, match="ends before the end") as refused:
        read(path)
    assert refused.value.code == "truncated"


def test_a_picture_behind_an_empty_part_is_found_in_what_gzip_has_packed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), picture(fits.ImageHDU)]).writeto(buffer)
    (tmp_path / "a.fits.gz").write_bytes(gzip.compress(buffer.getvalue()))
    assert cards_within(tmp_path / "a.fits.gz")["OBJECT"] == "M 31"
