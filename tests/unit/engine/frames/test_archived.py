"""A frame that an earlier version took stays one, with kind, start and exposure as its place tells them."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsy.engine.frames.archived import read_archived
from obsy.engine.frames.header import read
from obsy.errors import FrameError

REFUSED = [
    {"IMAGETYP": "Master Light"},
    {"IMAGETYP": None, "FRAME": None},
    {"IMAGETYP": "selfie", "FRAME": None},
    {"STACKCNT": 12},
    {"RAWSHA": "0123"},
    {"CALSTAT": "BDF"},
    {"NAXIS": 3, "NAXIS3": 2},
    {"OBJECT": "Output from MAKE_SUM"},
    {"DATE_OBS": None},
    {"DATE_OBS": "tonight"},
    {"DATE_OBS": "2026-11-21"},
    {"TIMESYS": "TAI"},
    {"MJD_OBS": 61000.123456, "UT": "05:00:00"},
    {"JD_OBS": 2461000.123456},
    {"EXPTIME": None},
    {"EXPTIME": -1.0},
    {"XBINNING": 2},
    {"IMAGETYP": "Master Light", "DATE_OBS": None, "EXPTIME": None, "XBINNING": 2},
]


def archived(content: bytes, archive: Path, *, sha256: str = "", kind: str = "light/m31") -> Path:
    """The bytes where an earlier version put them."""
    name = f"m31_L_180s_20261121T201500.123Z_{(sha256 or hashlib.sha256(content).hexdigest())[:12]}.fits"
    path = archive / "2026-11-21" / kind / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("cards", REFUSED, ids=str)
def test_what_would_be_refused_today_stays_the_frame_that_it_was(cards, fits_bytes, tmp_path):
    path = archived(fits_bytes(**cards), tmp_path)
    with pytest.raises(FrameError) as today:
        read(path)
    frame, refused = read_archived(path, tmp_path)
    assert refused == str(today.value)
    assert (frame.kind, frame.exposure_s) == ("light", 180.0)
    assert frame.taken_at == datetime(2026, 11, 21, 20, 15, 0, 123000, UTC)
    assert (frame.gain, frame.rows, frame.temperature_c) == (100, 48, -10.0)
    assert frame.object == ("" if "OBJECT" in cards else "m31")


def test_a_frame_that_is_taken_today_is_read_as_it_says(fits_bytes, tmp_path):
    path = archived(fits_bytes(EXPTIME=60.0), tmp_path)
    assert read_archived(path, tmp_path) == (read(path), "")


def test_what_stands_behind_its_cards_is_read_as_ever(fits_bytes, tmp_path):
    content = fits_bytes(DATE_OBS=None, EXPTIME=3.0).replace(b"3.0 / as written     ", b"3.0 / exposure (min) ", 1)
    assert read_archived(archived(content, tmp_path), tmp_path)[0].exposure_s == 180.0


def test_what_its_place_tells_must_be_sound_itself(fits_bytes, tmp_path):
    path = archived(fits_bytes(EXPTIME=None), tmp_path)
    long = path.rename(path.with_name(path.name.replace("180s", "999999s")))
    with pytest.raises(FrameError) as refused:
        read_archived(long, tmp_path)
    assert refused.value.code == "no-exposure"


@pytest.mark.parametrize(
    "told",
    [{"sha256": "0" * 64}, {"kind": "selfie"}, {"kind": "."}],
    ids=["other-bytes", "no-kind", "no-folder"],
)
def test_what_its_place_does_not_prove_is_no_frame(told, fits_bytes, tmp_path):
    path = archived(fits_bytes(DATE_OBS=None), tmp_path, **told)
    with pytest.raises(FrameError, match="DATE-OBS"):
        read_archived(path, tmp_path)


@pytest.mark.parametrize("cards", [{"BITPIX": 24}, {"NAXIS1": 0}])
def test_what_never_was_a_frame_is_none(cards, fits_bytes, tmp_path):
    path = archived(fits_bytes(**cards), tmp_path)
    with pytest.raises(FrameError):
        read_archived(path, tmp_path)
