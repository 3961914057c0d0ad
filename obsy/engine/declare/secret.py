"""`!secret name`: kept in secrets.yaml or the environment, and never printed."""

import os
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, ScalarNode

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.compose import compose
from obsy.engine.declare.folders import SECRETS
from obsy.engine.declare.text import text_of
from obsy.engine.declare.written import Origin


class Secrets:
    """The secrets of one observatory, read when the first is asked for."""

    def __init__(self, root: Path) -> None:
        """root: of the observatory."""
        self._root = root
        self._known: dict[str, str] | None = None

    def tell(self, name: str) -> str | None:
        """The secret of that name: `OBSY_NAME` in the environment, else its line in secrets.yaml, else None.

        Raise PermissionError if it would come from a file that others than its owner may read or write.
        """
        if (told := os.environ.get(variable(name))) is not None:
            return told
        path = self._root / SECRETS
        if self._known is None:
            if path.is_file() and path.stat().st_mode & 0o077:
                raise PermissionError(f"chmod 600 {path}")
            self._known = _read(path)
        return self._known.get(name)


def variable(name: str) -> str:
    """The environment variable that a secret may stand in."""
    return "OBSY_" + name.upper().replace("-", "_")


def _read(path: Path) -> dict[str, str]:
    text = text_of(path, SECRETS) if path.is_file() else ""
    nodes = compose(text, Origin(SECRETS)) if isinstance(text, str) else []
    if isinstance(nodes, Diagnostic) or not nodes or not isinstance(nodes[0], MappingNode):
        return {}
    return {str(k.value): str(v.value) for k, v in nodes[0].value if isinstance(v, ScalarNode)}
