"""Masters: calibration frames, none of which spoils the others, freed of what is not theirs, and combined."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obsy.engine.identity import Card
from obsy.engine.library.master import LEANS_ON
from obsy.engine.reduce.combine import Footing, FrameSet, combined
from obsy.engine.reduce.noise import noise_between
from obsy.engine.reduce.orders import MasterOrder
from obsy.engine.reduce.plain_cards import exposed_s, plain_exposure
from obsy.engine.reduce.product import Image, dress, image, read, write
from obsy.errors import FrameError


def build(order: MasterOrder) -> str:
    """Write the master, and return its SHA-256.

    A dark is freed of its bias if there is one; a flat of bias and dark, each frame scaled to a mean of one.
    Raises FrameError: no-frames, sizes-differ, not-an-image, no-light (a flat without light).
    """
    frames = FrameSet(order.sources)
    exposure_s = float(np.median([exposed_s(header, order.exposure_s) for header in frames.headers]))
    subtract = _subtracted(order, exposure_s, frames.shape)
    footing = (_flat_footing if order.kind == "flat" else _plain_footing)(frames, subtract)
    mean, _ = combined(frames, footing, order.reject)
    cards = (*plain_exposure(frames.headers[0], exposure_s), *_cards(order, frames), *order.cards)
    if order.kind == "flat":
        whole = float(mean.mean(dtype=float))
        mean /= np.float32(whole)
        cards = (*cards, ("LEVEL", whole * float(np.median(1 / footing.factor)), "[adu] mean light of its frames"))
    return write(order.target, image(mean, dress(frames.headers[0], cards)))


def _subtracted(order: MasterOrder, exposure_s: float, shape: tuple[int, int]) -> Image | None:
    """What every frame is freed of: the bias, and for a flat the dark scaled to what it was exposed.

    Of a dark that has its pedestal still, what is scaled is what it has beyond its bias.
    """
    pixels, exposed = {}, {}
    for each in order.masters.used(LEANS_ON[order.kind]):
        counts, header = read(each.path)
        if counts.shape != shape:
            raise FrameError("sizes-differ", f"sizes-differ: {each.path.name} is not as large as the {order.kind}s")
        pixels[each.kind], exposed[each.kind] = counts.astype(np.float32), exposed_s(header, each.exposure_s)
    bias, dark = pixels.get("bias"), pixels.get("dark")
    if bias is None or dark is None or not exposed["dark"]:
        return bias if bias is not None else dark
    warm = dark - bias if order.masters.dark is not None and order.masters.dark.pedestal else dark
    return bias + warm * np.float32(exposure_s / exposed["dark"])


def _plain_footing(frames: FrameSet, subtract: Image | None) -> Footing:
    noise = noise_between(frames.frame(0)[::2, ::2], frames.frame(len(frames) - 1)[::2, ::2])
    ones = np.ones(len(frames))
    return Footing(ones, np.zeros(len(frames)), ones, noise * ones, subtract)


def _flat_footing(frames: FrameSet, subtract: Image | None) -> Footing:
    """Frames over their own medians."""

    def bare(index: int) -> Image:
        return frames.frame(index) if subtract is None else frames.frame(index) - subtract

    levels = np.array([float(np.median(bare(index)[::2, ::2])) for index in range(len(frames))])
    if not (levels > 0).all():
        raise FrameError("no-light", "no-light: a flat is no brighter than its bias")
    last = len(frames) - 1
    noise = noise_between(bare(0)[::2, ::2] / np.float32(levels[0]), bare(last)[::2, ::2] / np.float32(levels[last]))
    zeros, ones = np.zeros(len(frames)), np.ones(len(frames))
    return Footing(1 / levels, zeros, ones, noise * ones, subtract)


def _cards(order: MasterOrder, frames: FrameSet) -> tuple[Card, ...]:
    """What the master says of its own making."""
    used: list[Card] = [("IMAGETYP", f"Master {order.kind.title()}", ""), ("NCOMBINE", len(frames), "frames combined")]
    used += order.masters.cards(LEANS_ON[order.kind])
    used += [(f"SRC{index:05d}", path.name[:60], "") for index, path in enumerate(frames.paths, 1)]
    return tuple(used)


SATURATED_SHARE = 0.01
DARK_LEVEL = 0.25
FLAT_LEVELS = (0.10, 0.85)
"""Shares of saturation between which a sensor is linear and the light outweighs its noise."""


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """Look at one calibration frame."""

    source: Path
    kind: str
    shape: tuple[int, int]
    saturation_adu: float


def check_calibration(order: CheckOrder) -> tuple[str, dict[str, float]]:
    """Return why a frame may not go into a master, empty if it may, and its median and share of full pixels.

    Runs in a worker.
    """
    try:
        counts, _ = read(order.source)
    except FrameError as fault:
        return f"{fault.code}: {fault}", {"level_adu": 0.0, "saturated": 0.0}
    level, spread = float(np.median(counts)), float(np.std(counts))
    saturated = float(np.mean(counts >= order.saturation_adu))
    fault_words = _fault(order, counts.shape, level, spread, saturated)
    return fault_words, {"level_adu": level, "saturated": saturated}


def _fault(order: CheckOrder, shape: tuple[int, ...], level: float, spread: float, saturated: float) -> str:
    share = level / order.saturation_adu
    lowest, highest = FLAT_LEVELS if order.kind == "flat" else (0.0, DARK_LEVEL)
    if shape != order.shape:
        return f"shape: {shape[-1]} x {shape[-2]} px, not {order.shape[1]} x {order.shape[0]}"
    if spread == 0:
        return f"dead: every pixel is {level:g} ADU"
    if share > highest:
        return f"too-bright: {level:.0f} ADU, above {highest * order.saturation_adu:.0f}"
    if share < lowest:
        return f"too-dark: {level:.0f} ADU, below {lowest * order.saturation_adu:.0f}"
    if saturated > SATURATED_SHARE:
        return f"saturated: {saturated:.1%} of its pixels are full"
    return ""
