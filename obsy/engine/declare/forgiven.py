"""A plan as if what is wrong with it were mended or gone, so that its faults of sense are told at once with it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from pydantic import ValidationError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from obsy.engine.declare.written import Loc, Written
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document

UNITS = {"no-unit", "unknown-unit"}
"""What is wrong with a quantity whose number is well."""
HOURS = {"ra"}
"""What bare numbers are degrees of, or hours: nobody knows."""
LACKING = dict.fromkeys(("name", "pipeline", "target"), "unknown")
"""What stands for a key that a plan must have, and of which nothing is left: nothing is looked up by these."""
LISTS, CONDITIONS = ("want", "targets"), "when"
"""Of these an entry that is wrong is left out; the rest of them is looked at."""
ALIKE = {"target": ("targets",), "targets": ("target",)}
"""Of these a plan has one."""
STRICTER = ("when", "sun")
"""Left out, it would ask for more than it may have said: a darker sky."""
ATTEMPTS = 4
"""What is mended, and then left out, may show another fault."""


def forgiven(written: Written) -> tuple[Document, Written] | None:
    """Return a plan with its unknown keys mended or gone, its bare numbers in the units that were proposed, and without
    the goals, targets, conditions and keys that are wrong otherwise; None if no goal is left.
    """
    model = KINDS[written.kind]
    *_, written = readings(written)
    value = deepcopy(written.value)
    kept = {key: list(range(len(entries))) for key in LISTS if isinstance(entries := value.get(key), list)}
    for attempt in range(ATTEMPTS):
        try:
            return model.model_validate(value), _without(written, kept)
        except ValidationError as error:
            errors = error.errors(include_url=False)
        for detail in errors if attempt == 0 else ():
            _mend(value, detail)
        if attempt > 0:
            _cut(value, errors, kept)
            value = {key: said for key, said in LACKING.items() if key != "target" or not value.get("targets")} | value
    return None


def readings(written: Written) -> Iterator[Written]:
    """Yield a plan with its keys as they were meant, again for those within them, then with its values in shape (a
    goal alone in a list, conditions in a list as a mapping), and with the keys within those.
    """
    for has_shape in (False, False, True, False):
        value, root = _rebuilt("", written.value, written.root, (), _Meaning(_renamed(written), has_shape))
        written = Written(root, value)
        yield written


class _Meaning(NamedTuple):
    keys: Mapping[Loc, str]
    """Where unknown keys stand, and those that were meant."""
    has_shape: bool
    """Whether values are to be put in shape."""


def _renamed(written: Written) -> dict[Loc, str]:
    """Where unknown keys stand, and those that were meant."""
    try:
        KINDS[written.kind].model_validate(written.value)
    except ValidationError as error:
        wrong = [each for each in error.errors(include_url=False) if each.get("ctx", {}).get("code") == "unknown-key"]
        found = ((_within(written.value, each["loc"]), each["ctx"]["meant"]) for each in wrong)
        return {loc: known for loc, known in found if known}
    return {}


def _within(part: Any, loc: Loc) -> Loc:
    """A place without the steps that a document does not have, as a union's tags."""
    found: list[str | int] = []
    for step in loc:
        if step in part if isinstance(part, dict) else isinstance(part, list) and step in range(len(part)):
            part = part[step]
            found.append(step)
    return tuple(found)


def _rebuilt(name: str, said: Any, node: Node, at: Loc, meant: _Meaning) -> tuple[Any, Node]:
    """What a key says, and its node, with all keys within as they were meant, and values in their shape."""
    marks = node.start_mark, node.end_mark
    if isinstance(node, MappingNode) and isinstance(said, dict):
        value, pairs = dict[str, Any](), []
        for key, part in node.value:
            called = meant.keys.get((*at, key.value), key.value)
            if meant.has_shape and called == "target" and isinstance(part, SequenceNode):
                called = "targets"
            if called in value or {called, *ALIKE.get(called, ())} & said.keys() - {key.value}:
                called = key.value
            value[called], built = _rebuilt(called, said[key.value], part, (*at, key.value), meant)
            pairs.append((ScalarNode(key.tag, called, key.start_mark, key.end_mark), built))
        said, node = value, MappingNode(node.tag, pairs, *marks)
    elif isinstance(node, SequenceNode) and name in (*LISTS, CONDITIONS):
        both = [_rebuilt("", said[n], part, (*at, n), meant) for n, part in enumerate(node.value)]
        said, node = [value for value, _ in both], SequenceNode(node.tag, [part for _, part in both], *marks)
    return _in_shape(name, said, node) if meant.has_shape else (said, node)


