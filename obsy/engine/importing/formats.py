"""The formats that are recognised, and who reads each."""

import re
from importlib import import_module

from obsy.engine.importing.format import Format
from obsy.engine.importing.given import GivenFile
from obsy.errors import UserError

FIRST = 100_000
"""Characters in which a file must show what it is."""
FORMATS = {
    "obsy": "friend.plans",
    "ekos-list": "ekos.scheduler_list",
    "ekos-sequence": "ekos.sequence",
    "target-scheduler": "nina.scheduler",
    "nina": "nina.sequence",
    "oal": "observing_list.targets",
    "rtml": "rtml.requests",
    "vsp": "vsp.comparisons",
    "aavso": "aavso.targets",
    "exoclock": "exoplanets.exoclock",
    "ocs": "ocs.groups",
    "exoplanet-archive": "exoplanets.archive",
    "tle": "orbits.satellites",
    "comets": "orbits.comets",
    "mpcorb": "orbits.asteroids",
    "telescopius": "table.telescopius",
    "table": "table.targets",
}
"""File and function of each reader in this room, in the order in which they are tried."""


def reader_of(source: GivenFile, asked: str | None) -> Format:
    """Return who reads a format that is asked for, or that a file shows. Raise UserError if it shows none."""
    readers = {name: _reader(where) for name, where in FORMATS.items() if asked in (None, name)}
    for each in readers.values():
        if asked is not None or re.search(each.told_by, source.text[:FIRST]):
            return each
    known = ", ".join(FORMATS)
    raise UserError(f"{source.path}:1: no format that obsy knows; if it is one of these, say '--format': {known}")


def _reader(where: str) -> Format:
    module, _, function = where.partition(".")
    found = getattr(import_module(f"obsy.engine.importing.{module}"), function)
    assert isinstance(found, Format)  # noqa: S101 - the table above is wrong
    return found
