"""The stack of one object in one filter, combined from every aligned frame with rejection."""

import numpy as np
from astropy.io import fits

from obsy.engine.reduce.combine import Footing, FrameSet, combined, factors, offset, pixel_noise
from obsy.engine.reduce.orders import Card, StackOrder
from obsy.engine.reduce.product import dress, image, write
from obsy.engine.reduce.stretch import write_picture

SPARSE = 8
"""Levels are compared on every eighth row and column."""


def combine(order: StackOrder) -> str:
    """Write the stack and its picture, and return the stack's SHA-256.

    Frames are put on the footing of the quietest one and weigh by the inverse square of their noise. Raises FrameError.
    """
    frames = FrameSet(order.aligned)
    footing = _footing(frames)
    mean, rejected = combined(frames, footing, order.reject)
    exposure_s = float(sum(float(header.get("EXPTIME", 0.0)) for header in frames.headers))
    cards = (
        ("NCOMBINE", len(frames), "frames combined"),
        ("TOTALEXP", exposure_s, "[s] of all frames"),
        ("NOISE", pixel_noise(mean), "[adu] of a background pixel"),
        ("REJECTED", rejected, "share of values left out"),
    )
    reference = frames.headers[int(np.argmax(footing.weight))]
    header = dress(reference.copy(), (*cards, *_provenance(frames.headers), *order.cards))
    sha256 = write(order.target, image(mean, header, on_grid=True))
    write_picture(order.preview, mean)
    return sha256


def _footing(frames: FrameSet) -> Footing:
    """What makes the frames alike; the reference is the one whose stars stand highest above its noise."""
    sparse, noises = [], []
    for index in range(len(frames)):
        counts = frames.frame(index)
        sparse.append(counts[::SPARSE, ::SPARSE].copy())
        noises.append(pixel_noise(counts))
    noise = np.array(noises) * factors(frames.headers, 0)
    reference = int(np.argmin(noise))
    factor = np.array(factors(frames.headers, reference))
    alike = np.array(noises) * factor
    shift = [offset(part * np.float32(scale), sparse[reference]) for part, scale in zip(sparse, factor, strict=True)]
    return Footing(factor, np.array(shift), alike**-2.0, float(np.median(alike)))


def _provenance(headers: list[fits.Header]) -> tuple[Card, ...]:
    """The hash of every light in the stack, and of every master behind them."""
    lights = [str(header.get("RAWSHA", "")) for header in headers]
    named: list[Card] = [(f"LGT{index:05d}", sha256, "") for index, sha256 in enumerate(lights, 1) if sha256]
    for kind in ("BIAS", "DARK", "FLAT"):
        masters = sorted({str(header[f"{kind}SHA"]) for header in headers if f"{kind}SHA" in header})
        named += [(f"{kind}{index:04d}", sha256, "") for index, sha256 in enumerate(masters, 1)]
    return tuple(named)
