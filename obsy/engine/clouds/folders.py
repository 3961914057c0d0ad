"""Labelled images in folders, one a class."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from obsy.diagnostics import did_you_mean
from obsy.engine.clouds.image import opened
from obsy.engine.clouds.learn import Sample
from obsy.engine.clouds.measure import Floats, unusable
from obsy.engine.clouds.model import numbers
from obsy.engine.devices.sources.newest import IMAGES, NO_SKY, of_file
from obsy.errors import ObsyError, UserError
from obsy.schemas.cloud_model import CLASSES, Network, SkyClass

TO_CHECK = "to-check"
"""The folder of what a model has put where it thinks it belongs, and nobody has looked at."""
DAY, MIDNIGHT = timedelta(days=1), datetime(2000, 1, 1, tzinfo=UTC)
LEAST_PAUSE = timedelta(hours=4)
"""Shorter, the hours without images may lie within the nights."""
FEW = 24
"""Below so many images, more processes take longer to begin than they save."""
T = TypeVar("T")
R = TypeVar("R")
Told = Callable[[Iterable[R], int], Iterable[R]]
"""Shows how far it is with a number of things, while they are made."""


@dataclass(frozen=True)
class Measured:
    """When an image was taken, and what a model is told of it."""

    at: datetime
    numbers: Floats


@dataclass(frozen=True)
class Labelled:
    """Samples to learn from, and why other images are none, by their names."""

    samples: tuple[Sample, ...]
    left_out: dict[str, str]


def nights_of(moments: Sequence[datetime], longitude: float | None = None) -> list[str]:
    """Return the date of the night of each moment: from noon to noon at a longitude, degrees east.

    Without one, noon is the middle of the hours of the day at which there are never images. Raise UserError if these
    are too few to be the day.
    """
    seen = sorted({(each - MIDNIGHT) % DAY for each in moments})
    pauses = [(after - at, at) for at, after in zip(seen, [*seen[1:], *(each + DAY for each in seen[:1])], strict=True)]
    pause, since = max(pauses, default=(DAY, timedelta()))
    noon = (since + pause / 2) % DAY if longitude is None else timedelta(hours=(12 - longitude / 15) % 24)
    if longitude is None and pause < LEAST_PAUSE:
        raise UserError("there are images at all hours of the day: say where the camera stands, '--longitude -17.9'")
    return [str((each.astimezone(UTC) - noon).date()) for each in moments]


def images(folder: Path) -> Iterator[Path]:
    """Return every image below a folder, and nothing that shows no single view of the sky."""
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not NO_SKY.match(each))
        yield from (Path(base) / each for each in sorted(files) if _is_image(each))


def _is_image(name: str) -> bool:
    return name.lower().endswith(IMAGES) and not NO_SKY.match(name)


def labelled(
    folder: Path,
    zone: tzinfo,
    network: Network | None = None,
    told: Told[Measured | str] | None = None,
    longitude: float | None = None,
) -> Labelled:
    """Return what is measured of each image in the folders of classes, or what a network says of it.

    zone: of times in names and headers; longitude: of the camera, which cuts the nights, see `nights_of`. Raise
    UserError if a folder is none of a class, or holds nothing, or if the nights cannot be told apart.
    """
    found: list[tuple[Path, SkyClass]] = []
    for inner in sorted(each for each in folder.iterdir() if each.is_dir() and each.name != TO_CHECK):
        if inner.name not in CLASSES:
            mend = did_you_mean(inner.name, CLASSES, f"the classes are {', '.join(CLASSES)}")
            raise UserError(f"'{inner}' is the folder of no class: {mend}")
        found += [(path, inner.name) for path in images(inner)]
    if not found:
        raise UserError(f"'{folder}' holds no images in folders named {', '.join(CLASSES)}: 'obsy clouds label' helps")
    results = each_of(partial(_measured, zone, network, folder), [path for path, _ in found], told)
    pairs = list(zip(found, results, strict=True))
    left_out = {str(path): each for (path, _), each in pairs if isinstance(each, str)}
    measured = [(path, sky, each) for (path, sky), each in pairs if isinstance(each, Measured)]
    nights = nights_of([each.at for _, _, each in measured], longitude)
    samples = (
        Sample(str(path), sky, night, each.numbers) for (path, sky, each), night in zip(measured, nights, strict=True)
    )
    return Labelled(tuple(samples), left_out)


def _measured(zone: tzinfo, network: Network | None, folder: Path, path: Path) -> Measured | str:
    """Return what is measured of an image, or why it is none to learn from."""
    try:
        found = of_file(path, zone)
        picture = opened(found.raw, zone)
    except (ObsyError, OSError) as fault:
        return str(fault)
    if why := unusable(picture.rgb):
        return f"{why}, and unusable whatever a model says"
    at = min(found.dated_at, picture.exposed_at or found.dated_at)
    return Measured(at, numbers(picture.rgb, network, folder))


def each_of(deed: Callable[[T], R], things: Sequence[T], told: Told[R] | None) -> list[R]:
    """Return the deed of each thing, by several processes where there are many."""
    show = told or (lambda results, _: results)
    if len(things) < FEW:
        return list(show(map(deed, things), len(things)))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(show(pool.map(deed, things, chunksize=4), len(things)))
