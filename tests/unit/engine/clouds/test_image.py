import io
import struct
import zlib
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from obsy.engine.clouds import image
from obsy.engine.clouds.image import opened
from obsy.errors import UserError
from tests.support.effort import examples
from tests.support.skies import encoded, sky

MADRID = ZoneInfo("Europe/Madrid")
AT = datetime(2026, 7, 1, 23, 30)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_small_image_is_taken_as_it_is(kind):
    assert opened(encoded(sky(), kind), UTC).rgb.shape == (192, 256, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I", "F"])
def test_every_way_to_write_pixels_becomes_red_green_and_blue(mode):
    file = io.BytesIO()
    Image.fromarray(sky()).convert("L" if mode in "IF" else "RGB").convert(mode).save(file, "TIFF")
    rgb = opened(file.getvalue(), UTC).rgb
    assert (rgb.shape, rgb.dtype) == ((192, 256, 3), np.uint8)


def test_sixteen_bits_are_scaled_and_not_cut_off():
    file = io.BytesIO()
    Image.fromarray(np.repeat(np.arange(0, 65536, 256, dtype=np.uint16)[None], 200, axis=0)).save(file, "PNG")
    rgb = opened(file.getvalue(), UTC).rgb
    assert rgb[0, :, 0].tolist() == sorted(rgb[0, :, 0].tolist())
    assert len(np.unique(rgb)) > 250


@pytest.mark.parametrize(
    ("width", "height", "seen"), [(1000, 100, (100, 1000)), (1001, 99, (50, 501)), (300, 2100, (700, 100))]
)
def test_a_larger_image_is_averaged_down(width, height, seen):
    rgb = opened(encoded(np.full((height, width, 3), 90, np.uint8), "PNG"), UTC).rgb
    assert rgb.shape[:2] == seen
    assert set(np.unique(rgb)) == {90}


def bomb(side: int) -> bytes:
    """A PNG of a hundred bytes that says it has side x side pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = struct.pack("!IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [11_000, 40_000])
def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_decoded(side):
    with pytest.raises(UserError, match="million|bomb"):
        opened(bomb(side), UTC)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "cannot be read"),
        (b"<html>404</html>", "cannot be read"),
        (encoded(sky())[:4000], "cannot be read"),
        (encoded(sky(), "PNG")[:9000], "cannot be read"),
        (encoded(sky(shape=(64, 64))[:1, :1], "PNG"), "fewer than 64"),
        (encoded(np.zeros((63, 900, 3), np.uint8)), "fewer than 64"),
    ],
    ids=["nothing", "html", "half a jpeg", "half a png", "one pixel", "a strip"],
)
def test_what_is_no_whole_image_is_refused_in_words(raw, said):
    with pytest.raises(UserError, match=said):
        opened(raw, UTC)


def test_a_file_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(image, "LARGEST", 1000)
    with pytest.raises(UserError, match="longer"):
        opened(encoded(sky()), UTC)


JPEG = encoded(sky(shape=(96, 96)))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, len(JPEG) - 1), st.binary(min_size=1, max_size=40))
def test_a_spoilt_file_is_an_image_or_words(place, noise):
    try:
        assert opened(JPEG[:place] + noise + JPEG[place + len(noise) :], UTC).rgb.dtype == np.uint8
    except UserError:
        pass


def test_the_header_dates_an_image_by_its_own_zone_or_the_site_s():
    assert opened(encoded(sky(), exposed_at=AT), MADRID).exposed_at == AT.replace(tzinfo=MADRID)
    there = AT.replace(tzinfo=timezone(timedelta(hours=-7)))
    assert opened(encoded(sky(), exposed_at=there), MADRID).exposed_at == there
    assert opened(encoded(sky()), MADRID).exposed_at is None


def test_indi_allsky_writes_utc_into_its_headers():
    assert opened(encoded(sky(), exposed_at=AT, software="indi-allsky"), MADRID).exposed_at == AT.replace(tzinfo=UTC)
