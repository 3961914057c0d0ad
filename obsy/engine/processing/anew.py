"""Which lights join the stacks of a night, and which of them have to be reduced again before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from obsy.engine.processing.jobs import Jobs, StackKey
from obsy.engine.processing.rules import Crew
from obsy.engine.reduce import work
from obsy.engine.store.record import UNPLACED, Product, State, StoredFrame

Member = tuple[StoredFrame, Product]
Members = list[Member]


def stack_members(crew: Crew, night: date) -> dict[StackKey, Members]:
    """For each stack that this night's lights join: every night's accepted and aligned frames, in the order of time."""
    aligned = {product.frame: product for product in crew.store.products("aligned")}
    members: dict[StackKey, Members] = {}
    for frame in crew.store.frames(kind="light", accepted=True):
        if (product := aligned.get(frame.sha256)) and frame.placed and crew.rules.shown(frame):
            members.setdefault(StackKey.of(frame), []).append((frame, product))
    return {key: kept for key, kept in sorted(members.items()) if any(frame.night == night for frame, _ in kept)}


def reopen_uncalibrated(crew: Crew, jobs: Jobs, night: date) -> None:
    """Have lights of a night reduced again that lacked a master which is there by now."""
    for frame in crew.store.frames(night, "light"):
        if frame.missing and crew.rules.credit(frame) and len(jobs.masters_for(frame).missing) < len(frame.missing):
            crew.store.put(replace(frame, state=State.ARCHIVED, pending=True))


def reopen_elsewhere(crew: Crew, members: Iterable[Member]) -> None:
    """Have lights reduced again that lie on another grid than their plan has by now; without its file none can be."""
    for frame, product in members:
        if _lies_right(frame, product, crew):
            continue
        if frame.path.exists():
            crew.store.put(replace(frame, state=State.ARCHIVED, pending=True))
        else:
            crew.store.put(replace(frame, reason=f"{UNPLACED}: it lies on another grid, and its light is gone"))


def _lies_right(frame: StoredFrame, aligned: Product, crew: Crew) -> bool:
    """Whether a light was laid on the grid that its plan has now; files of earlier versions are looked into."""
    wanted = crew.rules.credit(frame)
    if wanted is None or wanted.field is None:
        return True
    said = wanted.field.about()
    named = all(aligned.about.get(key) == said[key] for key in ("grid", "grid_version"))
    return named or work.lies_on(aligned.path, wanted.field)
