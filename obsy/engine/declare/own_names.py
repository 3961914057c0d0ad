"""Names of targets that an observatory declares itself: they win over obsy's tables."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.names import beside, meant
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.model import Document, Model
from obsy.schemas.plan import Plan
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import Beside, NamedTarget, Position

if TYPE_CHECKING:
    from obsy.schemas.catalogue import Catalogue, CatalogueEntry


def own_names(declared: Declared) -> "dict[str, CatalogueEntry]":
    """Return what each declared name means, by its key; the first that is read counts."""
    return _names(declared.entries)


def with_own_names(entries: Sequence[Entry[Document]]) -> tuple[Entry[Document], ...]:
    """Return the documents; a plan whose target goes by a declared name has what that means in its place."""
    names = _names(entries)
    return tuple(_meant(entry, names) for entry in entries) if names else tuple(entries)


def _names(entries: Iterable[Entry[Document]]) -> "dict[str, CatalogueEntry]":
    found: dict[str, CatalogueEntry] = {}
    for each in (each.document for each in entries if each.document.kind == "catalogue"):
        for name, entry in cast("Catalogue", each).targets.items():
            found.setdefault(key(name), entry)
    return found


def _meant(entry: Entry[Document], names: "dict[str, CatalogueEntry]") -> Entry[Document]:
    if not isinstance(entry.document, Plan):
        return entry
    target = _target(entry.document.target, names)
    return entry if target is None else Entry(entry.document.model_copy(update={"target": target}), entry.written)


def _target(said: object, names: "dict[str, CatalogueEntry]") -> Model | None:
    """Return what a plan's target means by a declared name; None if it has none."""
    if isinstance(said, NamedTarget) and key(said.name) in names:
        target = names[key(said.name)].target
        if not isinstance(target, Recurring):
            return target
        both = {kind: {**getattr(target, kind), **getattr(said, kind)} for kind in ("planets", "events")}
        return target.model_copy(update=both).said_as(said.name)
    if isinstance(said, Beside) and key(said.of) in names:
        middle = meant(names[key(said.of)].target)
        if isinstance(middle, FixedTarget):
            ra_deg, dec_deg = beside(middle, said.east, said.north)
            return Position.model_validate({"ra": f"{ra_deg} deg", "dec": f"{dec_deg} deg", **_moving(middle)})
    return None


def _moving(middle: FixedTarget) -> dict[str, object]:
    """Return how a place moves, as a person would write it."""
    if middle.motion_mas is None:
        return {}
    east, north, parallax = middle.motion_mas
    return {"motion": {"ra": f"{east!r} mas/y", "dec": f"{north!r} mas/y"}, "parallax": f"{parallax!r} mas"}
