"""Where a cursor stands in a document that is still being written, and so is often no YAML yet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ITEM = "*"
"""An entry of a list, in a path."""
_LINE = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>[\w-]+|'[^']*'|\"[^\"]*\") *:(?= |$))?(?P<rest>.*)")
_KIND = re.compile(r"^kind: *([a-z]+)", re.MULTILINE)
OPEN, CLOSE = "{[", "}]"
WIDEST = 30
"""Lines of one pair of brackets that are looked at."""
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being written."""

    kind: str
    """Of the document; empty if it does not say."""
    path: Path
    """The keys that lead to the value that is written, or to the mapping that gets a key."""
    is_key: bool
    typed: str
    """What stands before the cursor of the key or the value."""
    siblings: frozenset[str] = frozenset()
    """The keys that the mapping has already, before the cursor."""


def cursor(text: str, line: int, column: int) -> Cursor:
    """Return where a cursor stands. line and column count from 0."""
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    first = next((number + 1 for number in range(line, -1, -1) if _parts(lines[number])), 0)
    last = next((number for number in range(line + 1, len(lines)) if _parts(lines[number])), len(lines))
    kind = _KIND.search("\n".join(lines[first:last]))
    begin = _flow_begins(lines, first, line)
    written = " ".join([*lines[begin:line], lines[line][:column]])
    return _here(kind[1] if kind else "", lines[first:begin], written)


def _parts(line: str) -> bool:
    return line.startswith("---")


def _flow_begins(lines: Sequence[str], first: int, line: int) -> int:
    """The line in which the brackets opened that are still open before a line; itself if none are."""
    depth, begin = 0, line
    for number in range(max(first, line - WIDEST), line + 1):
        if depth and _indent(lines[number]) <= _indent(lines[begin]):  # what is nearer to the margin is outside
            depth = 0
        opened = depth
        if number == line:
            break
        for sign in _signs(lines[number]):
            depth = max(0, depth + (1 if sign in OPEN else -1))
        if depth and not opened:
            begin = number
    return begin if depth else line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _signs(line: str) -> Iterator[str]:
    return (sign for sign in re.sub(r"'[^']*'|\"[^\"]*\"|(^| )#.*", "", line) if sign in OPEN + CLOSE)


def _here(kind: str, above: Sequence[str], written: str) -> Cursor:
    found = _LINE.match(written)
    assert found is not None  # noqa: S101 - it matches every text
    column = len(found["indent"]) + len(found["dashes"])
    dashes = (ITEM,) * found["dashes"].count("-")
    path, siblings = _above(above, column if not dashes else len(found["indent"]) + 0.5)
    outer = (*path, *dashes)
    if found["key"] is None and found["rest"][:1] not in (*OPEN, "'", '"'):
        is_value = dashes and path and not siblings and found["rest"].strip() != found["rest"]
        return Cursor(kind, outer, not is_value, found["rest"].strip(), frozenset() if dashes else siblings)
    here = (*outer, found["key"].strip("'\"")) if found["key"] else outer
    return _inside(kind, here, found["rest"].lstrip())


def _above(lines: Sequence[str], column: float) -> tuple[Path, frozenset[str]]:
    """The keys above a column, the outermost first, and those that stand beside it."""
    path: list[str] = []
    siblings: set[str] = set()
    begin = column
    for line in reversed(lines):
        found = _LINE.match(line)
        if found is None or not line.strip() or line.lstrip().startswith("#"):
            continue
        dash, inner = len(found["indent"]), len(found["indent"]) + len(found["dashes"])
        if found["key"] and inner == begin and not path:
            siblings.add(found["key"])
        if found["key"] and inner < column:
            path.append(found["key"].strip("'\""))
            column = inner
        if found["dashes"] and inner == column and dash < column:
            path += [ITEM] * found["dashes"].count("-")
            column = dash + 0.5  # a list may stand as far left as its key
    return tuple(reversed(path)), frozenset(siblings)


def _inside(kind: str, path: Path, value: str) -> Cursor:
    """Where the end of a value stands, which may have brackets."""
    stack: list[tuple[str, Path, set[str]]] = []
    here, word, quote = path, "", ""
    for sign in value:
        if quote:
            quote = "" if sign == quote else quote
            word += sign
        elif sign in "'\"" and not word.strip():
            quote, word = sign, word + sign
        elif sign in OPEN:
            here = (*here, ITEM) if sign == "[" else here
            stack.append((sign, here, set()))
            word = ""
        elif sign in CLOSE and stack:
            stack.pop()
            here, word = (stack[-1][1] if stack else path), ""
        elif sign == "," and stack:
            here, word = stack[-1][1], ""
        elif sign == ":" and stack and stack[-1][0] == "{" and here == stack[-1][1]:
            stack[-1][2].add(word.strip().strip("'\""))
            here, word = (*here, word.strip().strip("'\"")), ""
        else:
            word += sign
    is_key = bool(stack) and stack[-1][0] == "{" and here == stack[-1][1]
    return Cursor(kind, here, is_key, word.strip().lstrip("'\""), frozenset(stack[-1][2] if stack else ()))
