"""YAML nodes from libyaml, a tenth of the time of ruamel's own Python (python -m bench libraries), where both agree.

Importing this fails where ruamel.yaml.clib is not installed.
"""

import re
from functools import cache
from io import StringIO

from ruamel.yaml.cyaml import CSafeLoader
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.resolver import Resolver
from ruamel.yaml.tag import Tag

MOOT = re.compile(r"[\t\r\x85\u2028\u2029\ufeff!?|>&]|^%|^\.\.\.|^---.|[}\]]\s*:", re.MULTILINE)
"""Where YAML 1.1, which libyaml reads, may differ from 1.2: odd blanks, tags, anchors, blocks of text, directives."""
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
    if MOOT.search(text.getvalue()):
        raise UnsureError
    loader, found = _Loader(text), []
    while loader.check_node():
        found.append(loader.get_node())
    return found


@cache
def _tag(kind: object, value: str | None, implicit: object) -> Tag:
    """What YAML 1.2 makes of a value; an empty one stands at another place in 1.1."""
    if value == "":
        raise UnsureError
    tag: Tag = _RULES.resolve(kind, value, implicit)
    return tag
