"""A file's text becomes its documents as YAML nodes, each of which knows its place, or a complaint."""

import re
from contextlib import suppress
from functools import lru_cache
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.written import STRANGE, Origin

try:
    from obsy.engine.declare.libyaml import quick
except ImportError:  # there is no wheel of ruamel.yaml.clib for this machine
    quick = None  # type: ignore[assignment]

_KEPT = 4096
"""Files whose nodes are kept, each as it was read last."""


class NamedText(StringIO):
    """A text that tells its marks where it comes from."""

    def __init__(self, text: str, source: Origin) -> None:
        super().__init__(text)
        self.name = source


def nodes(text: str, source: Origin) -> list[Node]:
    """The root of each document: by libyaml if it can, else by ruamel's own Python, whose errors are raised."""
    if quick is not None:
        with suppress(YAMLError):
            return [_own(node) for node in _quickly(text, source)]
    return thorough(NamedText(text, source))


def _quickly(text: str, source: Origin) -> list[Node]:
    """Read once what an editor, or a night, asks for again and again while another file changes."""
    last = _last(source)
    for said, read in tuple(last):
        if said == text:
            return read
    read = quick(NamedText(text, source))
    last[:] = [(text, read)]
    return read


@lru_cache(maxsize=_KEPT)
def _last(_source: Origin) -> list[tuple[str, list[Node]]]:
    """The place for what a file said when it was read last, and its nodes; empty before that."""
    return []


def _own(node: Node) -> Node:
    """Return a node whose parts whoever asked for it may replace; words are shared with all who read the same."""
    if isinstance(node, MappingNode):
        pairs = [(_own(key), _own(value)) for key, value in node.value]
        return MappingNode(node.ctag, pairs, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, SequenceNode):
        parts = [_own(each) for each in node.value]
        return SequenceNode(node.ctag, parts, node.start_mark, node.end_mark, node.flow_style)
    return node


def thorough(text: NamedText) -> list[Node]:
    """What ruamel's own Python reads."""
    return list(YAML(typ="safe", pure=True).compose_all(text))


_OTHER_YAML = re.compile(r"^%YAML\s+(?!1\.2\b)(\S*)", re.MULTILINE)
_CURES = (
    ("mapping values are not allowed", "put quotes around a value that holds ': ', and check the indentation"),
    ("could not find expected ':'", "write 'key: value'"),
    ("expected <block end>", "give keys of one mapping the same indentation"),
    ("undefined alias", "put quotes around the value; or define the anchor with '&' before it is used"),
    ("but got '}'", "remove the }, or write { where it begins"),
    ("but got ']'", "remove the ], or write [ where it begins"),
    ("node content, but found ','", "remove the comma, or write what stands before it"),
    ("cannot start any token", "put quotes around the value"),
)
QUOTES = "\"'"
CLOSE = {"[": "]", "{": "}"}


def compose(text: str, source: Origin) -> list[Node] | Diagnostic:
    """One node for each document that says anything, or the first thing that is no YAML."""
    found = _composed(text, source)
    if isinstance(found, Diagnostic):
        return found._replace(mark=found.mark._replace(via=source.via))
    return [node for node in found if node is not None and node.tag != "tag:yaml.org,2002:null"]


def _composed(text: str, source: Origin) -> list[Node] | Diagnostic:
    file = source.file
    if other := _OTHER_YAML.search(text):
        mark = Mark(file, text.count("\n", 0, other.start()) + 1)
        return Diagnostic(mark, "other-yaml", f"'%YAML {other.group(1)}'", "YAML 1.2", "remove the line")
    try:
        return nodes(text, source)
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
    for number in range(max(line - 1, 0), min(line + 1, len(lines))):
        if strange := re.search(STRANGE, lines[number]):
            words = (
                f"the character U+{ord(strange[0]):04X}, which is no blank",
                "a blank",
                "type a blank in its place",
            )
            return Diagnostic(Mark(file, number + 1, strange.start() + 1), "not-yaml", *words)
    if (opened := _never_closed(error, lines, (line, column))) is not None:
        begins, sign = opened
        words = (f"no end of what begins with {sign}", "YAML 1.2", f"write {CLOSE.get(sign, sign)} where it ends")
        return Diagnostic(Mark(file, *begins), "not-yaml", *words)
    problem = _first_line(error.problem or error.context or "it cannot be read")
    if "mapping values are not allowed" in problem or "could not find expected ':'" in problem:
        for number in range(line, max(line - 3, -1), -1):
            if number < len(lines) and (told := _no_key(lines[number], is_last=number == line)) is not None:
                return Diagnostic(Mark(file, number + 1, told[0]), "not-yaml", *told[1])
    return Diagnostic(
        Mark(file, line + 1, column + 1), "not-yaml", problem, "YAML 1.2", _cure(error, lines, line, problem)
    )


