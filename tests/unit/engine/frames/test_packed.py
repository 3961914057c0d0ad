"""What gzip has packed is unpacked as far as its headers promise: a small file cannot fill a disk or the memory."""

import gzip
import tracemalloc
from contextlib import nullcontext
from pathlib import Path

import pytest

from obsy.engine.frames import ingest as ingesting
from obsy.engine.frames.copy import STAGING, copy, forget, seen
from obsy.engine.frames.fits import AT_REST
from obsy.engine.frames.ingest import Arriving, fetch
from obsy.engine.frames.packed import MOST_BEHIND, unpacked
from obsy.errors import ArchiveError, FrameError

MB = 1 << 20


def packed(tmp_path: Path, *pieces: bytes) -> Path:
    path = tmp_path / "frame.fits.gz"
    with gzip.open(path, "wb") as stream:
        for piece in pieces:
            stream.write(piece)
    return path


def part(length: int) -> bytes:
    """An extension of so many bytes."""
    cards = {"XTENSION": "'IMAGE   '", "BITPIX": 8, "NAXIS": 1, "NAXIS1": length, "PCOUNT": 0, "GCOUNT": 1}
    head = b"".join(f"{key:<8}= {value!s:>20}".ljust(80).encode() for key, value in cards.items())
    return (head + b"END".ljust(80)).ljust(2880) + bytes(length + -length % 2880)


def test_what_is_packed_comes_out_to_the_last_byte(fits_bytes, tmp_path):
    whole = fits_bytes(NAXIS1=1000, NAXIS2=800)
    for behind in (b"", part(3000), part(0) + part(10), b"\0" * 512, part(9) + b"notes" * 1000):
        asked: list[int] = []
        pieces = list(unpacked(packed(tmp_path, whole + behind), asked.append))
        assert b"".join(pieces) == whole + behind
        assert len(whole) <= sum(asked) <= len(whole + behind)
        assert whole.startswith(pieces[0])
        assert len(pieces[0]) % 2880 == 0


def test_pieces_are_small_and_a_header_comes_whole(fits_bytes, tmp_path):
    long = {f"CARD{number}": number for number in range(200)}
    whole = fits_bytes(NAXIS1=1000, NAXIS2=800, **long)
    pieces = list(unpacked(packed(tmp_path, whole)))
    assert b"".join(pieces) == whole
    assert len(pieces[0]) == 7 * 2880
    assert max(map(len, pieces)) == MB


def test_a_megabyte_behind_the_last_part_is_let_be_and_no_more(fits_bytes, tmp_path):
    behind = fits_bytes() + bytes(MB + 2880)
    assert b"".join(unpacked(packed(tmp_path, behind))) == behind
    with pytest.raises(FrameError, match="more than a megabyte beyond"):
        list(unpacked(packed(tmp_path, behind, b"\0")))


@pytest.mark.parametrize("spoil", [lambda content: content[:-9], lambda content: content[:40] + b"?" * 99])
def test_what_cannot_be_unpacked_is_said(spoil, fits_bytes, tmp_path):
    path = packed(tmp_path, fits_bytes())
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(FrameError, match=r"frame\.fits\.gz cannot be unpacked") as refused:
        list(unpacked(path))
    assert refused.value.code == "bad-gzip"


def test_a_header_that_asks_for_the_impossible_is_cut(fits_bytes, tmp_path):
    content = fits_bytes().replace(b"NAXIS1  =                   64", b"NAXIS1  =                  -64")
    with pytest.raises(FrameError) as refused:
        list(unpacked(packed(tmp_path, content)))
    assert refused.value.code == "truncated"


@pytest.mark.long
def test_more_parts_than_any_frame_has_are_cut(fits_bytes, tmp_path):
    for parts, is_whole in ((AT_REST.parts - 1, True), (AT_REST.parts, False)):
        path = packed(tmp_path, fits_bytes(), part(0) * parts)
        with nullcontext() if is_whole else pytest.raises(FrameError):
            assert sum(map(len, unpacked(path))) == len(fits_bytes()) + 2880 * parts


def test_a_last_block_that_was_never_filled_is_whole(fits_bytes, tmp_path):
    whole = fits_bytes()[: 2880 + 64 * 48 * 2]
    assert b"".join(unpacked(packed(tmp_path, whole))) == whole


@pytest.mark.parametrize(
    ("cut", "code"),
    [(0, "not-fits"), (100, "truncated"), (2880, "truncated"), (2880 + 64 * 48 * 2 - 1, "truncated")],
)
def test_what_is_not_all_there_is_said(cut, code, fits_bytes, tmp_path):
    with pytest.raises(FrameError) as refused:
        list(unpacked(packed(tmp_path, fits_bytes()[:cut])))
    assert refused.value.code == code


@pytest.mark.long
@pytest.mark.parametrize(
    ("begins", "code"),
    [("nothing", "not-fits"), ("header", "truncated"), ("frame", "bad-gzip")],
)
def test_packed_zeros_fill_nothing(begins, code, fits_bytes, tmp_path):
    first = {"nothing": b"", "header": b"SIMPLE  = T".ljust(2880), "frame": fits_bytes()}[begins]
    path = packed(tmp_path, first, *[bytes(MB)] * 40)
    came = 0
    tracemalloc.start()
    with pytest.raises(FrameError) as refused:
        for piece in unpacked(path):
            came += len(piece)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == code
    assert came <= len(first) + MOST_BEHIND + 2880
    assert most < 16 * MB
    with pytest.raises(FrameError):
        fetch(Arriving(path, tmp_path / "archive", tmp_path, 0.0))
    assert list((tmp_path / "archive").rglob("*.fits")) == list((tmp_path / "archive" / STAGING).iterdir()) == []


def test_room_is_asked_for_what_the_header_promises_before_it_is_unpacked(fits_bytes, tmp_path, monkeypatch):
    whole = fits_bytes(NAXIS1=900, NAXIS2=900)
    path = packed(tmp_path, whole)
    asked: list[int] = []

    def room(archive: Path, size: int, reserve_percent: float) -> None:
        asked.append(size)
        if size > MB:
            raise ArchiveError("no room")

    monkeypatch.setattr(ingesting, "_require_room", room)
    with pytest.raises(ArchiveError, match="no room"):
        fetch(Arriving(path, tmp_path / "archive", tmp_path, 5.0))
    assert asked == [path.stat().st_size, len(whole)]
    assert list((tmp_path / "archive" / STAGING).iterdir()) == []


def test_what_a_worker_left_of_one_file_is_removed_and_of_others_not(make, tmp_path):
    one, two = make("one.fits"), make("two.fits", seed=2)
    left, kept = (copy(path, tmp_path / "archive").path for path in (one, two))
    forget(seen(one), tmp_path / "archive")
    assert (left.exists(), kept.exists()) == (False, True)
