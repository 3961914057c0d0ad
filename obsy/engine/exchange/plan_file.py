"""The file in which a plan goes from one observatory with obsy to another."""

import re
from pathlib import Path

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.written import Written
from obsy.schemas.train import Train

LANGUAGE = 1
"""The language of plans that this version reads and writes."""
HEAD = "# An obsy plan in language "
TAKEN = ("pipeline", "catalogue")
"""Kinds of documents that come with a plan; of devices, sites and rules a friend says nothing."""


def documents(text: str) -> list[tuple[int, str]]:
    """Return the documents of a file as they were written, comments and all, with the line of each's beginning."""
    parts, first = [], 1
    for each in re.split(r"^---[ \t]*(?:#.*)?\n", text, flags=re.MULTILINE):
        parts.append((first, each))
        first += each.count("\n") + 1
    return parts


def as_written(document: Written) -> str:
    """Return a document's own lines with their comments, without where an editor finds a schema here."""
    mark = document.at()
    text = Path(mark.file).read_text("utf-8-sig")
    part = next(text for line, text in reversed(documents(text)) if line <= mark.line)
    return re.sub(r"\A# yaml-language-server:.*\n", "", part)


def graded_by(declared: Declared) -> str:
    """Return what a policy says of quality, in one line; '' if none does."""
    qualities = (each.value.get("quality") for each in declared.written if each.kind == "policy")
    quality = next((each for each in qualities if isinstance(each, dict)), {})
    return ", ".join(f"{key} {said}" for key, said in quality.items() if isinstance(said, str))


def of_train(train: Train) -> str:
    """Return a train's scale and field."""
    width, height = (60 * edge for edge in train.field)
    return f"{train.scale:.2f} arcsec a pixel, field {width:.1f} x {height:.1f} arcmin"
