import json
import struct

import numpy as np
import pytest

from obsy.engine.devices.alpaca.answer import AlpacaRefusal
from obsy.engine.devices.alpaca.image import IMAGE_BYTES, pixels
from obsy.engine.devices.alpaca.line import AlpacaPage
from obsy.errors import DeviceError
from tests.support.alpaca import AlpacaPeer

COLUMNS_FIRST = [[1, 2, 3], [4, 5, 6]]
"""Two columns of three rows."""
ROWS_FIRST = [[1, 4], [2, 5], [3, 6]]


def sent(image=COLUMNS_FIRST, sent_as=8):
    kind, content = AlpacaPeer(image=image, sent_as=sent_as).picture(IMAGE_BYTES)
    return AlpacaPage(content, kind, 0)


@pytest.mark.parametrize("sent_as", [1, 2, 3, 8, None])
def test_columns_come_first_and_rows_are_what_a_frame_has(sent_as):
    counts = pixels(sent(sent_as=sent_as), "camera/0")
    assert counts.tolist() == ROWS_FIRST and counts.dtype == np.uint16


def test_bytes_that_were_written_by_hand_are_read_as_the_reference_says():
    # Two columns and one row of Int16, in a head of 44 bytes and a gap of 4.
    content = struct.pack("<11i", 1, 0, 9, 8, 48, 2, 1, 2, 2, 1, 0) + b"\0\0\0\0" + struct.pack("<2h", 7, 300)
    assert pixels(AlpacaPage(content, IMAGE_BYTES, 9), "camera/0").tolist() == [[7, 300]]
    with pytest.raises(DeviceError, match="answers question 9, and 10 was asked"):
        pixels(AlpacaPage(content, IMAGE_BYTES, 10), "camera/0")


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ([[0, 65535]], "uint16"),
        ([[0, 65536]], "int32"),
        ([[-1, 0]], "int32"),
        ([[-(2**31), 2**31 - 1]], "int32"),
        ([[0, 2**31]], "float32"),
        ([[-(2**32), 0]], "float32"),
        ([[0.5, 1.0]], "float32"),
        ([[0.0, 2.0**24]], "int32"),
        ([[-(2.0**24), 0.0]], "int32"),
        ([[0.0, 2.0**24 + 2]], "float32"),
        ([[-(2.0**24) - 2, 0.0]], "float32"),
    ],
)
def test_counts_are_kept_whatever_their_range(image, kind):
    counts = pixels(sent(image, None), "camera/0")
    assert counts.T.tolist() == image and counts.dtype == kind


# Their numbers as the ASCOM Alpaca API Reference has them, each with Python's letter for the same.
@pytest.mark.parametrize(("kind", "letter"), [*enumerate("hidfQBqHI", 1)])
def test_each_way_to_send_numbers_is_read(kind, letter):
    content = struct.pack("<11i", 1, 0, 0, 0, 44, 2, kind, 2, 2, 1, 0) + struct.pack(f"<2{letter}", 7, 200)
    assert pixels(AlpacaPage(content, IMAGE_BYTES, 0), "camera/0").tolist() == [[7, 200]]


def test_a_refusal_may_come_without_words():
    content = struct.pack("<11i", 1, 0x40B, 0, 0, 44, 0, 0, 0, 0, 0, 0)
    with pytest.raises(AlpacaRefusal, match="it cannot do that now"):
        pixels(AlpacaPage(content, IMAGE_BYTES, 0), "camera/0")


def test_a_refusal_comes_as_bytes_too():
    content = struct.pack("<11i", 1, 0x40B, 0, 0, 44, 0, 0, 0, 0, 0, 0) + b"no image"
    with pytest.raises(AlpacaRefusal, match="refused 'imagearray' with error 0x40B, it cannot do that now: no image"):
        pixels(AlpacaPage(content, IMAGE_BYTES, 0), "camera/0")


def test_an_image_that_was_cut_short_is_told():
    page = sent()
    with pytest.raises(DeviceError, match="cut short: 10 of 12 bytes of pixels came"):
        pixels(AlpacaPage(page.content[:-2], IMAGE_BYTES, 0), "camera/0")
    with pytest.raises(DeviceError, match="cut short: 20 bytes came"):
        pixels(AlpacaPage(page.content[:20], IMAGE_BYTES, 0), "camera/0")


def test_an_image_of_colours_is_told_with_the_cure():
    with pytest.raises(DeviceError, match="an image with 3 axes, and a frame has 2: set it to send raw"):
        pixels(sent([[[1, 2, 3]]]), "camera/0")


@pytest.mark.parametrize("value", [None, [], [[]], [["a"]], [[1], [1, 2]], 3, [[None]], [[True]]])
def test_an_image_of_json_that_is_none_is_told(value):
    content = json.dumps({"ErrorNumber": 0, "Value": value}).encode()
    with pytest.raises(DeviceError, match="'camera/0' sends an image"):
        pixels(AlpacaPage(content, "application/json", 0), "camera/0")


@pytest.mark.parametrize("head", [(2, 8), (1, 0), (1, 77)])
def test_a_form_that_nobody_knows_is_told(head):
    content = struct.pack("<11i", head[0], 0, 0, 0, 44, 2, head[1], 2, 1, 1, 0) + b"\0" * 8
    with pytest.raises(DeviceError, match="in a form that obsy does not know"):
        pixels(AlpacaPage(content, IMAGE_BYTES, 0), "camera/0")
