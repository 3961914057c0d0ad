"""A folder on a disk that refuses, whoever asks: a test that runs as root may enter every other."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CALLS = (
    (os, "stat"),
    (os, "lstat"),
    (os, "open"),
    (os, "mkdir"),
    (os, "unlink"),
    (os, "scandir"),
    (os, "listdir"),
    (io, "open"),
)


def refuses(mocked: pytest.MonkeyPatch, folder: Path, code: int) -> None:
    """Let everything in a folder be answered by an error of the system."""
    for where, name in CALLS:
        mocked.setattr(
            where, name, _refusing(getattr(where, name), folder, code, itself=name in ("scandir", "listdir"))
        )


def _refusing(call: Callable[..., Any], folder: Path, code: int, *, itself: bool) -> Callable[..., Any]:
    def asked(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
        if isinstance(path, str | os.PathLike):
            found = Path(os.fspath(path))
            if folder in found.parents or (itself and found == folder):
                raise OSError(code, os.strerror(code), str(path))
        return call(path, *args, **kwargs)

    return asked
