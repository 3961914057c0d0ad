"""YAML nodes from libyaml, a tenth of the time of ruamel's own Python (python -m bench libraries), where both agree.

Importing this fails where ruamel.yaml.clib is not installed.
"""

import re
from functools import cache
from io import StringIO

from ruamel.yaml.cyaml import CSafeLoader
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode
from ruamel.yaml.resolver import Resolver
from ruamel.yaml.tag import Tag

MOOT = re.compile(
    r"[\t\r\x85\u2028\u2029\ufeff?|>&]|!(?!(?:include|secret)[ \n])|^%|^\.\.\.|^---.|[}\]]\s*:", re.MULTILINE
)
"""Where YAML 1.1, which libyaml reads, may differ from 1.2: odd blanks, tags, anchors, blocks of text, directives."""
CLOCK = re.compile(r"(?<=\d):(?=\d)")
COLON = "\ue000"
"""Stands for the colon of '02:00', which libyaml refuses between brackets."""
DEEPEST = 100
"""libyaml does not notice when values nest too deep for the machine."""
_RULES = Resolver()


class UnsureError(YAMLError):
    """Python may read this otherwise, or refuse it."""


class _Loader(CSafeLoader):
    """libyaml, which asks here about each value before it makes the node."""

    _depth = 0

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """One value deeper."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnsureError

    def ascend_resolver(self) -> None:
        """One value up again."""
        self._depth -= 1

    def resolve(self, kind: object, value: str | None, implicit: object) -> Tag:
        """The tag of a value that bears none."""
        return _tag(kind, value, implicit)


def quick(text: StringIO) -> list[Node]:
    """The root of each document. Raises YAMLError where it is no YAML or Python may differ."""
    said = text.getvalue()
    if MOOT.search(said):
        raise UnsureError
    if has_clocks := CLOCK.search(said) is not None and COLON not in said:
        text.seek(0)
        text.write(CLOCK.sub(COLON, said))
        text.seek(0)
    loader, found = _Loader(text), []
    while loader.check_node():
        found.append(loader.get_node())
    return [_with_colons(node) for node in found] if has_clocks else found


def _with_colons(node: Node) -> Node:
    if isinstance(node, ScalarNode):
        node.value = node.value.replace(COLON, ":")
    for part in node.value if isinstance(node, CollectionNode) else ():
        for each in part if isinstance(part, tuple) else (part,):
            _with_colons(each)
    return node


@cache
def _tag(kind: object, value: str | None, implicit: object) -> Tag:
    """What YAML 1.2 makes of a value; an empty one stands at another place in 1.1."""
    if value == "":
        raise UnsureError
    tag: Tag = _RULES.resolve(kind, value and value.replace(COLON, ":"), implicit)
    return tag
