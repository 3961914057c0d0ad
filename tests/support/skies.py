"""Small all-sky images, made in a millisecond: stars in noise, and what hides them."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import uniform_filter

from obsy.engine.clouds.measure import FEATURES
from obsy.schemas.cloud_model import Learned

Pixels = NDArray[np.uint8]
SHAPE = (192, 256)


def sky(kind: str = "clear", seed: int = 0, shape: tuple[int, int] = SHAPE, level: float = 45.0) -> Pixels:
    """Return an image as its kind: clear, partly, overcast, precipitation, unusable (dew), black or glaring."""
    rng = np.random.default_rng(seed)
    rows, columns = shape
    plane = np.full(shape, level) + np.linspace(0, level / 3, columns)
    stars = np.zeros(shape)
    for y, x in zip(rng.integers(2, rows - 2, 160), rng.integers(2, columns - 2, 160), strict=True):
        stars[y - 1 : y + 2, x - 1 : x + 2] += np.array([[0.3, 0.6, 0.3], [0.6, 1, 0.6], [0.3, 0.6, 0.3]]) * 120
    if kind == "partly":
        stars[:, : columns // 2] = 0
        plane[:, : columns // 2] += _waves(rng, (rows, columns // 2)) * 20
    elif kind in ("overcast", "precipitation"):
        stars[:] = 0
        plane += _waves(rng, shape) * 12
    elif kind == "unusable":
        stars = uniform_filter(stars, 9)
    if kind == "precipitation":
        for y, x in zip(rng.integers(8, rows - 8, 25), rng.integers(8, columns - 8, 25), strict=True):
            plane[y - 6 : y + 6, x - 6 : x + 6] += rng.uniform(20, 60)
    noise = 0.3 if kind == "unusable" else 2.0
    counts = {"black": 1.0, "glaring": 255.0}.get(kind, plane + stars) + rng.normal(0, noise, shape)
    return np.repeat(np.clip(counts, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _waves(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    return np.asarray(uniform_filter(rng.normal(0, 12, shape), 15))


def encoded(pixels: Pixels, kind: str = "JPEG", exposed_at: datetime | None = None, **exif: Any) -> bytes:
    """Return an image file; `exposed_at` stands in its header, without a zone unless it has one."""
    file, image = io.BytesIO(), Image.fromarray(pixels)
    told = image.getexif()
    if exposed_at is not None:
        told.get_ifd(0x8769)[36867] = f"{exposed_at:%Y:%m:%d %H:%M:%S}"
        if exposed_at.tzinfo is not None:
            told.get_ifd(0x8769)[36881] = f"{exposed_at:%z}"[:3] + ":" + f"{exposed_at:%z}"[3:]
    if exif:
        told[305] = exif["software"]
    image.save(file, kind, exif=told, **({"quality": 92} if kind == "JPEG" else {}))
    return file.getvalue()


def learned(**more: Any) -> Learned:
    """Return a model that sees a clear sky where there are many stars."""
    many = len(FEATURES)
    starry = np.eye(many)[list(FEATURES).index("stars")]
    said: dict[str, Any] = {
        "features": tuple(FEATURES),
        "centre": (0.0,) * many,
        "scale": (1.0,) * many,
        "least": (-20.0,) * many,
        "most": (20.0,) * many,
        "classes": ("clear", "overcast"),
        "weights": (tuple(starry * 10), (0.0,) * many),
        "offsets": (-14.0, 0.0),
    }
    return Learned(**{**said, **more})


def put(path: Path, kind: str = "clear", **more: Any) -> Path:
    """Write an image as its kind; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(sky(kind, **more)))
    return path
