"""Of the files of a folder: what says when it was taken is a frame, and most alike are one light curve."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.science.transit.folder_frames import DatedFrame, alike, dated_frames
from obsy.errors import UserError

BEGAN = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)


def written(folder, name, **cards):
    """A small file with a header that says enough, but for what is changed."""
    hdu = fits.PrimaryHDU(np.zeros((2, 2), dtype=np.int16))
    for key, value in ({"DATE-OBS": "2026-08-20T04:00:00+00:00", "EXPTIME": 60.0} | cards).items():
        if value is not None:
            hdu.header[key] = value
    hdu.writeto(folder / name)


def taken(*exposures, filter_name="V", camera="one"):
    """Frames of these exposures, a minute apart."""
    cards = {"FILTER": filter_name, "INSTRUME": camera}
    return [
        DatedFrame(Path(f"{camera}-{filter_name}-{n}.fits"), cards, BEGAN + timedelta(minutes=n), exposure)
        for n, exposure in enumerate(exposures)
    ]


def test_frames_come_in_order_of_time_whatever_they_are_called(tmp_path):
    written(tmp_path, "a.fits", **{"DATE-OBS": "2026-08-20T05:00:00+00:00"})
    written(tmp_path, "b.FIT")
    (tmp_path / "notes.txt").write_text("clouds at two")
    found, refused = dated_frames(tmp_path)
    assert [frame.path.name for frame in found] == ["b.FIT", "a.fits"] and refused == {}
    assert found[0].exposure_s == 60.0 and found[0].began == BEGAN


@pytest.mark.parametrize(
    ("cards", "why"),
    [
        ({"IMAGETYP": "Flat Field"}, "its header calls it a flat"),
        ({"EXPTIME": None}, "no EXPTIME or EXPOSURE of more than 0 and up to 86400 s"),
        ({"EXPTIME": 1e30}, "no EXPTIME or EXPOSURE of more than 0 and up to 86400 s"),
        ({"EXPTIME": 0.0}, "no EXPTIME or EXPOSURE of more than 0 and up to 86400 s"),
        ({"DATE-OBS": "yesterday"}, "DATE-OBS 'yesterday'"),
        ({"DATE-OBS": ("2026-08-20T22:00:00", "local time")}, "its DATE-OBS is local time, as its comment says"),
    ],
)
def test_a_file_that_is_no_dated_frame_is_left_out_with_the_reason(tmp_path, cards, why):
    written(tmp_path, "good.fits", IMAGETYP="Light Frame", EXPTIME=86400.0)
    written(tmp_path, "other.fits", **cards)
    found, refused = dated_frames(tmp_path)
    assert [frame.path.name for frame in found] == ["good.fits"]
    assert list(refused) == ["other.fits"] and why in refused["other.fits"]


def test_a_folder_that_holds_no_frame_is_told_with_the_reason_of_one(tmp_path):
    with pytest.raises(
        UserError, match="taken: no file in it ends in .fits, .fit, .fts, and folders in it are not looked into"
    ):
        dated_frames(tmp_path)
    (tmp_path / "torn.fits").write_bytes(b"PK-archive" * 400)
    with pytest.raises(UserError, match="torn.fits: it does not begin as a FITS file does"):
        dated_frames(tmp_path)


def test_a_folder_that_cannot_be_read_is_told_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file' cannot be read: Not a directory"):
        dated_frames(tmp_path / "file")


def test_the_filter_that_most_frames_have_is_kept():
    red, green = taken(60, 60, filter_name="R"), taken(60, 60, 60, filter_name="V")
    kept, left = alike([*red, *green])
    assert kept == green and left == {"one-R-0.fits": "it is of one, R, 60 s", "one-R-1.fits": "it is of one, R, 60 s"}


def test_two_cameras_are_two_light_curves():
    mine, theirs = taken(60, 60, camera="one"), taken(60, camera="two")
    assert alike([*theirs, *mine]) == (mine, {"two-V-0.fits": "it is of two, V, 60 s"})


def test_exposures_that_are_measured_differ_a_little_and_are_of_one_length():
    frames = taken(10.0, 60.02, 60.49, 59.98, 10.1, 58.0, 50.0)
    kept, left = alike(frames)
    assert [frame.exposure_s for frame in kept] == [60.02, 60.49, 59.98, 58.0]
    assert left["one-V-6.fits"] == "it is of one, V, 50 s"


def test_the_exposure_is_that_of_most_frames_of_the_filter_that_is_kept():
    long, short = taken(60, 60, 10, 300, filter_name="V"), taken(10, 10, 10, filter_name="R")
    kept, left = alike([*short, *long])
    assert kept == long[:2] and len(left) == 5


def test_five_percent_apart_is_as_long():
    frames = taken(100.0, 100.0, 105.0, 94.9)
    assert alike(frames)[0] == frames[:3]


def test_frames_whose_headers_say_nothing_of_it_are_alike():
    bare = [DatedFrame(Path(f"{n}.fits"), {}, BEGAN, 30.0) for n in range(3)]
    assert alike(bare) == (bare, {})
    assert alike([*bare, replace(bare[0], path=Path("odd.fits"), exposure_s=5.0)]) == (
        bare,
        {"odd.fits": "it is of 5 s"},
    )


def test_half_a_second_is_an_exposure(tmp_path):
    written(tmp_path, "short.fits", EXPTIME=0.5)
    assert dated_frames(tmp_path)[0][0].exposure_s == 0.5
