"""What may be written: frozen pydantic models, one file a noun; nothing here acts."""

import os
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

LIST = "importlib.metadata"


def _without_plugins() -> None:
    """Have pydantic find no plugins of its own, and not load Python's list of packages, a tenth of a start, to see so.

    The finder alone is loaded with an empty list in the list's place.
    """
    if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") == "__all__" and LIST not in sys.modules:
        sys.modules[LIST] = cast(Any, SimpleNamespace(entry_points=tuple))
        try:
            import_module("pydantic.plugin._loader")
        except ImportError:
            pass  # another pydantic finds them otherwise, and slower
        finally:
            del sys.modules[LIST]


_without_plugins()
