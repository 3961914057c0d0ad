"""Which lines of the modules that decide a test runs."""

import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

Line = tuple[str, int]
"""A line of a file."""


class Tracer:
    """Notes the lines of some modules that are run while it is entered, in every thread."""

    def __init__(self, copy: Path, sources: Iterable[str]) -> None:
        self.files = {str(copy / path): path for path in sources}
        self.seen: set[Line] = set()

    def __enter__(self) -> None:
        threading.settrace(self.enters)
        sys.settrace(self.enters)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]

    def enters(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Look only into the modules that count."""
        return self.runs if frame.f_code.co_filename in self.files else None

    def runs(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Note a line."""
        self.seen.add((self.files[frame.f_code.co_filename], frame.f_lineno))
        return self.runs

    def taken(self) -> set[Line]:
        """What was seen since the last time."""
        seen, self.seen = self.seen, set()
        return seen
