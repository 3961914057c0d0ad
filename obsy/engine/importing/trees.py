"""The tree of a JSON or XML file, which notes what a reader asks for, so that the rest can be told."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from obsy.engine.importing.plain_text import number, words
from obsy.errors import UserError

MOST_NODES, DEEPEST = 500_000, 100
FEW = 4
"""A part that nobody looked into is told by its name alone, if it says more than this."""
LINE, TEXT = "#line", ""
"""Keys of what XML has besides tags, and attributes, which begin with '@'."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file. What is not there, or of another sort, is empty: nothing is raised.

    Elements of XML stand in lists, by their tags; the first one speaks for its list.
    """

    value: object
    asked: dict[int, set[str]] = field(default_factory=dict, compare=False, repr=False)
    """The keys that were asked for, of each object of the file."""
    at: tuple[int, str] = field(default=(0, ""), compare=False, repr=False)
    """The object that it is in, and under which key."""

    def __getitem__(self, key: str) -> "Part":
        first = self._first()
        if not isinstance(first, dict):
            return Part(None)
        self.asked.setdefault(id(first), set()).add(key)
        return Part(first.get(key), self.asked, (id(first), key))

    def __iter__(self) -> Iterator["Part"]:
        """Yield the entries of a list, also as .NET writes one."""
        found = self["$values"].value if isinstance(self.value, dict) else self.value
        return iter([Part(each, self.asked) for each in found] if isinstance(found, list) else [])

    def every(self, tag: str) -> Iterator["Part"]:
        """Yield the elements of a tag, wherever they stand below."""
        yield from self[tag]
        for inside in self.value.values() if isinstance(self.value, dict) else ():
            for each in Part(inside, self.asked):
                yield from each.every(tag)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of an object."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    @property
    def text(self) -> str:
        """Return the words of a text or a number, '' of all else and of False."""
        said = self._said()
        return words(said) if isinstance(said, (str, int, float)) and said is not False else ""

    @property
    def number(self) -> float | None:
        """Return a number, also one in quotes; words are left as if nobody had asked."""
        found = number(self._said())
        if found is None and self.text:
            self.leave()
        return found

    def within(self, low: float, high: float = 1e9) -> float | None:
        """Return a number between two limits; another one is left as if nobody had asked."""
        found = self.number
        if found is not None and not low < found < high:
            self.leave()
            return None
        return found

    def leave(self) -> None:
        """Let it be told as what nobody asked for: it was, in vain."""
        self.asked.get(self.at[0], set()).discard(self.at[1])

    @property
    def line(self) -> int:
        """Return the line of an element of XML."""
        first = self._first()
        return int(first.get(LINE, 1)) if isinstance(first, dict) else 1

    def unasked(self, others: Collection[int], at: tuple[str, ...] = (), asked: bool = True) -> Iterator["Unasked"]:
        """Yield the names that lead to what nobody asked for, and its words; others: parts that are told elsewhere."""
        inner: list[tuple[str, object]] = [("", each) for each in self.value] if isinstance(self.value, list) else []
        if isinstance(self.value, dict):
            is_off = any(key[:1] == "@" and each == "false" for key, each in self.value.items())
            inner = [
                (key, each)
                for key, each in self.value.items()
                if not is_off and key != LINE and (key[:1] != "@" or each != "true")
            ]
            if not (inner or asked or is_off) and LINE in self.value:
                yield at, ""  # of XML, an empty element
        elif not isinstance(self.value, (list, dict)) and not asked and self.text:
            yield at, self.text
        told: dict[Unasked, None] = {}
        for key, each in ((key, each) for key, each in inner if id(each) not in others):
            name, is_asked = key.removeprefix("@"), key in self.asked.get(id(self.value), ()) or not key
            there = at if not name else (name,) if asked else (*at, name)
            told |= dict.fromkeys(Part(each, self.asked).unasked(others, there, asked and is_asked))
        yield from told if asked or len(told) <= FEW else [(at, "")]

    def _first(self) -> object:
        return self.value[0] if isinstance(self.value, list) and self.value else self.value

    def _said(self) -> object:
        first = self._first()
        return first.get(TEXT) if isinstance(first, dict) else None if isinstance(self.value, list) else first


Unasked = tuple[tuple[str, ...], str]


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


def tree_of_xml(text: str, called: object) -> Part:
    """Return an XML file's root. Raise UserError with a place if it is none, or would grow when it is read.

    A bare '&', as KStars writes it, is one. No entity is declared, and nothing outside of the file is looked at.
    """
    open_elements: list[dict[str, object]] = [{}]
    counted = 0
    parser = expat.ParserCreate("utf-8")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal counted
        counted += 1
        line, inside = parser.CurrentLineNumber, open_elements[-1].setdefault(tag.rpartition(":")[2], [])
        if counted > MOST_NODES or len(open_elements) > DEEPEST or not isinstance(inside, list):
            raise UserError(f"{called}:{line}: too much XML, or too deep: export a part of it")
        said = {
            f"@{name.rpartition(':')[2]}": said for name, said in attributes.items() if not name.startswith("xmlns")
        }
        open_elements.append({LINE: line, **said})
        inside.append(open_elements[-1])

    def character(text: str) -> None:
        open_elements[-1][TEXT] = f"{open_elements[-1].get(TEXT, '')}{text}"

    def declared(*entity: object) -> None:
        raise UserError(f"{called}:{parser.CurrentLineNumber}: an entity is declared: remove that line")

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EntityDeclHandler = begin, character, declared
    parser.EndElementHandler = lambda tag: open_elements.pop() and None
    parser.buffer_text = True
    try:
        text = re.sub(r"<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text, count=1)
        parser.Parse(re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});)", "&amp;", text).encode(), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        why = str(error).partition(":")[0]
        raise UserError(f"{called}:{getattr(error, 'lineno', 1)}: no XML: {why}; export the file again") from None
    ((root,),) = (each for each in open_elements[0].values() if isinstance(each, list))
    return Part(root)
