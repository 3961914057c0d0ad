"""Several FITS files of one size, read a band of rows at a time, so that memory does not grow with the sensor."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.reduce.product import Image, read
from obsy.errors import FrameError

BAND_VALUES = 4_000_000
"""Values of all frames together that one band may hold."""


class FrameSet:
    """The files, their headers and their common shape.

    Raises FrameError when one cannot be read, or is not of the size of the first.
    """

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Read every header, and check that the pictures fit on each other."""
        if not paths:
            raise FrameError("no-frames", "no-frames: there is nothing to combine")
        self.paths = paths
        self.headers: list[fits.Header] = []
        shapes = set()
        for path in paths:
            try:
                header = fits.getheader(path)
            except (OSError, ValueError) as fault:
                raise FrameError("not-an-image", f"{path.name} cannot be read as FITS: {fault}") from fault
            self.headers.append(header)
            shapes.add((int(header.get("NAXIS2", 0)), int(header.get("NAXIS1", 0))))
        if len(shapes) > 1:
            raise FrameError("sizes-differ", f"sizes-differ: {len(shapes)} sizes among {len(paths)} frames")
        self.shape: tuple[int, int] = shapes.pop()

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.paths)

    def frame(self, index: int) -> Image:
        """(rows, columns) of one frame."""
        return read(self.paths[index])[0].astype(np.float32, copy=False)

    def bands(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Each band of rows and its values, (frames, rows of the band, columns)."""
        rows, columns = self.shape
        height = max(1, BAND_VALUES // (columns * len(self)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = [fits.open(path, memmap=False) for path in self.paths]
            try:
                for first in range(0, rows, height):
                    band = slice(first, min(first + height, rows))
                    cube = np.empty((len(self), band.stop - band.start, columns), dtype=np.float32)
                    for index, hdus in enumerate(opened):
                        cube[index] = hdus[0].section[band]
                    yield band, cube
            finally:
                for hdus in opened:
                    hdus.close()
