"""Images that wait for somebody to label them: which are worth it, and as what a model sees them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from itertools import zip_longest
from pathlib import Path

from obsy.engine.clouds.folders import TO_CHECK, Told, each_of, images
from obsy.engine.clouds.look import look
from obsy.engine.devices.sources.newest import named
from obsy.schemas.cloud_model import SkyClass

APART = timedelta(minutes=10)
"""Images of a night that are nearer than this show nearly the same."""


@dataclass(frozen=True)
class Proposed:
    """An image that nobody has labelled, and what a model sees in it."""

    path: Path
    night: str
    sky: SkyClass
    sureness: float


def proposed(folder: Path, zone: tzinfo, model: Path, told: Told[Proposed] | None = None) -> list[Proposed]:
    """Return images at least ten minutes apart, as a model sees them."""
    dated = sorted((_dated(path, zone), path) for path in images(folder))
    chosen: list[tuple[datetime, Path]] = []
    for at, path in dated:
        if not chosen or at - chosen[-1][0] >= APART:
            chosen.append((at, path))
    return each_of(partial(_propose, zone, model), chosen, told)


def _dated(path: Path, zone: tzinfo) -> datetime:
    from_name = named(path.name, zone)
    return from_name or datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _propose(zone: tzinfo, model: Path, dated: tuple[datetime, Path]) -> Proposed:
    at, path = dated
    seen = look(path.read_bytes(), zone, model).seen
    return Proposed(
        path,
        str((at.astimezone(zone) - timedelta(hours=12)).date()),
        seen.sky,
        max(seen.probabilities.values(), default=1.0),
    )


def laid_out(found: Sequence[Proposed], into: Path, number: int) -> list[Path]:
    """Copy some images to where somebody can look at them: of every night the least sure first; return the copies.

    What has been labelled before, or waits for it, is left out.
    """
    known = {path.name for path in images(into)} if into.is_dir() else set()
    nights: dict[str, list[Proposed]] = {}
    for each in sorted(found, key=lambda each: each.sureness):
        if each.path.name not in known:
            nights.setdefault(each.night, []).append(each)
    turns = [each for turn in zip_longest(*nights.values()) for each in turn if each is not None][:number]
    copies = []
    for each in turns:
        copy = into / TO_CHECK / each.sky / each.path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copies.append(Path(shutil.copy2(each.path, copy)))
    return copies
