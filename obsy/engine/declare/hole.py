"""A hole that a value is to fill, as other programs spell it: here it is `$ra`."""

import re
from collections.abc import Collection

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from obsy.engine.declare.written import is_empty

WORD = r"[A-Za-z_]\w*"


def elsewhere(*names: str) -> str:
    """Return the expression of such a hole; its name is the group of that which matched.

    names: those that are known; else any, where nothing else can be meant.
    """
    name = f"({'|'.join(names) or WORD})"
    return "|".join(
        (rf"\{{+ *{name} *\}}+", rf"<+ *{name} *>+", rf"%{name}%", rf"\$\( *{name} *\)", rf"\$\{{{name}\}}")
    )


def at(line: str, column: int) -> str:
    """Return the name of the hole at which YAML stopped, or just before it; '' if there is none."""
    for found in re.finditer(elsewhere(), line):
        if found.start() <= column <= found.end():
            return next(str(name) for name in found.groups() if name)
    return ""


def bare(node: Node, names: Collection[str] = ()) -> str:
    """Return the name in braces without quotes, `{ra}` or `{{ ra }}`, a mapping to YAML; '' if it is none."""
    if not isinstance(node, MappingNode) or len(node.value) != 1 or not is_empty(node.value[0][1]):
        return ""
    key = node.value[0][0]
    if not isinstance(key, ScalarNode):
        return bare(key, names)
    return str(key.value) if key.value in names or not names else ""
