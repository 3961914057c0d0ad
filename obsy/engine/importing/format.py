"""A format: how a file of it is told, and the function that yields its targets."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Leftover, Wish

LINES = "lines as it has them, after those that name columns"
"""What becomes a plan of a file without names for that."""
Reading = Callable[[GivenFile], Iterator[Wish | Leftover]]


class Format(NamedTuple):
    """A format, and who reads it."""

    called: str
    """What people call it."""
    told_by: str
    """What only such a file contains: a regular expression."""
    seeks: str
    """What becomes a plan."""
    nothing: str
    """What is not told though nobody asks for it, a name and its words: a regular expression."""
    because: Mapping[str, str]
    """Why something is not carried over, by its name."""
    read: Reading


def reads(
    called: str, told_by: str, seeks: str, nothing: str = "", because: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Reading], Format]:
    """Make a function the reader of a format."""
    return lambda read: Format(called, told_by, seeks, nothing, because, read)
