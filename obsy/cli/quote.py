"""A sentence of the newest forecast, kept in `.obsy/` for `obsy validate` to quote while it is fresh."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obsy.engine.forecast.question import Forecast

ROOMS = "site", "library", "plans"


def keep(root: Path, site: str, told: "Forecast") -> None:
    """Keep what a forecast says; nothing happens where nothing may be written."""
    from obsy.engine.disk import write_whole

    note = {"night": told.asked.days[0].isoformat(), "words": _sentence(told)}
    with suppress(OSError):
        write_whole(root / ".obsy" / f"forecast-{site}.json", json.dumps(note).encode())


def _sentence(told: "Forecast") -> str:
    first, last = told.asked.days[0], told.asked.days[-1]
    wanted = [each for each in told.goals if not each.is_visits and not each.is_untold and each.frames != 0]
    done = sorted(((each.done[1], each.plan, each.goal) for each in wanted if each.done[1] is not None), key=str)
    late = f"; the last of them, {done[-1][1]} {done[-1][2]}, by {done[-1][0]}" if done else ""
    return (
        f"Forecast of {first}: in half of the draws {len(done)} of {len(wanted)} open goals are done by {last}{late}."
    )


def quotes(root: Path) -> Iterator[str]:
    """Yield what was forecast for last night or later, unless a file of the observatory is newer than that."""
    notes: Sequence[Path] = sorted((root / ".obsy").glob("forecast-*.json"))
    for note in notes:
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            said, at = json.loads(note.read_bytes()), note.stat().st_mtime_ns
            is_new = date.fromisoformat(said["night"]) >= date.today() - timedelta(days=1)  # noqa: DTZ011  by the wall
            if is_new and all(file.stat().st_mtime_ns < at for file in _files(root)):
                yield str(said["words"])


def _files(root: Path) -> Iterator[Path]:
    """Yield the files and the folders, whose time changes when a file comes or goes."""
    for room in ROOMS:
        for folder, _, names in os.walk(root / room):
            yield Path(folder)
            yield from (Path(folder, name) for name in names if name.endswith((".yaml", ".yml")))
