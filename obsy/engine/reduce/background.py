"""The sky behind the stars: a mesh of clipped medians, and how much a pixel of it scatters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

SIGMAS_PER_QUARTILE_RANGE = 0.7413011
"""Standard deviation over interquartile range of a normal distribution."""
CLIP = 3.0
ROUNDS = 5

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Background:
    """A frame's background. `mesh`: (cells down, cells across), the clipped median of each cell."""

    mesh: Image
    scatter: Image
    """The same of a pixel's standard deviation in each cell."""
    level_adu: float
    noise_adu: float
    cell: int
    shape: tuple[int, int]

    def image(self) -> Image:
        """(rows, columns): the mesh, interpolated linearly between the middles of its cells."""
        return self._spread(self.mesh)

    def noise_image(self) -> Image:
        """(rows, columns): the standard deviation of a background pixel there; flats make it larger in the corners."""
        return self._spread(self.scatter)

    def _spread(self, mesh: Image) -> Image:
        down = _weights(self.shape[0], self.mesh.shape[0], self.cell)
        across = _weights(self.shape[1], self.mesh.shape[1], self.cell)
        return np.asarray(down @ mesh @ across.T, dtype=np.float32)


def background(counts: Image, cell: int) -> Background:
    """The background of a frame without NaN; cells are `cell` pixels wide, a last narrow one joins its neighbour.

    Agrees with photutils' Background2D(MedianBackground, filter_size=3) within the noise of a mesh point.
    """
    rows, columns = counts.shape
    cell = max(4, min(cell, rows, columns))
    down, across = rows // cell, columns // cell
    blocks = counts[: down * cell, : across * cell].reshape(down, cell, across, cell)
    values = np.sort(blocks.swapaxes(1, 2).reshape(down * across, cell * cell), axis=1)
    level, scatter = _clipped(values)
    mesh, rough = (_smoothed(part.reshape(down, across).astype(np.float32)) for part in (level, scatter))
    return Background(mesh, rough, float(np.median(level)), float(np.median(scatter)), cell, (rows, columns))


def _smoothed(mesh: Image) -> Image:
    """The mesh without a lone bright cell: medians of three down, then across, which leave slopes and corners alone."""
    down = median_filter(mesh, size=(3, 1), mode="nearest")
    return np.asarray(median_filter(down, size=(1, 3), mode="nearest"), dtype=np.float32)


def _clipped(values: Image) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Median and standard deviation of each sorted row, after clipping about the median until it stands still."""
    line = np.arange(len(values))
    first = np.zeros(len(values), dtype=np.int64)
    last = np.full(len(values), values.shape[1], dtype=np.int64)
    median = scatter = np.zeros(len(values))
    for _ in range(ROUNDS):
        count = last - first
        median = (values[line, first + (count - 1) // 2].astype(float) + values[line, first + count // 2]) / 2
        quartiles = values[line, first + (3 * (count - 1)) // 4] - values[line, first + (count - 1) // 4]
        scatter = SIGMAS_PER_QUARTILE_RANGE * quartiles.astype(float)
        first = (values < (median - CLIP * scatter)[:, None]).sum(axis=1)
        last = (values <= (median + CLIP * scatter)[:, None]).sum(axis=1)
    return median, scatter


def _weights(pixels: int, cells: int, cell: int) -> Image:
    """(pixels, cells): how much each cell counts at each pixel along one axis; beyond the last middle, slopes go on."""
    place = (np.arange(pixels) + 0.5) / cell - 0.5
    lower = np.clip(np.floor(place).astype(int), 0, max(cells - 2, 0))
    share = place - lower if cells > 1 else np.zeros(pixels)
    weights = np.zeros((pixels, cells), dtype=np.float32)
    weights[np.arange(pixels), lower] = 1 - share
    weights[np.arange(pixels), np.minimum(lower + 1, cells - 1)] += share
    return weights
