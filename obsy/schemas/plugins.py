"""pydantic without plugins: to learn that there are none, it would read of every installed package at each start."""

import importlib
import os
import sys
from types import ModuleType
from typing import Any

SWITCH = "PYDANTIC_DISABLE_PLUGINS"
FINDER = "pydantic.plugin._loader"


class NoPlugins(ModuleType):
    """In the place of pydantic's finder, which imports email and zipfile before it looks at its own switch."""

    def get_plugins(self) -> tuple[()]:
        """All that pydantic asks of it."""
        return ()

    def __getattr__(self, name: str) -> Any:
        """Should a later pydantic ask for more, its own finder answers."""
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(FINDER, None)
        return getattr(importlib.import_module(FINDER), name)


def leave_out() -> None:
    """Switch them off, unless the environment says which are wanted."""
    if os.environ.setdefault(SWITCH, "__all__") == "__all__":
        sys.modules.setdefault(FINDER, NoPlugins(FINDER))
