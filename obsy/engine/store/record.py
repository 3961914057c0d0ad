"""What goes into the store and comes back: plain values that know nothing of the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from obsy.engine.disk import within
from obsy.engine.frames.copy import Seen
from obsy.engine.frames.frame import Exposed, Frame, FrameKind
from obsy.engine.frames.name import readable
from obsy.engine.library.master import Master
from obsy.engine.progress import tile

V = TypeVar("V")

GradedLight = tuple[datetime, str | None, float, bool | None, str, str | None]
"""When a light was taken, by which train, its exposure in seconds, whether it counts (None until it is graded), why
not, and its measures as JSON where they are asked for. A plain tuple: there are hundreds of thousands."""

ACCEPTED = 3
"""Where a graded light says whether it counts."""

UNPLACED = "not-in-the-stack"
"""The code of an accepted light that could not be laid on its grid."""
ASTRAY = "off-target"
"""The code of a light with which nothing is wrong, but that it shows no part of its plan's field."""


class State(StrEnum):
    """How far a file has come. An arrival ends as quarantined or archived; its frame goes on from there."""

    ARRIVED = "arrived"
    """Delivered by the camera; nothing was done about it yet."""
    REFUSED = "refused"
    """The archive cannot take it now; it stays where it is and is offered again."""
    QUARANTINED = "quarantined"
    """No usable frame; put aside with its reason."""
    ARCHIVED = "archived"
    """Copied, and the copy proven."""
    REDUCED = "reduced"
    """Measured; its products are written."""
    GRADED = "graded"
    """Accepted or rejected."""
    STACKED = "stacked"
    """Part of the night's growing stack."""


OPEN = (State.ARCHIVED, State.REDUCED, State.GRADED)
"""The states in which a frame may still have something to be done about it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file that a camera delivered. `reason` is the code of what is wrong with it, `sha256` its frame."""

    path: Path
    seen: Seen
    state: State = State.ARRIVED
    reason: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFrame(Frame):
    """An archived frame with what it was taken for, how far it has come, and its verdict."""

    source: str
    """The path that the camera gave its file, within the folder of arrivals."""
    night: date
    state: State = State.ARCHIVED
    pending: bool = True
    """Whether processing still has to do something about it."""
    accepted: bool | None = None
    """None until it is graded."""
    reason: str = ""
    """Why it does not count; of an accepted one, why it is in no stack. It begins with a code."""
    measures: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Why it had to do without a master, a line each."""

    @property
    def placed(self) -> bool:
        """Whether it was laid on its grid, if its plan stacks."""
        return bool(self.accepted) and not self.reason

    @property
    def credited(self) -> bool | None:
        """Whether it counts for its goal; None until it is graded. A good picture of something else does not."""
        return counts(self.accepted, self.reason)

    @property
    def picture(self) -> str:
        """What the picture is called that it adds to: its plan's name and its tile; its object where no plan asked."""
        return (self.plan or self.object) + tile(self.goal or "")


@dataclass(frozen=True, slots=True)
class Product:
    """A file made from others, such as a master, a calibrated or aligned frame, or a stack."""

    kind: str
    path: Path
    sha256: str
    night: date
    site: str | None
    train: str | None
    frame: str | None = None
    """Hash of the one frame that it shows; None for what combines many."""
    parents: tuple[str, ...] = ()
    """Hashes of the files that it was made from, in order."""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    """How it was made."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What it is: fields that only this kind has."""

    @property
    def picture(self) -> str:
        """What a stack's picture is called; stores of earlier versions have it under 'object'."""
        return str(self.about.get("picture") or self.about["object"])


@dataclass(frozen=True, slots=True)
class TakenAlike:
    """Lights of one night that were taken with the same settings; None is what their headers do not say."""

    night: str
    """Its evening's date."""
    train: str | None
    camera: str | None
    filter: str | None
    gain: int | None
    offset: int | None
    binning: int | None
    rows: int
    columns: int
    lights: int
    airmass: float | None
    """The greatest of them."""
    path: str
    """Of the light that has it, relative to the store's folder."""


def counts(accepted: bool | None, reason: str) -> bool | None:
    """Return whether a frame of this verdict counts for its goal; None until it is graded."""
    return accepted and not reason.startswith(ASTRAY)


