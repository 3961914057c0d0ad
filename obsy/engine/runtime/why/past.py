"""A night that is over, planned anew as it was: with the files of its commit, and with what was done before it."""

import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from obsy.engine.declare.folders import SECRETS
from obsy.engine.declare.history import FilesLostError, files_at
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.identity import DIRTY
from obsy.engine.journal import Entry, moment, stamp
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import NightSoFar, Planner, prepare, tally_before
from obsy.engine.runtime.seeking import AtOnce, Rehearsed
from obsy.engine.schedule.request import Schedule
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.plan import Plan

Like = tuple[str, str, str | None, int, str]
"""What a block is known by: plan, goal, train, frames, and start."""


@dataclass(frozen=True, eq=False)
class PastNight:
    """How a night stood when it began, or why nobody can tell any more."""

    sha: str = ""
    is_dirty: bool = False
    """Whether files differed from the commit then."""
    lost: str = ""
    """Why nothing can be planned anew; empty if it can."""
    stands: NightSoFar | None = None
    plans: tuple[Plan, ...] = ()
    """All that the files of its commit have, whether or not the night was begun with them."""


def named_in(wanted: Mapping[str, Any]) -> set[str]:
    """Return the plans that the intent of a journal names: those with which a night began, and that wanted something.

    Of a night that was begun with fewer plans than lie there, or of whose plans some were done, these alone count.
    """
    return {each["plan"] for each in (*wanted["blocks"], *wanted["unplaced"])}


def as_it_was(
    where: tuple[Path, Sequence[Path], str], day: date, begun: Entry, named: Collection[str], data_root: DataRoot
) -> PastNight:
    """Return how a night stood at its beginning.

    where: the observatory's folder and its plans as they lie today, and the site that is meant; begun: the entry that
    began its journal; named: the plans that it names.
    """
    root, plans, site = where
    said = begun.get("commit")
    if not said or not isinstance(said, str):
        return PastNight(lost="its journal does not tell its commit" if said else "its files were not under git")
    sha = said.removesuffix(DIRTY)
    try:
        with files_at(root, sha) as folder:
            if (root / SECRETS).exists():
                (folder / SECRETS).symlink_to((root / SECRETS).absolute())
            then = [folder / os.path.relpath(path, root) for path in plans]
            was = declare(folder, *(path for path in then if path.exists()), site=site)
            begun_with = replace(was, plans=tuple(each for each in was.plans if each.name in named))
            planner = prepare(begun_with, day, data_root)
    except FilesLostError as gone:
        return PastNight(sha, lost=str(gone))
    except (UnfitFiles, UserError):
        return PastNight(sha, lost=f"this version of obsy does not read the files of its commit {sha[:12]}")
    known = tally_before(data_root, begun_with, day) if data_root.known_store().exists() else Tally()
    begin = max(planner.night.start, moment(begun["time"]))
    planner = replace(planner, seeking=_sought(planner, known, begin) if begun.get("scenario") else AtOnce(0))
    return PastNight(
        sha, said.endswith(DIRTY), stands=NightSoFar(planner, known, begin, finished=True), plans=was.plans
    )


def _sought(planner: Planner, known: Tally, begin: datetime) -> AtOnce:
    """Return what looks for the same first answer as a rehearsal, which plans once before: for when it is to begin."""
    seeking = Rehearsed()
    if begin > planner.night.start:
        replace(planner, seeking=seeking).schedule(known, planner.night.start)
    return seeking.from_here()


def differing(planned: Schedule, told: Sequence[Mapping[str, Any]]) -> int:
    """Return how many of the blocks that a journal tells of, and of those planned anew, have no like in the other."""
    now = Counter[Like](
        (each.request.line.plan, each.request.line.key, each.request.train, each.count, stamp(each.start))
        for each in planned.blocks
    )
    then = Counter[Like]((each["plan"], each["goal"], each.get("train"), each["count"], each["start"]) for each in told)
    return sum(((now - then) + (then - now)).values())
