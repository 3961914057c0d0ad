"""Frames made, not stored."""

from collections.abc import Callable
from pathlib import Path

import pytest

Value = str | int | float | bool
Make = Callable[..., Path]

BLOCK = 2880

EKOS: dict[str, Value] = {
    "SIMPLE": True,
    "BITPIX": 16,
    "NAXIS": 2,
    "NAXIS1": 64,
    "NAXIS2": 48,
    "EXTEND": True,
    "BZERO": 32768,
    "BSCALE": 1,
    "INSTRUME": "CCD Simulator",
    "TELESCOP": "Telescope Simulator",
    "EXPTIME": 180.0,
    "CCD-TEMP": -10.0,
    "PIXSIZE1": 3.8,
    "XBINNING": 1,
    "YBINNING": 1,
    "FRAME": "Light",
    "IMAGETYP": "Light Frame",
    "FILTER": "L",
    "GAIN": 100.0,
    "OFFSET": 10.0,
    "OBJECT": "m31",
    "OBJCTRA": "0 42 44.33",
    "OBJCTDEC": "41 16 7.50",
    "RA": 10.684708,
    "DEC": 41.268750,
    "PIERSIDE": "WEST",
    "AIRMASS": 1.12,
    "DATE-OBS": "2026-11-21T20:15:00.123",
}
"""What INDI's CCD simulator writes under EKOS."""


def card(key: str, value: Value) -> bytes:
    if isinstance(value, bool):
        text = f"{'T' if value else 'F':>20}"
    elif isinstance(value, str):
        text = "'" + value.replace("'", "''").ljust(8) + "'"
    else:
        text = f"{value!r:>20}"
    return f"{key:<8}= {text} / as written".ljust(80)[:80].encode("ascii")


def encode(cards: dict[str, Value], seed: int = 0) -> bytes:
    head = b"".join(card(key, value) for key, value in cards.items()) + b"END".ljust(80)
    length = abs(int(cards["BITPIX"])) // 8
    for axis in range(1, int(cards["NAXIS"]) + 1):
        length *= int(cards[f"NAXIS{axis}"])
    pixels = bytes((seed + place * 7) % 251 for place in range(length))
    return head + b" " * (-len(head) % BLOCK) + pixels + b"\0" * (-length % BLOCK)


@pytest.fixture
def ekos() -> dict[str, Value]:
    return dict(EKOS)


@pytest.fixture
def fits_bytes() -> Callable[..., bytes]:
    """`fits_bytes(seed=1, OBJECT="m42")`: an EKOS light with some cards changed, or left out if None."""

    def make(seed: int = 0, **changes: Value | None) -> bytes:
        cards = EKOS | {key.replace("_", "-"): value for key, value in changes.items()}
        return encode({key: value for key, value in cards.items() if value is not None}, seed)

    return make


@pytest.fixture
def make(tmp_path: Path, fits_bytes: Callable[..., bytes]) -> Make:
    """The same as a file in `incoming`."""

    def write(name: str = "light.fits", seed: int = 0, **changes: Value | None) -> Path:
        path = tmp_path / "incoming" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(fits_bytes(seed, **changes))
        return path

    return write
