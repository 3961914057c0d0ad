"""A file to be imported: its text, what lies beside it, and the trees in it, read so that nothing in it can do harm."""

import json
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from obsy.engine.importing.wish import number, words
from obsy.errors import UserError

MOST_BYTES = 32_000_000
MOST_NODES = 500_000
DEEPEST = 100
_DAMAGED = (NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class GivenFile(NamedTuple):
    """One file."""

    path: Path
    text: str
    refused: str = ""
    """Why it has no text."""

    def beside(self, said: str) -> str | None:
        """Return the text of a file that this one names, if one of that name lies in the same folder."""
        name = re.split(r"[/\\]", said)[-1]
        there = self.path.parent / name
        return text_of(there) if name and there.is_file() else None

    def line_of(self, said: str) -> int:
        """Return the line in which a text stands first, 1 if it stands nowhere."""
        return self.text.count("\n", 0, max(self.text.find(said), 0)) + 1 if said else 1


def given(path: Path) -> GivenFile:
    """Return a file with its text, or why it has none."""
    try:
        return GivenFile(path, text_of(path))
    except UserError as error:
        return GivenFile(path, "", str(error))


def text_of(path: Path) -> str:
    """Return a file's text; of a zip, one JSON object of its JSON files by name. Raise UserError if it has none."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            raise UserError(f"'{path}' is no file: name one")
        content = path.read_bytes() if about.st_size <= MOST_BYTES else None
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise UserError(f"'{path}': {why}; see that it is there, and that you may read it") from None
    if content is None:
        raise UserError(f"'{path}' is larger than {MOST_BYTES // 1_000_000} MB: split it")
    return (_zipped(content, path) if content.startswith(b"PK\x03\x04") else _decoded(content)).replace("\r\n", "\n")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # as programs on Windows write
        return content.decode("cp1252", errors="replace")


def _zipped(content: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as folder:
            inside = [each for each in folder.infolist() if each.filename.endswith(".json")]
            if sum(each.file_size for each in inside) > MOST_BYTES:
                raise UserError(f"'{path}' holds more than {MOST_BYTES // 1_000_000} MB: unpack it, and import a part")
            texts = {each.filename: folder.read(each).decode("utf-8-sig") for each in inside}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_DAMAGED) as error:
        raise UserError(f"'{path}' is no zip that can be read ({error}): export it again") from None
    return "{" + ",\n".join(f"{json.dumps(name)}: {text}" for name, text in texts.items()) + "}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a JSON file. What is not there, or of another sort, is empty: nothing is raised."""

    value: object

    def __getitem__(self, key: str) -> "Part":
        return Part(self.value.get(key)) if isinstance(self.value, dict) else Part(None)

    def __iter__(self) -> Iterator["Part"]:
        """Yield the entries of a list, also as .NET writes one."""
        found = self.value.get("$values") if isinstance(self.value, dict) else self.value
        return iter([Part(each) for each in found] if isinstance(found, list) else [])

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of an object."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    @property
    def text(self) -> str:
        """Return the words of a text or a number, '' otherwise."""
        return words(self.value) if isinstance(self.value, (str, int, float)) else ""

    @property
    def number(self) -> float | None:
        """Return a number, also one in quotes."""
        return number(self.value)


def tree_of_json(source: GivenFile) -> Part:
    """Return a JSON file's root. Raise UserError with a place if it is none."""
    try:
        return Part(json.loads(source.text, strict=False))
    except json.JSONDecodeError as error:
        raise UserError(
            f"{source.path}:{error.lineno}:{error.colno}: no JSON: {error.msg}; export the file again"
        ) from None
    except (RecursionError, ValueError):
        raise UserError(f"{source.path}: no JSON that can be read; export the file again") from None


@dataclass(slots=True)
class Element:
    """An element of an XML file; a path leads over tags, such as 'Coordinates/J2000RA'."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def all(self, path: str) -> list["Element"]:
        """Return every element that a path leads to."""
        found = [self]
        for tag in path.split("/"):
            found = [child for each in found for child in each.children if child.tag == tag]
        return found

    def every(self, tag: str) -> Iterator["Element"]:
        """Yield the elements of a tag, wherever they stand below."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.every(tag)

    @property
    def text(self) -> str:
        """Return its own words."""
        return words("".join(self.written))

    def said(self, path: str) -> str:
        """Return the words of the first element that a path leads to; '' if there is none."""
        return next((each.text for each in self.all(path)), "")

    def number(self, path: str) -> float | None:
        """Return its number."""
        return number(self.said(path))


def tree_of_xml(source: GivenFile) -> Element:
    """Return an XML file's root. Raise UserError with a place if it is none, or would grow when it is read.

    A bare '&', as KStars writes it, is one. No entity is declared, and nothing outside of the file is looked at.
    """
    root = Element("", 1)
    open_elements, counted = [root], 0
    parser = expat.ParserCreate("utf-8")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal counted
        counted += 1
        if counted > MOST_NODES or len(open_elements) > DEEPEST:
            raise UserError(f"{source.path}:{parser.CurrentLineNumber}: too much XML, or too deep: export a part of it")
        element = Element(tag.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def declared(*entity: object) -> None:
        raise UserError(f"{source.path}:{parser.CurrentLineNumber}: an entity is declared: remove that line")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: open_elements.pop() and None
    parser.CharacterDataHandler = lambda text: open_elements[-1].written.append(text)  # noqa: PLW0108 - it changes
    parser.EntityDeclHandler = declared
    try:
        text = re.sub(r"<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), source.text, count=1)
        parser.Parse(re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});)", "&amp;", text).encode(), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        line = getattr(error, "lineno", 1)
        raise UserError(
            f"{source.path}:{line}: no XML: {str(error).partition(':')[0]}; export the file again"
        ) from None
    return root