def _in_shape(key: str, said: Any, node: Node) -> tuple[Any, Node]:
    """What a key says, and its node, as they would be without brackets too many, or too few, or a name too many."""
    marks = node.start_mark, node.end_mark
    if key == "want" and isinstance(node, MappingNode) and {"filter", "exposure"} & said.keys():
        return [said], SequenceNode(node.tag, [node], *marks)
    if key == CONDITIONS and isinstance(node, SequenceNode) and all(isinstance(each, dict) for each in said):
        together = MappingNode(node.tag, [pair for each in node.value for pair in each.value], *marks)
        return {name: value for each in said for name, value in each.items()}, together
    if key == "target" and isinstance(said, dict) and {"name", "ra", "dec"} <= said.keys():
        place = MappingNode(node.tag, [pair for pair in node.value if pair[0].value != "name"], *marks)
        return {name: value for name, value in said.items() if name != "name"}, place
    return said, node


def _mend(part: Any, detail: Mapping[str, Any]) -> None:
    """Mend one error in what a document says, if it is of a kind that is forgiven."""
    *steps, key = detail["loc"] or detail.get("ctx", {}).get("at") or ("",)
    for step in steps:
        if isinstance(step, int) if isinstance(part, list) else isinstance(part, dict) and step in part:
            if isinstance(part[step], str):  # a phrase
                key = step
                break
            part = part[step]  # a union's tag is no step
    if not isinstance(part, dict) or key not in part:  # a mapping that is used twice is mended once
        return
    code, meant, said = detail.get("ctx", {}).get("code"), detail.get("ctx", {}).get("meant", ""), str(detail["input"])
    number, _, unit = meant.partition(" ")
    if code == "unknown-key":
        found = part.pop(key)
        part |= {meant: found} if meant else {}
    elif code in UNITS and key not in HOURS and unit:
        part[key] = _with_unit(str(part[key]), said.strip(), f"{number} {'h' if key == 'total' else unit}")
    elif code == "bad-name" and meant:
        part[key] = meant


def _with_unit(text: str, said: str, meant: str) -> str:
    """Put a quantity into a text, in the place of what is said there, if it is not there already."""
    behind = re.escape(meant.removeprefix(said)) if meant.startswith(said) else "$^"
    return re.sub(rf"(?<![\d.,]){re.escape(said)}(?![\w.,])(?!{behind})", meant, text, count=1)


def _cut(value: dict[str, Any], errors: Iterable[Mapping[str, Any]], kept: Mapping[str, list[int]]) -> None:
    """Leave out what is wrong: a goal, a target or a condition whole, for a part of it may say how much it allows."""
    wrong = {_whole((*detail["loc"], *detail.get("ctx", {}).get("at", ()))) for detail in errors} - {STRICTER}
    for key, *entry in sorted(wrong, key=lambda loc: [isinstance(step, int) and step for step in loc], reverse=True):
        entries = value.get(key)
        if not entry:
            value.pop(key, None)
        elif isinstance(entries, list) and isinstance(entry[0], int):
            del entries[entry[0]]
            if key in kept:  # else it has another name in the file
                del kept[key][entry[0]]
        elif isinstance(entries, dict):
            entries.pop(entry[0], None)


def _whole(loc: Loc) -> tuple[Any, ...]:
    if loc[:1] and loc[0] in LISTS:
        return (loc[0], *[step for step in loc[1:3] if isinstance(step, int)][:1])  # a union's tag is no step
    return loc[:2] if loc[:1] == (CONDITIONS,) else loc[:1] or ("",)


def _without(written: Written, kept: Mapping[str, list[int]]) -> Written:
    """The document as if it had been written without the entries of its lists that are left out."""
    said = {key: [written.value[key][number] for number in numbers] for key, numbers in kept.items()}  # type: ignore[index]
    pairs = [
        (key, SequenceNode(node.tag, [node.value[n] for n in kept[key.value]], node.start_mark, node.end_mark))
        if key.value in kept and isinstance(node, SequenceNode)
        else (key, node)
        for key, node in written.root.value
    ]
    root = MappingNode(written.root.tag, pairs, written.root.start_mark, written.root.end_mark)
    return Written(root, {**written.value, **said})
