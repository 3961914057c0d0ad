"""The running mean of a night's frames of one picture in one filter."""

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.reduce.alike import shares
from obsy.engine.reduce.combine import offset
from obsy.engine.reduce.common_stars import Ratio, landmarks, ratio, widest
from obsy.engine.reduce.grids import PixelGrid, refuse_other
from obsy.engine.reduce.noise import pixel_noise
from obsy.engine.reduce.orders import LiveOrder
from obsy.engine.reduce.product import Image, dress, image, read, write
from obsy.engine.reduce.stack_cards import ExposureSpan, of_many
from obsy.engine.reduce.stretch import write_picture
from obsy.engine.reduce.wcs_cards import placed, plane_said

Coverage = NDArray[np.uint16]


def add(order: LiveOrder) -> None:
    """Write the running mean with the frame in it, and its picture; unchanged if the frame was in it before.

    Raises FrameError when the frame is not on the stack's grid (move its file away to begin another), or a file cannot
    be read.
    """
    counts, header = read(order.aligned)
    counts = counts.astype(np.float32, copy=False)
    begun = order.stack.exists()
    coverage = np.isfinite(counts).astype(np.uint16)
    fresh, span = placed(header, plane_said(header)), ExposureSpan.of_frame(header)
    mean, coverage, names, kept = _opened(order) if begun else (counts, coverage, [], fresh)
    if order.sha256 not in names:
        if begun:
            refuse_other(order.aligned.name, header, PixelGrid.said(kept))
            span = ExposureSpan.of_stack(kept).with_more(span)
            mean, coverage = _grown(mean, coverage, counts, _factor(mean, kept, counts, header))
        names = [*names, order.sha256]
        width = ("FWHMPX", widest([kept, header]), "[px] star width of the frame with the widest stars")
        cards = (("NCOMBINE", len(names), "frames so far"), width, *span.cards())
        write(order.stack, _file(mean, coverage, names, dress(of_many(kept), (*cards, *order.cards))))
    write_picture(order.preview, mean)


def _opened(order: LiveOrder) -> tuple[Image, Coverage, list[str], fits.Header]:
    """The mean, how many frames each pixel rests on, which frames they are, and the header."""
    mean, header = read(order.stack)
    with fits.open(order.stack, memmap=False) as hdus:
        coverage = np.array(hdus["COVERAGE"].data, dtype=np.uint16)
        names = [str(name) for name in hdus["FRAMES"].data["SHA256"]]
    return mean.astype(np.float32, copy=False), coverage, names, header


def _factor(mean: Image, kept: fits.Header, counts: Image, header: fits.Header) -> float:
    """What makes a frame's light like the mean's: by the stars that both show, else by exposure."""
    marks = landmarks(mean, [kept, header])
    before, now = (marks.light(each, pixel_noise(each)) for each in (mean, counts))
    found = ratio(now, before)
    both = shares([found and Ratio(1.0, found.stars), found], [kept, header])
    return float(both[0] / both[1])


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