def as_master(product: Product) -> Master:
    """Return a master as the library weighs it.

    One of an earlier version does not say whether its pedestal is in it: it is, if no bias is among what it came from.
    """
    told = product.recipe.get("masters")
    lone = len(product.parents) <= product.about["frames"]
    pedestal = lone if told is None else not any(str(line).startswith("bias:") for line in told)
    taken_at = datetime.fromisoformat(product.about["taken_at"])
    about: dict[str, Any] = {"pedestal": pedestal, **product.about, "taken_at": taken_at}
    train = product.train or ""
    return Master(path=product.path, sha256=product.sha256, train=train, night=product.night, **about)


def as_columns(value: Any, folder: Path) -> dict[str, Any]:
    """The value's fields as a database or JSON holds them: paths relative to `folder`, tuples as lists."""

    def plain(each: Any) -> Any:
        if isinstance(each, Path):
            return within(each, folder).as_posix()
        return list(each) if isinstance(each, tuple) else each

    return {part.name: plain(getattr(value, part.name)) for part in fields(value)}


def as_value(shape: type[V], columns: Mapping[str, Any], folder: Path) -> V:
    """The value again: paths absolute, lists as tuples. Columns that the shape does not have are passed over.

    Raises ValueError for a word that is none of its kind, and for a path that no disk can hold.
    """
    if "\0" in columns["path"]:
        raise ValueError("a path with a NUL in it")
    kinds: dict[str, Any] = {
        "path": folder.joinpath,
        "state": State,
        "kind": FrameKind if shape is StoredFrame else str,
    }
    found = {}
    for part in fields(shape):  # type: ignore[arg-type]
        if part.name in columns:
            each = columns[part.name]
            found[part.name] = tuple(each) if isinstance(each, list) else kinds.get(part.name, _same)(each)
    return shape(**found)


def _same(each: Any) -> Any:
    return each


def damaged(path: str, damage: Exception) -> str:
    """Return what is said of the row of a file that cannot be understood."""
    return f"the store's row of {readable(path)!r} cannot be understood ({damage!r}): run 'obsy rebuild'"


LIGHTS = """
SELECT train, plan, goal, object, filter, ROUND(ra_deg, 2), ROUND(dec_deg, 2),
       taken_at, exposure_s, accepted, reason, {measures}, path
FROM obsy_frame WHERE kind = 'light' AND plan IS NOT NULL AND goal IS NOT NULL AND night < %s
"""
TAKEN = """
SELECT CAST(night AS TEXT), train, camera, filter, gain, "offset", binning, rows, columns, COUNT(*), MAX(airmass), path
FROM obsy_frame WHERE kind = 'light' AND date(night) IS NOT NULL
AND typeof(rows) || typeof(columns) = 'integerinteger' AND typeof(binning) IN ('integer', 'null')
AND typeof(airmass) IN ('real', 'integer', 'null')
GROUP BY night, train, camera, filter, gain, "offset", binning, rows, columns ORDER BY night
"""
"""Rows that cannot be understood are left out. SQLite gives the path of the light whose airmass is greatest.

Source: sqlite.org/lang_select.html, "Bare columns in an aggregate query".
"""
_ASKED = ("train", "plan", "goal", "object", "filter", "ra_deg", "dec_deg")
_VERDICTS = {None: None, 0: False, 1: True}


def alike(rows: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[Exposed, list[GradedLight]]], dict[str, str]]:
    """Return lights, those together that show the same, and what is wrong with each row that is none, by its path.

    rows: what `LIGHTS` finds.
    """
    found: dict[tuple[Any, ...], list[GradedLight]] = defaultdict(list)
    amiss = {}
    for row in rows:
        at, exposure_s, accepted, reason, measures, path = row[len(_ASKED) :]
        try:
            verdict = counts(_VERDICTS[accepted], reason)
            light = (datetime.fromisoformat(f"{at}+00:00"), row[0], exposure_s + 0.0, verdict, reason, measures)
        except (ValueError, TypeError, KeyError, AttributeError):
            amiss[path] = damaged(path, ValueError("no time, no exposure or no verdict"))
        else:
            found[row[: len(_ASKED)]].append(light)
    groups = [
        (Exposed(**dict(zip(_ASKED, key, strict=True)), taken_at=lights[0][0], exposure_s=lights[0][2]), lights)
        for key, lights in found.items()
    ]
    return groups, amiss
