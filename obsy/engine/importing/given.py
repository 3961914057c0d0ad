"""A file to be imported: its text, what lies beside it, and its tree, read so that nothing in it can do harm."""

import json
import lzma
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from obsy.engine.importing.trees import Part, tree_of_json, tree_of_xml
from obsy.errors import UserError

MOST_BYTES = 32_000_000
_DAMAGED = (NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """One file."""

    path: Path
    text: str
    refused: str = ""
    """Why it has no text."""
    trees: list[Part] = field(default_factory=list)
    """Its trees, as far as they were read."""

    def json(self) -> Part:
        """Return the root of a JSON file. Raise UserError with a place if it is none."""
        self.trees.append(root := tree_of_json(self.text, self.path))
        return root

    def xml(self) -> Part:
        """Return the root of an XML file. Raise UserError with a place if it is none, or would do harm."""
        self.trees.append(root := tree_of_xml(self.text, self.path))
        return root

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
