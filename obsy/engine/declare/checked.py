"""What is said of an observatory's files."""

from collections.abc import Mapping
from typing import NamedTuple

from obsy.diagnostics import Diagnostic


class Checked(NamedTuple):
    """What is said of one observatory."""

    complaints: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    kinds: Mapping[str, int]
    """How many documents there are of each kind."""
    files: int
