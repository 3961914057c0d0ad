"""One document as a person wrote it: its plain values, and the place and spelling of each."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from obsy.diagnostics import Mark

Loc = tuple[str | int, ...]
LONGEST = 60
"""A spelling longer than this is cut."""
STRANGE = r"[^\S \t\r\n]|[\u200b-\u200f\u2060\ufeff]"
"""What looks like a blank, or like nothing, and is neither."""
HOLE = "!hole"
"""The tag of a mapping that is a hole in braces without quotes: that it is none is told where it was read."""
FEWEST = 8
"""A list no longer than this is spelt out."""


class Origin(NamedTuple):
    """Which file a node was read from, and where that file was included, the innermost place first."""

    file: str
    via: tuple[Mark, ...] = ()


class NodePlace(NamedTuple):
    """How far a path leads into a document: the node there, where its key stands, and the last key."""

    node: Node
    mark: Mark
    key: str

    @property
    def value(self) -> Mark:
        """Where the value begins, if it is one word or text; else where its key stands."""
        is_said = isinstance(self.node, ScalarNode) and not is_empty(self.node)
        return mark_of(self.node) if is_said and mark_of(self.node).file == self.mark.file else self.mark

    def concerned(self, mend: str) -> Mark:
        """Return the place of a complaint that is mended so: the key's where that is to go, else the value's."""
        return self.mark if mend == f"remove '{self.key}'" else self.value

    def part(self, said: str, after: str = "") -> Mark:
        """Return where a part of a text begins; the text itself where the file spells it otherwise.

        said: whatever follows, if empty. after: the word of a phrase that stands before it.
        """
        start, end, whole = self.node.start_mark, self.node.end_mark, str(self.node.value)
        quotes = int(getattr(self.node, "style", None) in ("'", '"'))
        plain = start.line == end.line and end.column - start.column == len(whole) + 2 * quotes
        before = rf"(?<![\w.]){re.escape(after)}\s+" if after else ""
        found = re.search(rf"{before}({re.escape(said) or '[^ ]'})", whole) if plain else None
        mark = self.value
        return mark._replace(column=mark.column + quotes + found.start(1)) if found else mark


class Written:
    """One document of a file."""

    __slots__ = "kind", "name", "root", "value"

    def __init__(self, root: Node, value: dict[str, object]) -> None:
        """value: plain mappings, lists and scalars."""
        self.root: Final = root
        self.value: Final = value
        self.kind: Final = str(value.get("kind") or "")
        """Which sort of thing it says it declares, or ''; kept, for everything is sought by it."""
        self.name: Final = str(value.get("name") or "")
        """What it calls itself, or ''."""

    def place(self, loc: Loc = ()) -> NodePlace:
        """The deepest place `loc` reaches; steps that YAML does not have, such as a union's tags, are passed over."""
        node, mark, last = self.root, mark_of(self.root), ""
        for step in loc:
            if isinstance(node, MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == step), None)
                if pair is not None:
                    node, mark, last = pair[1], _where(*pair), str(step)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
                node = node.value[step]
                mark = mark_of(node)
        return NodePlace(node, mark, last)

    def at(self, *loc: str | int) -> Mark:
        """Where what `loc` leads to is said: a word or text itself, else its key."""
        return self.place(loc).value

    def files(self) -> Iterator[str]:
        """Yield the file of each of its parts: its own, those it includes, and those of the exposures it names."""
        todo = [self.root]
        while todo:
            node = todo.pop()
            yield mark_of(node).file
            if isinstance(node, MappingNode | SequenceNode):
                todo += [part for each in node.value for part in (each if isinstance(each, tuple) else (each,))]

    def said(self, *loc: str | int) -> str:
        """What stands at `loc`, spelt as it was: "altitude: 'above 35 deg'"."""
        place = self.place(loc)
        return f"{place.key}: {spelling(place.node)}" if place.key else spelling(place.node)


def tagged(root: Node, *tags: str) -> Iterator[Node]:
    """Yield the nodes that have one of these tags, each once, however they name one another."""
    nodes, seen = [root], {id(root)}
    for node in nodes:
        if node.tag in tags:
            yield node
        for part in node.value if isinstance(node, MappingNode | SequenceNode) else ():
            fresh = [each for each in (part if isinstance(part, tuple) else (part,)) if id(each) not in seen]
            seen.update(map(id, fresh))
            nodes += fresh


def is_empty(node: Node) -> bool:
    """Return whether nothing stands where a value should."""
    return isinstance(node, ScalarNode) and str(node.value) == "" and node.style not in ("'", '"')


def spelling(node: Node) -> str:
    """A node in the person's own words; a secret only by its name."""
    if isinstance(node, ScalarNode):
        text = f"{node.tag} {node.value}" if str(node.tag).startswith("!") else str(node.value)
        short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        return f"'{re.sub(STRANGE, lambda odd: f'<U+{ord(odd[0]):04X}>', short)}'".replace("\n", " ")
    if isinstance(node, SequenceNode):
        words = [spelling(item)[1:-1] for item in node.value if isinstance(item, ScalarNode)]
        return f"[{', '.join(words)}]" if len(words) == len(node.value) <= FEWEST else "a list"
    return "a mapping"


def _where(key: Node, value: Node) -> Mark:
    """Where a pair stands: its key; its value if that was given from elsewhere, by a variable or an alias."""
    named, said = mark_of(key), mark_of(value)
    is_given = len(said.via) < len(named.via) or (said[0] == named[0] and said[1:] < named[1:])
    return said if is_given else named


def mark_of(node: Node) -> Mark:
    """Where a node begins; its source was noted when it was read."""
    source: Origin = node.start_mark.name
    return Mark(source.file, node.start_mark.line + 1, node.start_mark.column + 1, source.via)
