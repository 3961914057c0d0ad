"""The formats that are recognised: what each begins with, and who reads it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from obsy.engine.importing import aavso, ekos, exoplanets, kstars, nina, ocs, orbits, rtml, shared, table
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Leftover, Wish
from obsy.errors import UserError

FIRST = 100_000
"""Characters in which a file must show what it is."""

_HEAD = r"(?i)\A(#.*\n|[ \t\r]*\n)*(.*\n){0,3}?.*\b(name|target|object|id|ra|star)\b"
"""A line of names of columns, after comments and at most three others."""


class Format(NamedTuple):
    """One format."""

    called: str
    """What people call it."""
    told_by: str
    """What only such a file contains: a regular expression."""
    read: Callable[[GivenFile], Iterator[Wish | Leftover]]
    seeks: str = "lines as it has them, after those that name columns"
    """What becomes a plan."""


FORMATS = {
    "obsy": Format("plan of obsy", r"(?m)^kind:\s*['\"]?plan\b", shared.plans, "documents of 'kind: plan'"),
    "ekos-list": Format("EKOS scheduler list", r"<SchedulerList\b", ekos.scheduler_list, "'Job'"),
    "ekos-sequence": Format("EKOS sequence", r"<SequenceQueue\b", ekos.sequence, "'Job'"),
    "target-scheduler": Format(
        "Target Scheduler export", r"\"ExposurePlans\"|\"exposureTemplates\.", nina.scheduler, "'Targets'"
    ),
    "nina": Format("N.I.N.A. sequence", r"\"NINA\.|\"InputCoordinates\"", nina.sequence, "'InputCoordinates'"),
    "oal": Format("observing list", r"<(oal:)?observations\b", kstars.targets, "'target'"),
    "rtml": Format("ACP Scheduler project", r"<RTML\b", rtml.requests, "'Request' with 'Target'"),
    "aavso": Format("AAVSO target list", r"\"star_name\"", aavso.targets, "'targets' with 'star_name'"),
    "exoclock": Format("ExoClock planets", r"\"ephem_mid_time\"", exoplanets.exoclock, "planets with 'ephem_mid_time'"),
    "ocs": Format("OCS request group", r"\"configurations\"", ocs.groups, "'requests' with 'configurations'"),
    "exoplanet-archive": Format("NASA Exoplanet Archive table", r"(?m)^(?!#).*\bpl_tranmid\b", exoplanets.archive),
    "tle": Format("two-line elements", r"(?m)^1 [ \d]{5}\w.*\n2 [ \d]{5} ", orbits.satellites),
    "comets": Format("comet orbits", r"(?m)^[ \d]{4}[CPDXAI][ \w]{7}  \d{4} \d\d ", orbits.comets),
    "mpcorb": Format("asteroid orbits", r"(?m)^\w{5,7} .{12,14}[IJK]\d\d[1-9A-C][1-9A-V] ", orbits.asteroids),
    "telescopius": Format("Telescopius list", r"(?im)^\"?(catalogue entry\"?,|pane, ?ra, ?dec)", table.targets),
    "table": Format("table", _HEAD, table.targets),
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
