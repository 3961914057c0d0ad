import asyncio
import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError

WIND = {"wind": "wind in m/s"}


@pytest.fixture
def read(clock, declare, tmp_path):
    """Read the file `tmp_path/weather` as it is declared."""

    def reading(measures=("wind",), **device):
        declared = declare(list(measures), {"file": str(tmp_path / "weather"), **device})
        return asyncio.run(
            WeatherSources(clock, "Europe/Madrid").port(declared, lambda: pytest.fail("no driver")).read()
        )

    return reading


@pytest.fixture
def written(tmp_path):
    """Write the file, and date it."""

    def write(content, age_s=0.0):
        path = tmp_path / "weather"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        then = time.time() - age_s
        os.utime(path, (then, then))
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)

    return write


def test_a_file_is_as_old_as_its_date(read, written):
    dated = written('{"wind": 10}', 90)
    reading = read(read=WIND)
    assert (reading.values, reading.taken_at) == ({"wind": 36.0}, dated)


def test_a_program_that_rewrites_an_old_reading_does_not_make_it_young(read, written, now):
    then = now - timedelta(hours=1)
    written(f'{{"wind": 10, "at": {then.timestamp()}}}')
    assert read(read=WIND, time="at").taken_at == pytest.approx(then, abs=timedelta(milliseconds=1))


def test_a_clock_that_runs_ahead_in_the_file_does_not_make_it_young(read, written, now):
    dated = written(f'{{"wind": 10, "at": "{now + timedelta(days=1)}"}}', 90)
    assert read(read=WIND, time="at").taken_at == dated


def test_a_file_dated_in_the_future_stays_there_for_the_verdict_to_refuse(read, written, now):
    written('{"wind": 10}', -3600)
    assert read(read=WIND).taken_at > now + timedelta(minutes=59)


def test_a_time_without_a_zone_is_of_the_site_or_of_the_declared_one(read, written):
    written('{"wind": 10, "at": "2026-07-01 12:00"}')
    assert read(read=WIND, time="at").taken_at.hour == 10
    assert read(read=WIND, time="at", zone="UTC").taken_at.hour == 12


def test_lines_of_keys_and_columns_are_read(read, written):
    written("wind=10\nhum=53\n")
    assert read(("wind",), format="keys", read=WIND).values == {"wind": 36.0}
    written("2026-11-21 12:00:00 10\n")
    assert read(format="line", read={"wind": "3 in m/s"}, time="1 2").values == {"wind": 36.0}


@pytest.mark.parametrize("text", ["wind=1", "hum=53\nwind=1"])
def test_a_number_that_may_be_cut_short_is_not_believed(read, written, text):
    written(text)
    with pytest.raises(DeviceError, match="half written"):
        read(format="keys", read=WIND)


def test_a_boltwood_file_needs_no_map(read, written, now):
    local = now.astimezone().replace(microsecond=0)
    written(f"{local:%Y-%m-%d %H:%M:%S}.00 C K -28.5 18.7 22.5 45.3 75 10.3 3 0 0 00004 0 1 2 1 0 0 0")
    reading = read(("wind", "sky"), format="boltwood", zone="UTC")
    assert reading.values["sky"] == -28.5 and set(reading.values) >= {"rain", "cloud", "wind"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not JSON"),
        (b'{"wind": 1', "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b" " * 70_000, "longer than"),
    ],
)
def test_what_cannot_be_understood_is_told(read, written, content, told):
    written(content)
    with pytest.raises(DeviceError, match=told):
        read(read=WIND)


def test_a_missing_file_is_told(read):
    with pytest.raises(DeviceError, match="No such file"):
        read(read=WIND)


def test_a_folder_and_a_pipe_that_nobody_writes_are_no_files(read, tmp_path):
    (tmp_path / "weather").mkdir()
    with pytest.raises(DeviceError, match="plain file"):
        read(read=WIND)
    (tmp_path / "weather").rmdir()
    os.mkfifo(tmp_path / "weather")
    with pytest.raises(DeviceError, match="plain file"):
        read(read=WIND)


def test_a_file_that_is_rewritten_meanwhile_is_read_whole_or_not_at_all(read, written, tmp_path):
    whole = {b"wind=" + digit * 40_000 + b"\n" for digit in (b"0", b"1")}
    over = threading.Event()

    def rewrite():
        while not over.is_set():
            for content in whole:
                (tmp_path / "weather").write_bytes(content)

    written(b"wind=0\n")
    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(50):
            try:
                reading = read(format="keys", read=WIND)
            except DeviceError:
                continue
            assert reading.values in ({}, {"wind": 0.0})
    finally:
        over.set()
        writer.join()
