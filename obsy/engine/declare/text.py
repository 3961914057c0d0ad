"""A file's text, or why there is none."""

from collections.abc import Callable
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark

Texts = Callable[[Path, str], str | Diagnostic]
"""The text of a path, or why there is none; the second is how a person calls it."""


def text_of(path: Path, file: str, noted: dict[str, bytes] | None = None) -> str | Diagnostic:
    """The file's text, or why there is none; `file` is how the person calls it.

    noted: gets the content, under that name.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        return Diagnostic(
            Mark(file),
            "unreadable",
            f"'{file}': {why}",
            "a file that can be read",
            "see that it is there, and that you may read it",
        )
    if noted is not None:
        noted[file] = content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", errors="replace")
        mark = Mark(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        found = f"the byte 0x{content[error.start]:02x}"
        return Diagnostic(mark, "not-utf-8", found, "text in UTF-8", "save the file as UTF-8 in your editor")
