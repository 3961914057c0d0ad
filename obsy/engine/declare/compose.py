"""A file's text becomes its documents as YAML nodes, each of which knows its place, or a complaint."""

import re

from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.nodes import nodes

_OTHER_YAML = re.compile(r"^%YAML\s+(?!1\.2\b)(\S*)", re.MULTILINE)
_CURES = (
    ("mapping values are not allowed", "put quotes around a value that holds ': ', and check the indentation"),
    ("could not find expected ':'", "write 'key: value'"),
    ("expected <block end>", "give keys of one mapping the same indentation"),
    ("undefined alias", "define the anchor with '&' before it is used"),
    ("cannot start any token", "put quotes around the value"),
)


def compose(text: str, file: str) -> list[Node] | Diagnostic:
    """One node for each document that says anything, or the first thing that is no YAML."""
    if other := _OTHER_YAML.search(text):
        mark = Mark(file, text.count("\n", 0, other.start()) + 1)
        return Diagnostic(mark, "other-yaml", f"'%YAML {other.group(1)}'", "YAML 1.2", "remove the line")
    try:
        found = nodes(text, file)
    except ReaderError as error:
        return _unprintable(error, text, file)
    except MarkedYAMLError as error:
        return _no_yaml(error, text, file)
    except (YAMLError, ValueError, IndexError, TypeError, AttributeError, AssertionError, KeyError) as error:
        # ruamel fails on some nonsense with errors that are not its own
        return Diagnostic(
            Mark(file), "not-yaml", _first_line(error), "YAML 1.2", "look for a stray sign, such as '%' or '!'"
        )
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda line: lines[line].count("[") + lines[line].count("{"))
        words = ("hundreds of brackets inside one another", "a dozen at the most", "take most of them away")
        return Diagnostic(Mark(file, deepest + 1), "too-deep", *words)
    return [node for node in found if node is not None and node.tag != "tag:yaml.org,2002:null"]


def _unprintable(error: ReaderError, text: str, file: str) -> Diagnostic:
    before = text[: error.position]
    mark = Mark(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    found = f"the character U+{ord(text[error.position]):04X}" if error.position < len(text) else "a strange character"
    return Diagnostic(mark, "not-yaml", found, "characters that can be seen", "remove it")


def _no_yaml(error: MarkedYAMLError, text: str, file: str) -> Diagnostic:
    place: StringMark | None = error.problem_mark or error.context_mark
    line, column = (place.line, place.column) if place is not None else (0, 0)
    lines = text.split("\n")
    said = lines[line] if line < len(lines) else ""
    before = said[: column + 1]
    if before.endswith("\t") or ("\t" in before and not before.strip(" \t-:")):
        mark = Mark(file, line + 1, before.index("\t") + 1)
        return Diagnostic(
            mark, "tab", "a tab", "blanks: YAML is indented with nothing else", "write two blanks for each tab"
        )
    problem = _first_line(error.problem or error.context or "it cannot be read")
    cure = next((cure for sign, cure in _CURES if sign in problem), "mend what stands here, or just before it")
    return Diagnostic(Mark(file, line + 1, column + 1), "not-yaml", problem, "YAML 1.2", cure)


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "it cannot be read")
