"""Labelled images in folders, one a class."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from obsy.diagnostics import did_you_mean
from obsy.engine.clouds.image import opened
from obsy.engine.clouds.learn import Sample
from obsy.engine.clouds.measure import unusable
from obsy.engine.clouds.model import numbers
from obsy.engine.devices.sources.newest import IMAGES, NO_SKY, of_file
from obsy.errors import ObsyError, UserError
from obsy.schemas.cloud_model import CLASSES, Network, SkyClass

TO_CHECK = "to-check"
"""The folder of what a model has put where it thinks it belongs, and nobody has looked at."""
FEW = 24
"""Below so many images, more processes take longer to begin than they save."""
T = TypeVar("T")
R = TypeVar("R")
Told = Callable[[Iterable[R], int], Iterable[R]]
"""Shows how far it is with a number of things, while they are made."""


@dataclass(frozen=True)
class Labelled:
    """Samples to learn from, and why other images are none, by their names."""

    samples: tuple[Sample, ...]
    left_out: dict[str, str]


def night_of(moment: datetime, zone: tzinfo) -> str:
    """Return the evening's date of the night in which a moment lies, by the clock of a zone."""
    return str((moment.astimezone(zone) - timedelta(hours=12)).date())


def images(folder: Path) -> Iterator[Path]:
    """Return every image below a folder, and nothing that shows no single view of the sky."""
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not NO_SKY.match(each))
        yield from (Path(base) / each for each in sorted(files) if _is_image(each))


def _is_image(name: str) -> bool:
    return name.lower().endswith(IMAGES) and not NO_SKY.match(name)


def labelled(
    folder: Path, zone: tzinfo, network: Network | None = None, told: Told[Sample | str] | None = None
) -> Labelled:
    """Return what is measured of each image in the folders of classes, or what a network says of it.

    Raise UserError if a folder is none of a class, or holds nothing.
    """
    found: list[tuple[Path, SkyClass]] = []
    for inner in sorted(each for each in folder.iterdir() if each.is_dir() and each.name != TO_CHECK):
        if inner.name not in CLASSES:
            mend = did_you_mean(inner.name, CLASSES, f"the classes are {', '.join(CLASSES)}")
            raise UserError(f"'{inner}' is the folder of no class: {mend}")
        found += [(path, inner.name) for path in images(inner)]
    if not found:
        raise UserError(f"'{folder}' holds no images in folders named {', '.join(CLASSES)}: 'obsy clouds label' helps")
    measured = each_of(partial(_sample, zone, network, folder), found, told)
    pairs = list(zip(found, measured, strict=True))
    left_out = {str(path): each for (path, _), each in pairs if isinstance(each, str)}
    return Labelled(tuple(each for _, each in pairs if isinstance(each, Sample)), left_out)


def _sample(zone: tzinfo, network: Network | None, folder: Path, labelled: tuple[Path, SkyClass]) -> Sample | str:
    """Return a sample, or why an image is none."""
    path, sky = labelled
    try:
        found = of_file(path, zone)
        picture = opened(found.raw, zone)
    except (ObsyError, OSError) as fault:
        return str(fault)
    if why := unusable(picture.rgb):
        return f"{why}, and unusable whatever a model says"
    night = night_of(min(found.dated_at, picture.exposed_at or found.dated_at), zone)
    return Sample(str(path), sky, night, numbers(picture.rgb, network, folder))


def each_of(deed: Callable[[T], R], things: Sequence[T], told: Told[R] | None) -> list[R]:
    """Return the deed of each thing, by several processes where there are many."""
    show = told or (lambda results, _: results)
    if len(things) < FEW:
        return list(show(map(deed, things), len(things)))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(show(pool.map(deed, things, chunksize=4), len(things)))
