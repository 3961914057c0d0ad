"""The trees of JSON and XML files, which note what a reader asks for, so that the rest can be told."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from obsy.engine.importing.wish import number, words
from obsy.errors import UserError

MOST_NODES, DEEPEST = 500_000, 100
FEW = 4
"""A part that nobody looked into is told by its name alone, if it says more than this."""


Unasked = tuple[tuple[str, ...], str]


class Node(Protocol):
    """A part of a file."""

    def key(self) -> int:
        """Return what tells it from all others of its file."""

    def inner(self) -> Iterator[tuple[str, "Node", bool]]:
        """Yield what stands in it, by name ('' for an entry of a list), and whether somebody asked for that."""

    @property
    def text(self) -> str:
        """Return its own words."""


def unasked(node: Node, others: Collection[int], at: tuple[str, ...] = (), asked: bool = True) -> Iterator[Unasked]:
    """Yield the names that lead to what nobody asked for, and its words; others: keys of what is told elsewhere."""
    inner = [each for each in node.inner() if each[1].key() not in others]
    if not inner and not asked and node.text:
        yield at, node.text
    told: dict[Unasked, None] = {}
    for name, part, is_asked in inner:
        there = at if not name else (name,) if asked else (*at, name)
        told |= dict.fromkeys(unasked(part, others, there, asked and (is_asked or not name)))
    yield from told if asked or len(told) <= FEW else [(at, "")]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a JSON file. What is not there, or of another sort, is empty: nothing is raised."""

    value: object
    asked: dict[int, set[str]] = field(default_factory=dict, compare=False, repr=False)
    """The keys that were asked for, of each object of the file."""

    def __getitem__(self, key: str) -> "Part":
        if not isinstance(self.value, dict):
            return Part(None)
        self.asked.setdefault(id(self.value), set()).add(key)
        return Part(self.value.get(key), self.asked)

    def __iter__(self) -> Iterator["Part"]:
        """Yield the entries of a list, also as .NET writes one."""
        found = self["$values"].value if isinstance(self.value, dict) else self.value
        return iter([Part(each, self.asked) for each in found] if isinstance(found, list) else [])

    def key(self) -> int:
        """Return what tells it from all others of its file."""
        return id(self.value)

    def inner(self) -> Iterator[tuple[str, Node, bool]]:
        """Yield what stands in it."""
        if isinstance(self.value, dict):
            asked = self.asked.get(id(self.value), ())
            yield from ((key, Part(value, self.asked), key in asked) for key, value in self.value.items())
        elif isinstance(self.value, list):
            yield from (("", Part(each, self.asked), True) for each in self.value)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of an object."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    @property
    def text(self) -> str:
        """Return the words of a text or a number, '' of all else and of False."""
        return words(self.value) if isinstance(self.value, (str, int, float)) and self.value is not False else ""

    @property
    def number(self) -> float | None:
        """Return a number, also one in quotes."""
        return number(self.value)


def tree_of_json(text: str, called: object) -> Part:
    """Return a JSON file's root. Raise UserError with a place if it is none; called: the file."""
    try:
        value = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise UserError(f"{called}:{error.lineno}:{error.colno}: no JSON: {error.msg}; export the file again") from None
    except (RecursionError, ValueError):
        raise UserError(f"{called}: no JSON that can be read; export the file again") from None
    level = [value]
    for _ in range(DEEPEST):
        inside = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, (dict, list)))
        level = [each for part in inside for each in part]
    if level:
        raise UserError(f"{called}: too deep: export a part of it")
    return Part(value)


@dataclass(slots=True)
class Element:
    """An element of an XML file; a path leads over tags, such as 'Coordinates/J2000RA'."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Tags and attributes that were asked for."""

    def all(self, path: str) -> list["Element"]:
        """Return every element that a path leads to."""
        found = [self]
        for tag in path.split("/"):
            for each in found:
                each.asked.add(tag)
            found = [child for each in found for child in each.children if child.tag == tag]
        return found

    def every(self, tag: str) -> Iterator["Element"]:
        """Yield the elements of a tag, wherever they stand below."""
        self.asked.add(tag)
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.every(tag)

    def first(self, path: str) -> "Element":
        """Return the first element that a path leads to; an empty one if there is none."""
        return next(iter(self.all(path)), Element(path, self.line))

    def attribute(self, name: str) -> str:
        """Return what an attribute says; '' if there is none."""
        self.asked.add(name)
        return self.attributes.get(name, "")

    def said(self, path: str) -> str:
        """Return the words of the first element that a path leads to."""
        return self.first(path).text

    def number(self, path: str) -> float | None:
        """Return its number."""
        return number(self.said(path))

    @property
    def text(self) -> str:
        """Return its own words."""
        return words("".join(self.written))

    def key(self) -> int:
        """Return what tells it from all others of its file."""
        return id(self)

    def inner(self) -> Iterator[tuple[str, Node, bool]]:
        """Yield what stands in it, without what an attribute switches off."""
        if self.text and (self.attributes or self.children):
            yield "", Part(self.text), True
        yield from ((name, Part(said), name in self.asked) for name, said in self.attributes.items() if said != "true")
        on = (child for child in self.children if "false" not in child.attributes.values())
        yield from ((child.tag, child, child.tag in self.asked) for child in on)


def tree_of_xml(text: str, called: object) -> Element:
    """Return an XML file's root. Raise UserError with a place if it is none, or would grow when it is read.

    A bare '&', as KStars writes it, is one. No entity is declared, and nothing outside of the file is looked at.
    """
    above = Element("", 1)
    open_elements, counted = [above], 0
    parser = expat.ParserCreate("utf-8")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal counted
        counted += 1
        if counted > MOST_NODES or len(open_elements) > DEEPEST:
            raise UserError(f"{called}:{parser.CurrentLineNumber}: too much XML, or too deep: export a part of it")
        bare = {name.rpartition(":")[2]: said for name, said in attributes.items() if not name.startswith("xmlns")}
        element = Element(tag.rpartition(":")[2], parser.CurrentLineNumber, bare)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def declared(*entity: object) -> None:
        raise UserError(f"{called}:{parser.CurrentLineNumber}: an entity is declared: remove that line")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: open_elements.pop() and None
    parser.CharacterDataHandler = lambda text: open_elements[-1].written.append(text)  # noqa: PLW0108 - it changes
    parser.EntityDeclHandler = declared
    try:
        text = re.sub(r"<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text, count=1)
        parser.Parse(re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});)", "&amp;", text).encode(), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        why = str(error).partition(":")[0]
        raise UserError(f"{called}:{getattr(error, 'lineno', 1)}: no XML: {why}; export the file again") from None
    return above.children[0]
