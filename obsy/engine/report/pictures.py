"""Pictures of the stacks, small enough to stand in the page itself; in colour where the filters allow it."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from obsy.engine.progress import tile
from obsy.engine.report.inputs import StackInput
from obsy.engine.report.words import listed, several
from obsy.units import duration

LARGE_PX, SMALL_PX = 760, 360
PALETTES = (("R", "G", "B"), ("SII", "Ha", "OIII"), ("Ha", "OIII", "OIII"))
"""Which filters stand for red, green and blue; the first palette that is complete is used."""


@dataclass(frozen=True, slots=True)
class StackPicture:
    """One picture with its words; `address` holds the picture itself."""

    address: str
    alt: str
    caption: str
    large: bool
    width: int
    height: int
    tile: tuple[int, int] | None = None
    """Column and row of the only picture of its tile, where all that are shown are such tiles."""


def pictures(plan: str, stacks: Sequence[StackInput]) -> tuple[StackPicture, ...]:
    """The pictures of a plan: for each field and train its colours, then its filters; without those nobody can read."""
    out: list[StackPicture] = []
    trains = len({stack.train for stack in stacks})
    shown = list(dict.fromkeys((stack.picture, stack.train) for stack in stacks))
    for name, train in shown:
        own = {stack.filter: stack for stack in stacks if (stack.picture, stack.train) == (name, train)}
        by = f" by {train}" if trains > 1 else ""
        opened = {role: image for role, stack in own.items() if (image := _opened(stack.preview)) is not None}
        colour = composite(opened)
        large = len(shown) == 1
        if colour is not None:
            image, roles = colour
            words = f"{name} in colour from {listed(list(roles))}{by}"
            out.append(_picture(image, words, words, large))
        for role, image in opened.items():
            which = "" if large else f"{name} "
            caption = f"{which}{role}, {several(own[role].frames, 'frame')}, {duration(own[role].exposure_s)}{by}"
            alone = large and colour is None and len(opened) == 1
            words = f"{name} through {role}{by}: the stack of all nights for {plan}"
            out.append(_picture(image, words, caption, alone))
    tiles = dict.fromkeys(_place(name) for name, _ in shown)
    if None not in tiles and len(tiles) == len(out) == len(shown):
        out = [replace(picture, tile=place) for picture, place in zip(out, tiles, strict=True)]
    return tuple(out)


def _place(name: str) -> tuple[int, int] | None:
    """Column and row of the tile that a picture's name ends in; None if it is no tile."""
    column, _, row = tile(name).removeprefix("_").partition("-")
    return (int(column), int(row)) if row else None


def composite(opened: Mapping[str, Image.Image]) -> tuple[Image.Image, tuple[str, ...]] | None:
    """A colour picture of stretched stacks that lie on one grid, and the filters in it; None if they do not suffice.

    L, where there is one, gives the lightness.
    """
    roles = next((palette for palette in PALETTES if all(role in opened for role in palette)), None)
    if roles is None or len({opened[role].size for role in roles}) > 1:
        return None
    colour = Image.merge("RGB", [opened[role] for role in roles])
    light = opened.get("L")
    if light is not None and light.size == colour.size:
        _, blue, red = colour.convert("YCbCr").split()
        return Image.merge("YCbCr", (light, blue, red)).convert("RGB"), ("L", *roles)
    return colour, tuple(dict.fromkeys(roles))


def _opened(path: Path) -> Image.Image | None:
    """The picture in grey; None if there is none that can be read."""
    try:
        with Image.open(path) as image:
            return image.convert("L")
    except (OSError, UnidentifiedImageError):
        return None


def _picture(image: Image.Image, alt: str, caption: str, large: bool) -> StackPicture:
    edge = LARGE_PX if large else SMALL_PX
    small = image.copy()
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "PNG")  # to search for the last 3 % takes twenty times as long where it is smooth
    address = "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
    return StackPicture(address, alt, caption, large, *small.size)
