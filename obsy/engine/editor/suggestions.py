"""What may stand where the cursor is: keys, words, and names of what there is."""

from collections.abc import Iterator

from obsy.engine.editor.cursor import ITEM, Cursor
from obsy.engine.editor.vocabulary import beginnings, keys, required, words
from obsy.engine.editor.workspace import Workspace

Suggestion = tuple[str, str, str]
"""What is shown, what is written, and what it means."""


def suggestions(at: Cursor, workspace: Workspace) -> list[Suggestion]:
    """Return what may stand at the cursor, the likeliest first; a list's entry is a value or begins a mapping."""
    found = [*_keys(at)] if at.is_key else []
    if not at.is_key or at.path[-1:] == (ITEM,):
        found += _values(at, workspace)
    return list({label: (label, text, about) for label, text, about in found}.values())


def _keys(at: Cursor) -> Iterator[Suggestion]:
    must = required(at.kind, at.path)
    known = keys(at.kind, at.path)
    for key in sorted(known, key=lambda key: key not in must):
        if key not in at.siblings:
            yield key, f"{key}: ", known[key]


def _values(at: Cursor, workspace: Workspace) -> Iterator[Suggestion]:
    yield from ((name, name, "") for name in workspace.names(at))
    yield from ((word, word, "") for word in words(at.kind, at.path))
    yield from ((said, said, about) for said, about in beginnings(at.kind, at.path).items())
