"""Pictures of the Sun out of a film: what each frame shows at some distance from the line, slit beside slit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.sun.solar_line import CHUNK, Floats, SolarLine


def slices(frames: NDArray[Any], line: SolarLine, offsets: Sequence[float], slit_along: str) -> Floats:
    """Return a picture for each distance from the line, rows of the spectrum; (offsets, slit, frames).

    A place between rows gets its light from the cubic through the four around it: a straight line between two would
    fill the line's core up, the more the farther it is from a row. A film is read a few frames at a time.
    """
    slit = len(line.place)
    made = np.empty((len(offsets), slit, len(frames)), dtype=np.float64)
    at = np.arange(slit)
    for begin in range(0, len(frames), CHUNK):
        part = np.asarray(frames[begin : begin + CHUNK], dtype=np.float32)
        part = part if slit_along == "x" else part.transpose(0, 2, 1)
        for number, offset in enumerate(offsets):
            row = np.clip(line.place + offset, 1, part.shape[1] - 2.001)
            low = row.astype(int)
            shares = _cubic(row - low)
            light = sum(part[:, low + near, at] * share for near, share in zip(range(-1, 3), shares, strict=True))
            made[number, :, begin : begin + len(part)] = np.asarray(light).T
    return made


def _cubic(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the shares of four rows in the place that lies t beyond the second: Lagrange's."""
    return (
        -t * (t - 1) * (t - 2) / 6,
        (t + 1) * (t - 1) * (t - 2) / 2,
        -(t + 1) * t * (t - 2) / 2,
        (t + 1) * t * (t - 1) / 6,
    )


def without_stripes(pictures: Floats) -> Floats:
    """Return pictures without the stripes that dust on the slit leaves along the scan; (pictures, slit, frames)."""
    first = pictures[0]
    lit = first > 0.5 * np.percentile(first, 95)
    share = np.ones(len(first))
    rough = np.array([np.median(row[of]) if of.sum() > 5 else np.nan for row, of in zip(first, lit, strict=True)])  # noqa: PLR2004
    known = np.flatnonzero(np.isfinite(rough))
    if len(known) < 30:  # noqa: PLR2004
        return pictures
    inner = known[5:-5]
    together = [lit[at] & lit[at - 2] & lit[at + 2] for at in inner]
    ratio = np.array(
        [
            np.median((first[at] / ((first[at - 2] + first[at + 2]) / 2))[both]) if both.any() else np.nan
            for at, both in zip(inner, together, strict=True)
        ]
    )
    share[inner] = np.where(np.isfinite(ratio) & (abs(ratio - 1) < 0.2), ratio, 1.0)  # noqa: PLR2004
    return pictures / share[None, :, None]
