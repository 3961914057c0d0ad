"""What headers say of optics and place, and what solved frames say of the scale."""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import cos, hypot, pi, radians, sqrt
from statistics import median, stdev
from typing import NamedTuple

from obsy.engine.declare.declared import Entry
from obsy.engine.drift.finding import Drift
from obsy.engine.frames.cards import Cards
from obsy.schemas.site import Site
from obsy.schemas.train import ARCSECONDS_PER_RADIAN, Train

SHARE = 0.005
"""A focal length that is this much off moves a star at the edge of 4,000 pixels by ten."""
SIGMAS = 3.0 * sqrt(pi / 2)
"""Three standard errors of a median: its variance is pi / 2 times that of a mean, where the scatter is Gaussian."""
FEW, FEW_SHARE = 10, 0.02
"""So few frames hardly know their own scatter: they are believed only where this much is off."""
KM_PER_DEG = 111.2
NEAR_KM = 1.0
REFUSED = re.compile(r"its scale would be ([\d.]+) arcsec/px")
"""What `reduce.solution` says of a frame whose stars fit at another scale than the train's."""


class SolvedScale(NamedTuple):
    """The scale at which the stars of one frame fit the catalogue, arcsec per binned pixel."""

    arcsec: float
    frame: str


def solved(cards: Cards, frame: str) -> SolvedScale | None:
    """Return the scale of a calibrated frame; None if it was not solved."""
    matrix = [cards.get(f"CD{row}_{column}") for row in (1, 2) for column in (1, 2)]
    a, b, c, d = (float(each) if isinstance(each, int | float) else 0.0 for each in matrix)
    return SolvedScale(3600.0 * sqrt(abs(a * d - b * c)), frame) if a * d != b * c else None


def refused(reason: str, frame: str) -> SolvedScale | None:
    """Return the scale for which a solution was refused; None if it was refused for something else."""
    match = REFUSED.search(reason)
    return SolvedScale(float(match[1]), frame) if match else None


def scale(entry: Entry[Train], found: Sequence[SolvedScale]) -> Iterator[Drift]:
    """Yield the scale of a train's solved frames, if it is another than declared by more than its scatter."""
    if not found:
        return
    train, seen = entry.document, [each.arcsec for each in found]
    middle, scatter = median(seen), stdev(seen) if len(seen) > 1 else 0.0
    least = FEW_SHARE if len(seen) < FEW else SHARE
    if abs(middle / train.scale - 1.0) <= max(least, SIGMAS * scatter / sqrt(len(seen)) / train.scale):
        return
    focal_mm = ARCSECONDS_PER_RADIAN * train.camera.pixel * train.camera.binning / 1000 / middle
    far = max(found, key=lambda each: abs(each.arcsec / train.scale - 1.0))
    words = f"{train.scale:.3f} arcsec/px follow from what is declared, and {len(seen)} solved frames have "
    words += f"{middle:.3f} with a scatter of {scatter:.4f}"
    mend = f"write 'focal_length: {focal_mm:.1f} mm', if pixel and binning are right"
    yield Drift(entry.written.at("telescope", "focal_length"), "scale", words, far.frame, mend)


def optics(entry: Entry[Train], cards: Cards, frame: str) -> Iterator[Drift]:
    """Yield the optics that a header has otherwise than declared: what took the frame believes something else."""
    train = entry.document
    declared: Mapping[str, tuple[tuple[str, str], float, str]] = {
        "FOCALLEN": (("telescope", "focal_length"), train.telescope.focal_length, "mm"),
        "APTDIA": (("telescope", "aperture"), train.telescope.aperture, "mm"),
        "XPIXSZ": (("camera", "pixel"), train.camera.pixel * train.camera.binning, "um"),
    }
    for card, (place, value, unit) in declared.items():
        said = cards.get(card)
        if isinstance(said, int | float) and said > 0 and abs(said / value - 1.0) > 2 * SHARE:
            key = place[-1]
            words = f"{key} is {value:.6g} {unit} by what is declared, and {card} is {said:.6g} {unit}"
            mend = f"correct '{key}' here, or in the program that took the frame"
            yield Drift(entry.written.at(*place), key.replace("_", "-"), words, frame, mend)


def place(entry: Entry[Site], cards: Cards, frame: str) -> Iterator[Drift]:
    """Yield the place that a header has, if it is another."""
    said, here = [cards.get(card) for card in ("SITELAT", "SITELONG")], entry.document
    latitude, longitude = (float(each) if isinstance(each, int | float) else None for each in said)
    if latitude is None or longitude is None:
        return
    east = ((longitude - here.longitude + 180.0) % 360.0 - 180.0) * cos(radians(here.latitude))
    if (off_km := KM_PER_DEG * hypot(east, latitude - here.latitude)) > NEAR_KM:
        words = f"the frame says that it was taken {off_km:.0f} km from here, at {latitude:g} deg {longitude:g} deg"
        mend = f"write 'latitude: {latitude:g} deg' and 'longitude: {longitude:g} deg', or correct the program's place"
        yield Drift(entry.written.at("latitude"), "place", words, frame, mend)
