"""The stack of one picture in one filter, combined from every aligned frame."""

from functools import reduce

from astropy.io import fits

from obsy.engine.identity import Card
from obsy.engine.reduce.alike import alike
from obsy.engine.reduce.combine import FrameSet, combined
from obsy.engine.reduce.grids import PixelGrid, grid_cards, refuse_other
from obsy.engine.reduce.noise import pixel_noise
from obsy.engine.reduce.orders import StackOrder
from obsy.engine.reduce.product import dress, image, write
from obsy.engine.reduce.stack_cards import ExposureSpan, of_many
from obsy.engine.reduce.stretch import write_picture
from obsy.engine.reduce.wcs_cards import placed


def combine(order: StackOrder) -> str:
    """Write the stack and its picture, and return the stack's SHA-256.

    Frames are put on the footing of the quietest one and weigh by the inverse square of their noise. Raises FrameError.
    """
    frames = FrameSet(order.aligned)
    shared = PixelGrid.of(order.field) if order.field else PixelGrid.said(frames.headers[0])
    for path, each in zip(frames.paths, frames.headers, strict=True):
        refuse_other(path.name, each, shared)
    made = alike(frames)
    mean, rejected = combined(frames, made.footing, order.reject)
    span = reduce(ExposureSpan.with_more, map(ExposureSpan.of_frame, frames.headers))
    cards = (
        *span.cards(),
        ("NCOMBINE", len(frames), "frames combined"),
        ("NOISE", pixel_noise(mean), "[adu] of a background pixel"),
        ("REJECTED", rejected, "share of values left out"),
        ("NALIKE", made.compared, "frames scaled by common stars, not by exposure"),
    )
    reference = frames.headers[made.reference]
    told = (*cards, *_provenance(frames.headers), *order.cards, *(grid_cards(order.field) if order.field else ()))
    header = dress(placed(of_many(reference), shared.plane), told)
    sha256 = write(order.target, image(mean, header, on_grid=True))
    write_picture(order.preview, mean)
    return sha256


def _provenance(headers: list[fits.Header]) -> tuple[Card, ...]:
    """The hash of every light in the stack, and of every master behind them."""
    lights = [str(header.get("RAWSHA", "")) for header in headers]
    named: list[Card] = [(f"LGT{index:05d}", sha256, "") for index, sha256 in enumerate(lights, 1) if sha256]
    for kind in ("BIAS", "DARK", "FLAT"):
        masters = sorted({str(header[f"{kind}SHA"]) for header in headers if f"{kind}SHA" in header})
        named += [(f"{kind}{index:04d}", sha256, "") for index, sha256 in enumerate(masters, 1)]
    return tuple(named)
