"""YAML text becomes nodes, each of which knows its place: by libyaml if it can, else by ruamel's own Python."""

from contextlib import suppress
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node

try:
    from obsy.engine.declare.libyaml import quick
except ImportError:  # there is no wheel of ruamel.yaml.clib for this machine
    quick = None  # type: ignore[assignment]


class NamedText(StringIO):
    """A text that tells its marks which file it comes from."""

    def __init__(self, text: str, name: str) -> None:
        """Begin at the top."""
        super().__init__(text)
        self.name = name


def nodes(text: str, file: str) -> list[Node]:
    """The root of each document. Raises what ruamel's own Python raises where the text is no YAML."""
    if quick is not None:
        with suppress(YAMLError):
            return quick(NamedText(text, file))
    return thorough(NamedText(text, file))


def thorough(text: NamedText) -> list[Node]:
    """What ruamel's own Python reads."""
    return list(YAML(typ="safe", pure=True).compose_all(text))
