"""YAML text becomes nodes: by libyaml where that is sure to say the same as ruamel's own Python, which takes far longer."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import Node, ScalarNode

try:
    from ruamel.yaml.cyaml import CSafeLoader
except ImportError:  # ruamel.yaml.clib has no wheel for this machine
    CSafeLoader = None

_MOOT = re.compile(r"[\t\r\x85\u2028\u2029\ufeff!?|>&]|^%|^\.\.\.|^---.|[}\]]\s*:", re.MULTILINE)
"""Where YAML 1.1, which libyaml reads, may differ from 1.2: odd blanks, tags, anchors, blocks of text, directives."""


class _Named(StringIO):
    """A text that tells its marks which file it comes from."""

    def __init__(self, text: str, name: str) -> None:
        """Begin at the top."""
        super().__init__(text)
        self.name = name


class _Unsure(Exception):
    """libyaml may have read this otherwise."""


def nodes(text: str, file: str) -> list[Node | None]:
    """The root of each document. Raises what ruamel raises where the text is no YAML."""
    if CSafeLoader is not None and not _MOOT.search(text):
        try:
            return list(quick(text, file))
        except Exception:  # noqa: BLE001, S110 - it refuses some good YAML, such as `{at: 23:40}`, and says less of bad
            pass
    return thorough(text, file)


def quick(text: str, file: str) -> Iterator[Node | None]:
    """What libyaml reads."""
    loader = _sure(_Named(text, file))
    while loader.check_node():
        yield loader.get_node()


def thorough(text: str, file: str) -> list[Node | None]:
    """What ruamel's own Python reads."""
    return list(YAML(typ="safe", pure=True).compose_all(_Named(text, file)))
