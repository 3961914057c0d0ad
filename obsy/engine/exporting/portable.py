"""A plan for another observatory with obsy: as it was written, with what it refers to, without devices and secrets."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import obsy
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.history import commit
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.declare.written import Written, mark_of, tagged
from obsy.engine.disk import within
from obsy.engine.exchange.layout import written
from obsy.engine.exchange.plan_file import HEAD, LANGUAGE, as_written, graded_by, of_train
from obsy.engine.exporting.wanted import name_of
from obsy.errors import UserError
from obsy.schemas.catalogue import Catalogue
from obsy.schemas.model import LONGEST_NAME
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site


def as_obsy(entries: Sequence[Entry[Plan]], declared: Declared, today: date) -> tuple[str, list[str]]:
    """Return a plan's file for others, and what is to be told of it.

    Raise UserError if a secret stands in the plan.
    """
    entry = entries[0]
    parts = [_as_written(entry.written)]
    parts += [_as_written(each) for each in declared.written if _is(each, "pipeline", entry.document.pipeline)]
    if names := _names(entries, declared):
        called = f"names-of-{name_of(entry)}"[:LONGEST_NAME]
        parts.append(written({"kind": "catalogue", "name": called, "targets": names}))
    told = [f"'owner: {entry.document.owner}' names a person whom others do not know"] if entry.document.owner else []
    if entry.document.choose and entry.document.choose.of:
        told.append(f"'choose' is of the list '{entry.document.choose.of}', which others do not have")
    head = "".join(f"{line}\n" for line in _head(entry, declared, today))
    return head + "---\n".join(part if part.endswith("\n") else part + "\n" for part in parts), told


def _is(document: Written, kind: str, name: str) -> bool:
    return (document.kind, document.name) == (kind, name)


def _head(entry: Entry[Plan], declared: Declared, today: date) -> Iterator[str]:
    """Yield the comments that say who made it, where and for what: `obsy import` compares them with what it finds."""
    sha = commit(declared.root)
    file = within(Path(entry.written.at().file).absolute(), declared.root.absolute())
    yield f"{HEAD}{LANGUAGE}, by obsy {obsy.__version__} on {today}: bring it in with 'obsy import'."
    for site in declared.of(Site)[:1]:
        who = f", of {site.document.observer}" if site.document.observer else ""
        where = f"{site.document.name} at {site.document.latitude:+.0f} deg{who}"  # where it stands is its own affair
        yield f"# from {where}: {file}{f' at {sha[:12]}' if sha else ''}"
    for train in (each.document for each in in_use(declared)):
        if entry.document.served_by(train):
            slots = (f"{slot.role}={slot.label}" for slot in train.slots if slot.role in entry.document.roles)
            yield f"# for {train.name}: {of_train(train)}, filters {', '.join(slots)}"
    if grades := graded_by(declared):
        yield f"# graded by {grades}"


def _as_written(document: Written) -> str:
    """Return a document as it was written; with other files and exposure sets in their place, if it names some."""
    text = re.sub(rf"\A{HEAD}.*\n(# (from|for|graded by) .*\n)*", "", as_written(document))
    if any(tagged(document.root, "!secret")) or any(map(_holds_a_secret, set(document.files()))):
        raise UserError(f"{document.at()}: a secret stands in it: what others get holds none")
    if len(set(document.files())) == 1 and not re.search(r"!\w|<<:", text) and not _names_a_set(document):
        return text
    return "".join(re.findall(r"\A(?:#.*\n)+", text)) + written(document.value, ["What it shares is written out."])


def _holds_a_secret(file: str) -> bool:
    return "!secret" in Path(file).read_text("utf-8-sig")


def _names_a_set(document: Written) -> bool:
    goals = document.place(("want",)).node.value
    return document.kind == "plan" and isinstance(goals, list) and any(mark_of(goal).via for goal in goals)


def _names(entries: Sequence[Entry[Plan]], declared: Declared) -> dict[str, Any]:
    """Return what the plan's names mean in the observatory's own catalogues, so that they mean the same there."""
    said = [each.written.value.get("target") for each in entries]
    words = [each.get("name") or each.get("of") if isinstance(each, dict) else each for each in said]
    own = own_names(declared) if declared.of(Catalogue) else {}
    found = {word: own[key(word)] for word in words if isinstance(word, str) and key(word) in own}
    return {word: {"target": each.target.said(), "source": each.source} for word, each in found.items()}
