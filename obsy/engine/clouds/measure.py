"""What an image of the sky shows, in numbers that mean the same whatever the camera."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sep
from numpy.typing import NDArray

from obsy.engine.mad_std import mad_std

TILES = 12
"""Tiles along the shorter side of an image."""
SIGMAS, FAINT_SIGMAS = 12.0, 5.0
LEAST_TILES = 12
"""Below so many, no surface is laid through them."""
LIT = 0.35
"""A tile darker than this share of the bright ones is a tree, a wall or beyond the lens."""
LONGEST, WIDEST_PX, MOST_PX = 2.0, 3.0, 60
"""What passes for a star: no trail, and no blur."""
FULL = 0.98
"""The grey level, 0 to 1, above which a pixel is saturated."""
BLACK, DIM, GLARING, LEAST_RANGE = 6, 25, 250, 5
MOST_BLACK, ALL_BUT_STARS, MOST_GLARING = 0.97, 0.995, 0.5
"""Levels of 255, and shares of an image, beyond which there is nothing to be seen in it."""
TINY = 1e-3

Floats = NDArray[np.float64]
Grey = NDArray[np.float32]


@dataclass(frozen=True)
class Sources:
    """What stands out of the background, and in which tile."""

    found: Any
    tile: NDArray[np.intp]
    is_star: NDArray[np.bool_]
    snr: Floats


FEATURES: dict[str, str] = {
    "stars": "log10 of stars per 100 tiles of sky",
    "bright_stars": "the same for stars of 12 sigma",
    "starry": "share of tiles that hold a star",
    "starry_bright": "share of tiles that hold a bright star, or touch one that does",
    "extended": "log10 of things too wide or too long for a star, per 100 tiles",
    "star_width": "log of a star's radius, pixels",
    "level": "log of the sky's grey level",
    "uneven": "log of how far tiles differ from a smooth gradient, as a share of the level",
    "gradient": "log of that gradient, as a share of the level",
    "mottled": "log of structure a few per cent of the image across, as a share of the level",
    "grainy": "log of structure of a pixel, as a share of the level",
    "sharp": "log of the strongest edges, as a share of the level",
    "blue": "log of blue over red",
    "green": "log of green over red and blue",
    "saturated": "log of the share of saturated pixels",
    "sky": "share of tiles that are sky",
}
"""What is measured, in order."""


def measured(rgb: NDArray[np.uint8]) -> Floats:
    """Return the features of an image, in the order of FEATURES.

    rgb: (rows, columns, 3), as `image.opened` returns it.
    """
    red, green, blue = (rgb[..., plane].astype(np.uint16) for plane in range(3))
    grey: Grey = np.divide(red + green + blue, 3 * 255, dtype=np.float32)
    edge = min(grey.shape) // TILES
    levels = _by_tile(grey, edge, np.median)
    lit = levels > LIT * np.percentile(levels, 80)
    level = max(float(np.median(levels[lit])) if lit.any() else 0.0, TINY)
    smooth, uneven = _gradient(levels, lit)
    sources, fine, coarse = _sources(grey, edge, levels.shape)
    values = {
        **_stars(sources, lit),
        **_structure(grey, fine - coarse, np.kron(lit, np.ones((edge, edge), bool)), level),
        "level": np.log(level),
        "uneven": np.log(TINY + uneven / level),
        "gradient": np.log(TINY + smooth / level),
        **_colour(rgb, edge, lit),
        "saturated": np.log10(1e-5 + float((grey > FULL).mean())),
        "sky": float(lit.mean()),
    }
    return np.array([values[name] for name in FEATURES])


def unusable(rgb: NDArray[np.uint8]) -> str:
    """Return why nothing can be seen in an image, whatever a model says; empty if something can."""
    share = np.cumsum(np.bincount(rgb[..., 1].ravel(), minlength=256)) / rgb[..., 1].size
    low, high = (int(np.searchsorted(share, part)) for part in (0.001, 0.999))
    if share[BLACK] > MOST_BLACK and share[DIM] > ALL_BUT_STARS:
        return "it is black"
    if share[GLARING] < 1 - MOST_GLARING:
        return f"{100 * (1 - share[GLARING]):.0f} % of it are saturated"
    return "nothing in it varies" if high - low < LEAST_RANGE else ""


def _by_tile(plane: NDArray[Any], edge: int, reduce: Callable[..., Any]) -> Floats:
    """Return one number of each whole tile: (rows, columns) of tiles."""
    rows, columns = plane.shape[0] // edge, plane.shape[1] // edge
    tiles = plane[: rows * edge, : columns * edge].reshape(rows, edge, columns, edge).swapaxes(1, 2)
    return np.asarray(reduce(tiles.reshape(rows, columns, -1), axis=2), float)


def _gradient(levels: Floats, lit: NDArray[np.bool_]) -> tuple[float, float]:
    """Return how much a smooth surface through the tiles of sky varies, and how far they lie from it."""
    y, x = (axis[lit] for axis in np.mgrid[-1 : 1 : levels.shape[0] * 1j, -1 : 1 : levels.shape[1] * 1j])
    if len(x) < LEAST_TILES:
        return 0.0, 0.0
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    surface = terms @ np.linalg.lstsq(terms, levels[lit], rcond=None)[0]
    return float(np.std(surface)), mad_std(levels[lit], about=surface)


def _sources(grey: Grey, edge: int, tiles: tuple[int, ...]) -> tuple[Sources, Grey, Grey]:
    """Return what stands out of the local background, and that background, fine and coarse."""
    fine, coarse = (sep.Background(grey, bw=size, bh=size) for size in (edge // 3, edge))
    noise = np.maximum(coarse.rms(), np.float32(0.004))
    back = fine.back()
    sep.set_extract_pixstack(1_000_000)
    try:
        found = sep.extract(grey - back, FAINT_SIGMAS, err=noise, minarea=3, deblend_cont=1.0)
    except Exception:  # sep's own class of errors: more pixels stand out than it has room for
        found = np.zeros(0, dtype=[(name, float) for name in ("x", "y", "a", "b", "npix", "peak")])
    y, x = (np.minimum((found[axis] / edge).astype(int), tiles[i] - 1) for i, axis in enumerate("yx"))
    narrow = (found["npix"] <= MOST_PX) & (found["a"] < WIDEST_PX) & (found["a"] < LONGEST * found["b"])
    snr = found["peak"] / noise[found["y"].astype(int), found["x"].astype(int)]
    return Sources(found, y * tiles[1] + x, narrow, snr), back, coarse.back()


def _stars(sources: Sources, lit: NDArray[np.bool_]) -> dict[str, float]:
    """Return what the sources in the sky tell."""
    sky = lit.ravel()[sources.tile]
    star = sources.is_star & sky
    bright = star & (sources.snr > SIGMAS)
    per_100 = 100 / max(int(lit.sum()), 1)
    near = np.pad(_counted(sources.tile[bright], lit.shape) > 0, 1)
    around = np.any([np.roll(near, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)[1:-1, 1:-1]
    found = sources.found[star]
    return {
        "stars": np.log10(1 + star.sum() * per_100),
        "bright_stars": np.log10(1 + bright.sum() * per_100),
        "starry": float((_counted(sources.tile[star], lit.shape) > 0)[lit].mean()) if lit.any() else 0.0,
        "starry_bright": float(around[lit].mean()) if lit.any() else 0.0,
        "extended": np.log10(1 + (sky & ~sources.is_star).sum() * per_100),
        "star_width": float(np.log(np.median(np.sqrt(found["a"] * found["b"])))) if star.any() else np.log(WIDEST_PX),
    }


def _counted(tile: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.intp]:
    return np.bincount(tile, minlength=shape[0] * shape[1]).reshape(shape)


def _structure(grey: Grey, middle: Grey, lit: NDArray[np.bool_], level: float) -> dict[str, float]:
    """Return how rough the sky is, by scale; `lit` covers whole tiles alone."""
    rows, columns = lit.shape
    inside = lit[1 : rows - 1, 1 : columns - 1]
    core = grey[:rows, :columns]
    around = core[:-2, 1:-1], core[2:, 1:-1], core[1:-1, :-2], core[1:-1, 2:]
    every = np.s_[::2, ::2]  # half of the rows and columns tell as much, in a quarter of the time
    edges = np.abs(4 * core[1:-1, 1:-1][every] - sum(side[every] for side in around))[inside[every]]
    rough, sharp = np.percentile(edges, (90, 99.5)) if edges.size else (0.0, 0.0)
    mottles = np.abs(middle[:rows, :columns])[lit]
    return {
        "mottled": np.log(TINY + float(np.median(mottles)) / level) if mottles.size else 0.0,
        "grainy": np.log(TINY + float(np.minimum(edges, rough).sum() / max(edges.size, 1)) / level),
        "sharp": np.log(TINY + float(sharp) / level),
    }


def _colour(rgb: NDArray[np.uint8], edge: int, lit: NDArray[np.bool_]) -> dict[str, float]:
    if not lit.any():
        return {"blue": 0.0, "green": 0.0}
    red, green, blue = (np.median(_by_tile(rgb[..., i], edge, np.mean)[lit]) + 255 * TINY for i in range(3))
    return {"blue": float(np.log(blue / red)), "green": float(np.log(green / np.sqrt(red * blue)))}
