"""Whole outputs kept as files, renewed by `OBSY_RENEW=1` and read as a diff; CI does not renew (tests/conftest.py)."""

import os
from pathlib import Path


def assert_golden(told: str, golden: Path) -> None:
    """Fail unless `told` is what the file holds; with OBSY_RENEW the file is written first."""
    if os.environ.get("OBSY_RENEW"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")
