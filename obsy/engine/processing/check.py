"""A light look at a calibration frame, so that one bad frame does not spoil a master."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obsy.engine.reduce.product import read
from obsy.errors import FrameError

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
