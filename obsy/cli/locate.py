"""Finds what a verb is about: the data root that was written last, and its nights."""

import warnings
from datetime import date
from pathlib import Path

import click

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import read
from obsy.schemas.site import Site

FIRST, LAST = date(1961, 1, 1), date(2099, 12, 31)
"""UTC begins with 1960; the leap seconds of the next century are anyone's guess."""


at_site = click.option("--site", metavar="NAME", help="Which site is meant; needed only where several are declared.")
"""The option of every verb that is about one site."""


def data_root_of(root: Path, site: Site, simulated: bool | None) -> DataRoot:
    """The data root that was asked for; without one, the one whose journal was written last.

    Where no night has been, the one that has frames brought in, or the simulated one.
    """
    if simulated is not None:
        return DataRoot.of(root, site, simulated)
    roots = (DataRoot.of(root, site, each) for each in (True, False))
    return max(roots, key=lambda each: (_last_written_ns(each), each.store.exists()))


def _last_written_ns(data_root: DataRoot) -> int:
    return max((path.stat().st_mtime_ns for path in _journals(data_root).values()), default=0)


def nights(data_root: DataRoot) -> tuple[date, ...]:
    """Return the nights that have begun, oldest first; a journal without an event is no night."""
    return tuple(_journals(data_root))


def as_night(text: str) -> date:
    """Return the evening's date that a person wrote.

    Raise click.BadParameter if it is none, or one of a time for which nobody knows the Earth's rotation.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is no date; write it as 2026-11-21", param_hint="the night") from None
    if not FIRST <= day <= LAST:
        words = f"obsy knows the sky from {FIRST} to {LAST}, and {day} is not among these nights"
        raise click.BadParameter(f"{words}; write a date such as 2026-11-21", param_hint="the night")
    warnings.filterwarnings("ignore", ".*dubious year", append=False)  # a leap second more or less moves no block
    return day


def _journals(data_root: DataRoot) -> dict[date, Path]:
    return {day: path for day, path in data_root.journals().items() if next(read(path), None) is not None}
