"""The pixels that an Alpaca camera sends: ImageBytes, or JSON from a server that has no other.

Source: ASCOM Alpaca API Reference, "Alpaca ImageBytes"; facts only.
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.alpaca.answer import AlpacaRefusal, check_number, value_of
from obsy.engine.devices.alpaca.line import AlpacaPage
from obsy.errors import DeviceError

IMAGE_BYTES = "application/imagebytes"
HEAD = struct.Struct("<iiIIiiiiiii")
"""Version, error, two transactions, where the pixels begin, how they are meant and sent, rank, and three sizes."""
SENT_AS = {1: "<i2", 2: "<i4", 3: "<f8", 4: "<f4", 5: "<u8", 6: "<u1", 7: "<i8", 8: "<u2", 9: "<u4"}
PLANE, LARGEST, SMALL, WHOLE = 2, 65535, 2**31, 2**24
Pixels = NDArray[Any]


def pixels(page: AlpacaPage, device: str) -> Pixels:
    """Return counts: (rows, columns), top row first; uint16 where that holds them, else int32 or float32.

    Raise AlpacaRefusal if the camera refuses, DeviceError if what it sends is no plane of pixels, or cut short.
    """
    sent = _bytes(page, device) if page.kind == IMAGE_BYTES else _json(page, device)
    return _narrow(sent.T)  # Alpaca counts columns first


def _bytes(page: AlpacaPage, device: str) -> Pixels:
    content = page.content
    if len(content) < HEAD.size:
        raise DeviceError(f"the image of '{device}' was cut short: {len(content)} bytes came")
    version, error, answers, _, begins, _, kind, rank, columns, rows, _ = HEAD.unpack_from(content)
    check_number(answers, page.number, device, "imagearray")
    if error:
        raise AlpacaRefusal(device, "imagearray", error, content[begins:].decode(errors="replace").strip())
    if version != 1 or kind not in SENT_AS:
        raise DeviceError(f"'{device}' sends its image in a form that obsy does not know ({version}, {kind})")
    _check_plane(device, rank)
    sent = np.dtype(SENT_AS[kind])
    promised = columns * rows * sent.itemsize
    if begins < HEAD.size or min(columns, rows) < 1 or len(content) - begins < promised:
        raise DeviceError(
            f"the image of '{device}' was cut short: {max(len(content) - begins, 0)} of {promised} bytes of pixels came"
        )
    return np.frombuffer(content, sent, columns * rows, begins).reshape(columns, rows)


def _json(page: AlpacaPage, device: str) -> Pixels:
    value = value_of(page.content, device, "imagearray", page.number)
    try:
        sent = np.array(value)
    except ValueError:
        raise DeviceError(f"'{device}' sends an image whose columns are not equally long") from None
    _check_plane(device, sent.ndim)
    if not sent.size or sent.dtype.kind not in "iuf":
        raise DeviceError(f"'{device}' sends an image of what is no number")
    return sent


def _check_plane(device: str, rank: int) -> None:
    if rank != PLANE:
        cure = "set it to send raw frames, in its driver"
        raise DeviceError(f"'{device}' sends an image with {rank} axes, and a frame has 2: {cure}")


def _narrow(sent: Pixels) -> Pixels:
    """The same numbers, each in as few bytes as all need."""
    least, most = sent.min(), sent.max()
    if sent.dtype.kind == "f":
        whole = bool(np.isfinite(least) and np.isfinite(most) and np.all(sent == np.rint(sent)))
        if not whole or least < -WHOLE or most > WHOLE:
            return np.ascontiguousarray(sent, np.float32)
    if 0 <= least and most <= LARGEST:
        return np.ascontiguousarray(sent, np.uint16)
    if -SMALL <= least and most < SMALL:
        return np.ascontiguousarray(sent, np.int32)
    return np.ascontiguousarray(sent, np.float32)
