import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from obsy.engine.devices.sources import newest as finding
from obsy.engine.devices.sources.newest import named, newest, newest_in
from obsy.errors import DeviceError
from obsy.schemas.weather import Source

MADRID = ZoneInfo("Europe/Madrid")


def found(clock, zone=UTC, **device):
    return newest(clock, Source(**device), zone)


def put(path, at=None, raw=b"image"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    if at is not None:
        os.utime(path, (0, at))
    return path


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("ccd1_20260301_224251.jpg", datetime(2026, 3, 1, 21, 42, 51, tzinfo=UTC)),
        ("image-20260701224251.jpg", datetime(2026, 7, 1, 20, 42, 51, tzinfo=UTC)),
        ("2026-03-01T22-42-51.png", datetime(2026, 3, 1, 21, 42, 51, tzinfo=UTC)),
        ("20261025_023000.jpg", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the hour that comes twice: the first
        ("20261340_224251.jpg", None),
        ("image.jpg", None),
        ("123420260301224251.jpg", None),
        ("startrails-20260301.jpg", None),
    ],
)
def test_a_name_tells_a_time(name, at):
    assert named(name, MADRID) == at


def test_an_image_is_as_old_as_its_name_or_its_date_whichever_is_older(clock, tmp_path):
    put(tmp_path / "a_20260301_120000.jpg", at=1_800_000_000)
    put(tmp_path / "b_20260301_120000.jpg", at=1_700_000_000)
    assert found(clock, allsky=str(tmp_path / "a_20260301_120000.jpg")).dated_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found(clock, allsky=str(tmp_path / "b_20260301_120000.jpg")).dated_at.timestamp() == 1_700_000_000


def test_of_a_folder_the_newest_image_is_taken_and_no_thumbnail(clock, tmp_path):
    put(tmp_path / "20260301" / "image-20260301224251.jpg", at=100)
    put(tmp_path / "20260302" / "image-20260302224251.jpg", at=200)
    new = put(tmp_path / "20260302" / "image-20260302224351.jpg", at=300)
    for other in ("thumbnails/x.jpg", "keogram-20260302.jpg", "startrails/y.jpg", "notes.txt", ".half.jpg"):
        put(tmp_path / "20260302" / other, at=900)
    for folder, at in (("20260301", 150), ("20260302", 350)):
        os.utime(tmp_path / folder, (0, at))
    assert newest_in(tmp_path) == new
    assert found(clock, allsky=str(tmp_path)).name == new.name


def test_a_folder_that_is_newer_and_empty_hides_nothing(tmp_path):
    old = put(tmp_path / "20260301" / "night" / "22" / "image.jpg")
    (tmp_path / "20260302" / "day").mkdir(parents=True)
    assert newest_in(tmp_path) == old


def test_no_image_is_an_error_in_words(clock, tmp_path):
    with pytest.raises(DeviceError, match="there is no image"):
        found(clock, allsky=str(tmp_path))
    with pytest.raises(FileNotFoundError):
        found(clock, allsky=str(tmp_path / "gone.jpg"))
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(DeviceError, match="no plain file"):
        found(clock, allsky=str(tmp_path / "pipe.jpg"))


@pytest.fixture
def database(tmp_path):
    """The part of indi-allsky's database that matters, with two images of camera 2 and one of camera 1."""
    path = tmp_path / "indi-allsky.sqlite"
    with sqlite3.connect(path) as line:
        line.execute("CREATE TABLE image (id INTEGER, filename TEXT, createDate DATETIME, camera_id INTEGER)")
        rows = [
            (1, "ccd_1/a.jpg", "2026-03-01 22:42:51.000000", 2),
            (2, "ccd_1/b.jpg", "2026-03-01 22:43:51.000000", 2),
            (3, str(tmp_path / "c.jpg"), "2026-03-01 22:44:51", 1),
        ]
        line.executemany("INSERT INTO image VALUES (?, ?, ?, ?)", rows)
    line.close()
    for name in ("ccd_1/a.jpg", "ccd_1/b.jpg"):
        put(tmp_path / "images" / name, raw=name.encode())
    put(tmp_path / "c.jpg", raw=b"c")
    return path


def test_indi_allsky_s_newest_image_of_a_camera_is_taken_by_its_note(clock, database, tmp_path):
    there = {"allsky": str(database), "images": str(tmp_path / "images")}
    image = found(clock, zone=MADRID, camera=2, **there)
    assert (image.raw, image.dated_at) == (b"ccd_1/b.jpg", datetime(2026, 3, 1, 21, 43, 51, tzinfo=UTC))
    assert found(clock, **there).raw == b"c"


def test_a_database_that_cannot_be_asked_is_an_error_and_is_not_made(clock, database, tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "WAIT_S", 0.01)
    with pytest.raises(DeviceError, match="no image of camera 7"):
        found(clock, allsky=str(database), camera=7)
    with pytest.raises(DeviceError, match="unable to open"):
        found(clock, allsky=str(tmp_path / "gone.sqlite"))
    assert not (tmp_path / "gone.sqlite").exists()
    put(tmp_path / "text.db", raw=b"no database" * 200)
    with pytest.raises(DeviceError, match="not a database"):
        found(clock, allsky=str(tmp_path / "text.db"))
    sqlite3.connect(tmp_path / "empty.db").close()
    with pytest.raises(DeviceError, match="no such table"):
        found(clock, allsky=str(tmp_path / "empty.db"))
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DeviceError, match="locked"):
        found(clock, allsky=str(database))
    other.close()


def test_an_image_behind_an_address_is_dated_by_its_page(clock, served):
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=9)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nLast-Modified: {then:%a, %d %b %Y %H:%M:%S} GMT\r\n\r\n"
    with served(lambda line: (line.recv(9999), line.sendall(head.encode() + b"image"))) as port:
        image = found(clock, allsky=f"http://127.0.0.1:{port}/current/image.jpg")
    assert (image.raw, image.name, image.dated_at) == (b"image", "image.jpg", then)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", "302"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nima", "3 bytes of 900"),
        (b"HTTP/1.1 200 OK\r\n\r\nimage of no known length", "how long"),
    ],
)
def test_half_an_image_behind_an_address_is_none(clock, served, answer, said):
    with served(lambda line: (line.recv(9999), line.sendall(answer))) as port, pytest.raises(DeviceError, match=said):
        found(clock, allsky=f"http://127.0.0.1:{port}/image.jpg")


def test_a_server_that_hangs_is_left(clock, served, monkeypatch):
    monkeypatch.setattr("obsy.engine.devices.sources.http.CONNECT_S", 0.05)
    began = time.monotonic()
    with served(lambda line: line.recv(9999) and line.recv(1)) as port, pytest.raises(TimeoutError):
        found(clock, allsky=f"http://127.0.0.1:{port}/image.jpg")
    assert time.monotonic() - began < 5
