"""The formats that are recognised: what each begins with, and who reads it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from obsy.engine.importing import ekos, nina, shared, table
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Leftover, Wish
from obsy.errors import UserError

FIRST = 100_000
"""Characters in which a file must show what it is."""


class Format(NamedTuple):
    """One format."""

    called: str
    """What people call it."""
    told_by: str
    """What only such a file contains: a regular expression."""
    read: Callable[[GivenFile], Iterator[Wish | Leftover]]


FORMATS = {
    "obsy": Format("plan of obsy", r"(?m)^kind:\s*['\"]?plan\b", shared.plans),
    "ekos-list": Format("EKOS scheduler list", r"<SchedulerList\b", ekos.scheduler_list),
    "ekos-sequence": Format("EKOS sequence", r"<SequenceQueue\b", ekos.sequence),
    "target-scheduler": Format("Target Scheduler export", r"\"ExposurePlans\"|\"exposureTemplates\.", nina.scheduler),
    "nina": Format("N.I.N.A. sequence", r"\"NINA\.|\"InputCoordinates\"", nina.sequence),
    "telescopius": Format("Telescopius list", r"(?im)^\"?(catalogue entry\"?,|pane, ?ra, ?dec)", table.targets),
    "table": Format("table", r"(?i)\A(#.*\n|\s*\n)*(.*\n){0,3}?.*\b(name|target|object|id|ra|star)\b", table.targets),
}  # fmt: skip
"""In the order in which they are tried."""


def format_of(source: GivenFile, asked: str | None) -> Format:
    """Return the format that is asked for, or that a file shows. Raise UserError if it shows none."""
    if asked is not None:
        return FORMATS[asked]
    found = next((each for each in FORMATS.values() if re.search(each.told_by, source.text[:FIRST])), None)
    if found is None:
        known = ", ".join(FORMATS)
        raise UserError(f"{source.path}:1: no format that obsy knows; if it is one of these, say '--format': {known}")
    return found