_SLIPS = (
    (r"( *(?:- +)?)(\w+):([^\s:].*)$", "no blank after the colon", "write '{1}: {2}'"),
    (r"( *(?:- +)?)(\w+) *= *(.+)$", "'=' after a key", "write '{1}: {2}'"),
    (r"( *)-([{\w].*)$", "no blank after the dash", "write '- {1}'"),
)
"""What is taken for a text that goes on in the next line."""
_TEXT = r"( *)([^\s#:-][^:#]*)$"


def _no_key(line: str, *, is_last: bool) -> tuple[int, tuple[str, str, str]] | None:
    """Return the column of a slip that makes a key no key, and the words for it; None if the line has none."""
    for slip, found, cure in _SLIPS:
        if match := re.match(slip, line):
            before, *said = match.groups()
            return len(before) + 1, (found, "a key, a colon, a blank and the value", cure.format(before, *said))
    match = re.match(_TEXT, line) if not is_last else None
    if match is None:
        return None
    mend = "write ':' after the key; or indent the line, if it goes on with the one before"
    words = (f"'{match[2].strip()}' without a colon", "a key with its value, or text that is indented", mend)
    return len(match[1]) + 1, words


def _cure(error: MarkedYAMLError, lines: list[str], line: int, problem: str) -> str:
    from obsy.engine.declare import hole  # noqa: PLC0415 - only what is amiss needs it

    opened, stopped = error.context_mark, error.problem_mark
    if stopped is not None and (name := hole.at(lines[line] if line < len(lines) else "", stopped.column)):
        return f"write '${name}' if a value is to stand there; else put quotes around it"
    sign = lines[opened.line][opened.column : opened.column + 1] if opened is not None and opened.line < line else ""
    if opened is not None and sign and sign in CLOSE:
        return f"write ',' between two entries, or {CLOSE[sign]} where the {sign} in line {opened.line + 1} ends"
    return next((cure for sign, cure in _CURES if sign in problem), "mend what stands here, or just before it")


def _never_closed(
    error: MarkedYAMLError, lines: list[str], place: tuple[int, int]
) -> tuple[tuple[int, int], str] | None:
    """Return a quote or a bracket that is closed nowhere, or by the sign that opens another, and where it stands.

    place: line and column of the error, from 0; None if it is of another kind.
    """
    line, column = place
    if error.context_mark is not None and not "\n".join(lines[line:])[column:].strip():
        opened = (error.context_mark.line, error.context_mark.column)
    else:
        sign = lines[line][column - 1 : column] if line < len(lines) else ""
        odd = [number for number in range(line) if sign and sign in QUOTES and lines[number].count(sign) % 2]
        opened = (odd[-1], lines[odd[-1]].index(sign)) if odd else (0, -1)
    sign = lines[opened[0]][opened[1] : opened[1] + 1]
    return ((opened[0] + 1, opened[1] + 1), sign) if sign and sign in (*QUOTES, *CLOSE) else None


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "it cannot be read")


_TAG = "tag:yaml.org,2002:"
_LONGEST = 300
"""Python refuses to read numbers of thousands of digits."""
_CONSTRUCTOR = YAML(typ="safe", pure=True).constructor
_CONSTRUCT = {
    _TAG + "null": _CONSTRUCTOR.construct_yaml_null,
    _TAG + "bool": _CONSTRUCTOR.construct_yaml_bool,
    _TAG + "int": _CONSTRUCTOR.construct_yaml_int,
    _TAG + "float": _CONSTRUCTOR.construct_yaml_float,
}


def scalar(node: ScalarNode, tag: str) -> object:
    """Return what a node of this tag says: text, a number, true, false or nothing.

    Dates stay text: a moment has a zone, which YAML's do not promise.

    Raise ValueError if the text is not what its tag says.
    """
    construct = _CONSTRUCT.get(tag)
    if construct is None:
        return str(node.value)
    if len(node.value) > _LONGEST:
        raise ValueError(node.value[:20])
    try:
        value: object = construct(node)
    except LookupError as fault:
        raise ValueError(node.value) from fault
    return value
