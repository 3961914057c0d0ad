"""What pairs of biases and flats say of a camera: its pedestal, its conversion and its read noise."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from astropy.stats import sigma_clipped_stats
from numpy.typing import NDArray

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.reduce.product import read
from obsy.errors import FrameError

Pixels = NDArray[np.float64]
SIGMAS = 5.0
"""What scatters more is a hot pixel or a cosmic ray."""
FAINTEST_ADU, FULLEST_ADU = 2_000.0, 50_000.0
"""Above the pedestal: where photons outweigh the readout, and far from where 16 bits end."""
MOST_ALIKE = 0.01
"""The share of pixels that may be as bright as the brightest: where more are, its camera ended there."""


class MeasuredCamera(NamedTuple):
    """Of one camera at one gain; None where no pair says it."""

    pedestal_adu: float | None = None
    conversion: float | None = None
    """Electrons per ADU."""
    read_noise_adu: float | None = None


def measured_camera(frames: Iterable[Frame], gain: int | None, offset: int | None, binning: int) -> MeasuredCamera:
    """Return what two biases, and two flats of one filter and exposure, say of a camera at these settings.

    Of two frames of the same light the mean of the sum is signal, the variance of the difference noise alone: photon
    transfer. Source: Janesick, Photon Transfer (2007); Howell, Handbook of CCD Astronomy, 2nd ed., 4.3.
    """
    alike = [each for each in frames if (each.gain, each.offset, each.binning or 1) == (gain, offset, binning)]
    bias = _pair(each for each in alike if each.kind is FrameKind.BIAS)
    if bias is None:
        return MeasuredCamera()
    level, noise = _level(bias), _variance(bias)
    measured = MeasuredCamera(pedestal_adu=level, read_noise_adu=float(np.sqrt(noise / 2)))
    sets: defaultdict[Hashable, list[Frame]] = defaultdict(list)
    for each in alike:
        if each.kind is FrameKind.FLAT:
            sets[each.filter, each.exposure_s].append(each)
    for flats in sets.values():
        pair = _pair(flats)
        if pair is None or pair[0].shape != bias[0].shape or not FAINTEST_ADU <= _level(pair) - level <= FULLEST_ADU:
            continue
        if (conversion := _conversion(pair, level, noise)) is not None:
            return measured._replace(conversion=conversion)
    return measured


def _pair(frames: Iterable[Frame]) -> tuple[Pixels, Pixels] | None:
    """Return the middles of the first two that can be read, of one size; half as wide and high as the frames are."""
    middles: list[Pixels] = []
    for each in frames:
        if (middle := _middle(each.path)) is not None and (not middles or middle.shape == middles[0].shape):
            middles.append(middle)
        if len(middles) == 2:  # noqa: PLR2004 - a pair
            return middles[0], middles[1]
    return None


def _middle(path: Path) -> Pixels | None:
    """Return the middle of a single exposure; None of what is full, or no whole numbers, as a mean of several is."""
    try:
        counts = read(path)[0]
    except FrameError:
        return None
    rows, columns = (side // 4 for side in counts.shape)
    middle: Pixels = counts[rows : counts.shape[0] - rows, columns : counts.shape[1] - columns].astype(float)
    is_full = np.mean(middle == middle.max()) > MOST_ALIKE and middle.max() > FAINTEST_ADU
    return None if is_full or not np.array_equal(middle, np.round(middle)) else middle


def _conversion(flats: tuple[Pixels, Pixels], level: float, noise: float) -> float | None:
    """Return electrons per ADU; None if the flats have less noise than the biases.

    The second flat is scaled to the first, for lamps and skies do not keep still.
    """
    first, second = (each - level for each in flats)
    signal = float(np.mean(first))
    scale = signal / float(np.mean(second))
    variance = _variance((first, second * scale)) - noise * (1 + scale**2) / 2
    return signal * (1 + scale) / variance if variance > 0 else None


def _level(pair: Sequence[Pixels]) -> float:
    return float(np.mean([np.median(each) for each in pair]))


def _variance(pair: tuple[Pixels, Pixels]) -> float:
    """Return the variance of a difference, without what scatters by far more than the rest."""
    return float(sigma_clipped_stats(pair[0] - pair[1], sigma=SIGMAS, maxiters=3)[2]) ** 2
