"""The stacks of one object in one filter: combined from every aligned frame, and the running mean of a night."""

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.identity import Card
from obsy.engine.reduce.combine import Footing, FrameSet, combined, factors, offset, pixel_noise
from obsy.engine.reduce.orders import LiveOrder, StackOrder
from obsy.engine.reduce.product import Image, dress, image, read, write
from obsy.engine.reduce.stretch import write_picture
from obsy.engine.reduce.wcs_cards import placed, plane_said
from obsy.errors import FrameError

Coverage = NDArray[np.uint16]
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
    header = dress(placed(reference, plane_said(reference)), (*cards, *_provenance(frames.headers), *order.cards))
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


def add(order: LiveOrder) -> None:
    """Write the running mean with the frame in it, and its picture; unchanged if the frame was in it before.

    Raises FrameError when the frame is not on the stack's grid, or a file cannot be read.
    """
    counts, header = read(order.aligned)
    counts = counts.astype(np.float32, copy=False)
    begun = order.stack.exists()
    coverage = np.isfinite(counts).astype(np.uint16)
    fresh = placed(header, plane_said(header))
    mean, coverage, names, kept = _opened(order) if begun else (counts, coverage, [], fresh)
    if mean.shape != counts.shape:
        raise FrameError("sizes-differ", f"sizes-differ: {order.aligned.name} is not on the grid of {order.stack.name}")
    exposure_s = float(kept.get("TOTALEXP", 0.0)) if begun else 0.0
    if order.sha256 not in names:
        if begun:
            mean, coverage = _grown(mean, coverage, counts, factors([kept, header], 0)[1])
        names, exposure_s = [*names, order.sha256], exposure_s + float(header.get("EXPTIME", 0.0))
        cards = (("NCOMBINE", len(names), "frames so far"), ("TOTALEXP", exposure_s, "[s] of all frames"))
        write(order.stack, _file(mean, coverage, names, dress(kept, (*cards, *order.cards))))
    write_picture(order.preview, mean)


def _opened(order: LiveOrder) -> tuple[Image, Coverage, list[str], fits.Header]:
    """The mean, how many frames each pixel rests on, which frames they are, and the header."""
    mean, header = read(order.stack)
    with fits.open(order.stack, memmap=False) as hdus:
        coverage = np.array(hdus["COVERAGE"].data, dtype=np.uint16)
        names = [str(name) for name in hdus["FRAMES"].data["SHA256"]]
    return mean.astype(np.float32, copy=False), coverage, names, header


def _grown(mean: Image, coverage: Coverage, counts: Image, factor: float) -> tuple[Image, Coverage]:
    """The mean and coverage after one more frame, which is first made like the mean."""
    alike = counts * np.float32(factor)
    alike += np.float32(offset(alike[::4, ::4], mean[::4, ::4]))
    here = np.isfinite(alike)
    coverage = coverage + here.astype(np.uint16)
    before = np.where(coverage > here, mean, np.float32(0))
    step = np.where(here, alike - before, np.float32(0)) / np.maximum(coverage, 1)
    return np.where(coverage > 0, before + step, np.float32(np.nan)).astype(np.float32), coverage


def _file(mean: Image, coverage: Coverage, names: list[str], header: fits.Header) -> fits.HDUList:
    hdus = image(mean, header, on_grid=True)
    hdus.append(fits.ImageHDU(coverage, name="COVERAGE"))
    hdus.append(fits.BinTableHDU.from_columns([fits.Column("SHA256", "64A", array=np.array(names))], name="FRAMES"))
    return hdus
