"""A document becomes its model, or every complaint about it at once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.nodes import ScalarNode

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.errors import words
from obsy.engine.declare.written import Loc, Written, mark_of
from obsy.schemas.kinds import KINDS, PLANNED
from obsy.schemas.model import Document


def check(written: Written, silent: Collection[Mark]) -> Document | list[Diagnostic]:
    """The document's model; else what is wrong, except where there is a complaint already: `silent`."""
    model = KINDS.get(written.kind)
    if model is None:
        return [_no_kind(written)]
    try:
        return model.model_validate(written.value)
    except ValidationError as error:
        found = [_told(detail, written, silent) for detail in error.errors(include_url=False)]
        return [diagnostic for diagnostic in found if diagnostic is not None]


def _told(detail: Mapping[str, Any], written: Written, silent: Collection[Mark]) -> Diagnostic | None:
    """One of pydantic's errors; None if it only follows from another."""
    context = detail.get("ctx", {})
    loc = (*detail["loc"], *context.get("at", ()), *_discriminator(context))
    place = written.place(loc)
    if mark_of(place.node) in silent or _follows(detail):
        return None
    if detail["type"] == "unfit":
        found = context["found"] or _found(loc, detail["input"], written)
        return Diagnostic(place.mark, context["code"], found, context["expected"], context["mend"])
    bare = str(place.node.value) if isinstance(place.node, ScalarNode) else ""
    code, expected, mend = words(detail["type"], context, bare)
    return Diagnostic(place.mark, code, _found(loc, detail["input"], written), expected, mend)


def _follows(detail: Mapping[str, Any]) -> bool:
    """pydantic counts only the entries that were well: a list may be long enough and yet too short for it."""
    return detail["type"] == "too_short" and len(detail["input"] or ()) >= int(detail["ctx"]["min_length"])


def _discriminator(context: Mapping[str, Any]) -> tuple[str, ...]:
    """The key that says which of several models is meant, where pydantic complains about it."""
    key = str(context.get("discriminator", "")).strip("'")
    return (key,) if key.isidentifier() else ()


def _found(loc: Loc, part: object, written: Written) -> str:
    """The person's own spelling; of a phrase only the part that is meant."""
    said, last = written.said(*loc), str(loc[-1]) if loc else ""
    inside = isinstance(part, str) and not said.startswith(f"{last}: ") and part in said and "'!" not in said
    return f"{last.replace('_', ' ')}: '{part}'" if inside and not last.isdigit() else said


def _no_kind(written: Written) -> Diagnostic:
    known = ", ".join(KINDS)
    if "kind" not in written.value:
        return Diagnostic(
            written.at(), "missing-kind", "'kind' is missing", f"kind: one of {known}", "add 'kind: plan'"
        )
    if written.kind in PLANNED:
        found = f"{written.said('kind')} is not built in this version"
        return Diagnostic(
            written.at("kind"), "not-built-yet", found, f"one of {known}", "take the document out for now"
        )
    mend = did_you_mean(written.kind, KINDS, "write 'kind: plan'")
    return Diagnostic(written.at("kind"), "unknown-kind", written.said("kind"), f"one of {known}", mend)


def names(documents: Collection[Written]) -> Iterator[Diagnostic]:
    """Complaints about documents of one kind and one name."""
    first: dict[tuple[str, str], Mark] = {}
    for written in documents:
        named = (written.kind, written.name)
        if written.kind in KINDS and written.name:
            if named in first:
                mend = f"give one of the two another name; the first stands at {first[named]}"
                found = f"a second {written.kind} named '{written.name}'"
                yield Diagnostic(written.at("name"), "name-twice", found, "each name once for each kind", mend)
            first.setdefault(named, written.at("name"))
