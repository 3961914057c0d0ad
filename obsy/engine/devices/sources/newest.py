"""The newest image of an all-sky camera: of a file, a folder, a page, or the database of indi-allsky."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import quote

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.sources.file import at_rest
from obsy.engine.devices.sources.http import fetched
from obsy.engine.devices.sources.text import moment
from obsy.errors import DeviceError
from obsy.schemas.weather import Source

LARGEST = 64 * 2**20
"""Bytes of an image; the largest of an all-sky camera is a tenth of it."""
IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
DATABASES = (".sqlite", ".sqlite3", ".db")
NO_SKY = re.compile(r"\.|thumb|keogram|startrail|timelapse|panorama|mini|dark|sequence", re.IGNORECASE)
"""How folders and files begin that hold no single view of the sky, in the archives of both allsky programs."""
DATED = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)[-_T]?([0-2]\d)-?([0-5]\d)-?([0-5]\d)(?!\d)")
"""A time in a file's name, such as ccd1_20260301_224251.jpg and image-20260301224251.jpg."""
WAIT_S = 2.0
"""For a database that its program is writing."""


@dataclass(frozen=True)
class Found:
    """An image, what it is called, and the oldest of the moments that date it so far (UTC)."""

    raw: bytes
    name: str
    dated_at: datetime


def newest(clock: Clock, source: Source, zone: tzinfo) -> Found:
    """Return the newest image of a source. Raise DeviceError or OSError if there is none that is whole.

    zone: of names and databases that tell local times.
    """
    where = str(source.allsky)
    if where.startswith(("http://", "https://")):
        page = fetched(clock, where, source.login, LARGEST)
        if not page.is_whole:
            raise DeviceError("nobody knows whether all of it came: the server does not say how long it is")
        return Found(page.raw, where.rpartition("/")[2], page.made_at)
    path = Path(where).expanduser()
    if path.suffix in DATABASES:
        return _of_database(path, source, zone)
    return of_file(newest_in(path) if path.is_dir() else path, zone)


def of_file(path: Path, zone: tzinfo) -> Found:
    """Return the image of a file, dated by its name or its date, whichever is older."""
    raw, written = at_rest(str(path), LARGEST)
    return Found(raw, path.name, min(written, named(path.name, zone) or written))


def named(name: str, zone: tzinfo) -> datetime | None:
    """Return the time that a file's name tells, UTC; None if it tells none."""
    match = DATED.search(name)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def newest_in(folder: Path) -> Path:
    """Return the image written last in the folder changed last. Raise DeviceError if there is none."""
    found = next(_latest_first(folder), None)
    if found is None:
        raise DeviceError(f"there is no image in '{folder}'")
    return found


def _latest_first(folder: Path) -> Iterator[Path]:
    """Return an image of each folder below, the newest folder first: an archive of years is not walked through."""
    with os.scandir(folder) as entries:
        known = sorted(
            ((entry.stat().st_mtime, entry.path, entry.is_dir()) for entry in entries if not NO_SKY.match(entry.name)),
            reverse=True,
        )
    yield from [Path(path) for _, path, is_dir in known if not is_dir and path.lower().endswith(IMAGES)][:1]
    for _, path, is_dir in known:
        if is_dir:
            yield from _latest_first(Path(path))


def _of_database(path: Path, source: Source, zone: tzinfo) -> Found:
    """Return the newest image that indi-allsky has noted, dated by its note and its file, whichever is older."""
    camera = int(source.camera or 1)
    question = "SELECT filename, createDate FROM image WHERE camera_id = ? ORDER BY createDate DESC LIMIT 1"
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT_S)) as database:
            row = database.execute(question, (camera,)).fetchone()
    except sqlite3.Error as fault:
        raise DeviceError(f"the database '{path}' does not answer: {fault}") from None
    if row is None:
        raise DeviceError(f"the database '{path}' knows no image of camera {camera}")
    file = of_file(Path(source.images or "/var/www/html/allsky/images") / str(row[0]), zone)
    return Found(file.raw, file.name, min(file.dated_at, moment(row[1], zone)))
