from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from obsy.engine.science.sun.ser import HEADER, opened
from obsy.errors import UserError
from tests.support.made_sun import MadeSun, write_ser

BEGAN = datetime(2022, 9, 28, 22, 13, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def film() -> np.ndarray:
    return MadeSun(frames=40, slit=60, radius=20.0).film()


def test_bytes_of_either_order_are_told_by_the_light_whatever_the_header_says(film: np.ndarray, tmp_path: Path) -> None:
    for swapped in (False, True):
        for little in (0, 1):
            read = opened(write_ser(tmp_path / "sun.ser", film, swapped=swapped, little=little))
            np.testing.assert_array_equal(read.frames, film)


def test_twelve_bits_in_sixteen_are_read_as_they_are(film: np.ndarray, tmp_path: Path) -> None:
    read = opened(write_ser(tmp_path / "sun.ser", film >> 4, swapped=True, depth=12))
    assert read.frames.max() < 4096


def test_frames_of_eight_bits_and_the_time_of_first_and_last(film: np.ndarray, tmp_path: Path) -> None:
    read = opened(write_ser(tmp_path / "sun.ser", (film >> 8).astype(np.uint8)))
    assert (read.frames.dtype, read.frames.shape) == (np.uint8, film.shape)
    assert (read.began, read.doubts, read.instrument) == (BEGAN, (), "Sol'Ex")
    assert read.ended is not None
    assert (read.ended - BEGAN).total_seconds() == pytest.approx(39 * 0.02)


def cut(path: Path, size: int) -> Path:
    path.write_bytes(path.read_bytes()[:size])
    return path


def test_a_film_that_is_cut_off_keeps_its_whole_frames_and_says_so(film: np.ndarray, tmp_path: Path) -> None:
    frame = film[0].nbytes
    read = opened(cut(write_ser(tmp_path / "sun.ser", film), HEADER.size + 10 * frame + frame // 2))
    assert len(read.frames) == 10
    assert read.doubts == ("the header says 40 frames, the file holds 10 and a part of one: it is cut off",)


def test_a_header_that_counts_more_than_any_disk_holds_is_no_fault(film: np.ndarray, tmp_path: Path) -> None:
    video = opened(write_ser(tmp_path / "a.ser", film, count=2**31 - 1))
    assert len(video.frames) >= len(film) and "it is cut off" in video.doubts[0]


def test_a_film_that_ends_within_its_last_frame_keeps_those_before_it(film: np.ndarray, tmp_path: Path) -> None:
    step = film[0].nbytes
    path = cut(write_ser(tmp_path / "a.ser", film), HEADER.size + len(film) * step - 1)
    video = opened(path)
    assert len(video.frames) == len(film) - 1
    assert video.doubts == ("the header says 40 frames, the file holds 39 and a part of one: it is cut off",)


def test_a_header_without_a_count_is_of_a_recording_that_was_not_ended_well(film: np.ndarray, tmp_path: Path) -> None:
    read = opened(write_ser(tmp_path / "sun.ser", film, count=0))
    assert len(read.frames) == 40
    assert "not ended well" in read.doubts[0]


def test_a_header_that_counts_too_few_leaves_the_rest_and_says_so(film: np.ndarray, tmp_path: Path) -> None:
    read = opened(write_ser(tmp_path / "sun.ser", film, count=15))
    assert len(read.frames) == 15
    assert "bytes more follow" in read.doubts[0]


def test_what_is_no_film_of_one_colour_is_refused_in_words(film: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "sun.ser"
    for said, words in (
        ({"colour": 8}, r"in colour \(RGGB\): film the spectrum in mono"),
        ({"colour": 100}, r"in colour \(RGB\)"),
        ({"width": 0}, "frames of 0 x 36 px of 16 bit: its header is damaged"),
        ({"depth": 40}, "of 40 bit: its header is damaged"),
        ({"width": 60_000, "height": 60_000}, "holds no whole frame"),
    ):
        with pytest.raises(UserError, match=words):
            opened(write_ser(path, film, **said))
    with pytest.raises(UserError, match="holds no whole frame: 0 bytes"):
        opened(cut(write_ser(path, film), HEADER.size))
    with pytest.raises(UserError, match="is no film in SER"):
        opened(cut(write_ser(path, film), 100))
    with pytest.raises(UserError, match="cannot be read"):
        opened(tmp_path / "gone.ser")


def test_a_name_ends_at_its_first_nul_whatever_a_program_left_behind_it(film: np.ndarray, tmp_path: Path) -> None:
    path = write_ser(tmp_path / "sun.ser", film)
    held = bytearray(path.read_bytes())
    at = held.index(b"Sol'Ex")
    held[at + 8 : at + 12] = b"\xff\x01 x"
    path.write_bytes(bytes(held))
    assert opened(path).instrument == "Sol'Ex"
