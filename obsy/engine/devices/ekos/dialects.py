"""What each KStars can be told: its versions and, as a table, the elements that not all of them read.

Facts of KStars' own readers and writers (kstars/ekos/scheduler and kstars/ekos/capture, 3.6.2 to 3.8), in our words.
An element that is too new doubles the job before it; one that is left out is, until 3.6.8, inherited from that job.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from obsy.errors import DeviceError

Version = tuple[int, int, int]


class ReadBy(NamedTuple):
    """The versions that read an element, the last one not included; None: all later ones."""

    since: Version = (3, 6, 2)
    until: Version | None = None

    def covers(self, version: Version) -> bool:
        """Whether a version reads it."""
        return self.since <= version and (self.until is None or version < self.until)


ELEMENTS: Mapping[str, ReadBy] = {
    # of the scheduler's list
    "Priority": ReadBy(until=(3, 6, 7)),
    "Group": ReadBy((3, 6, 6)),
    "JobType": ReadBy((3, 7, 3)),
    "EnforceWeather": ReadBy(until=(3, 7, 6)),
    "Procedure": ReadBy(until=(3, 8, 0)),
    "TaskQueues": ReadBy((3, 8, 0)),
    # of the sequence
    "Prefix": ReadBy(until=(3, 6, 4)),
    "PlaceholderFormat": ReadBy((3, 6, 3)),
    "FlatSource": ReadBy(until=(3, 6, 8)),
    "PreAction": ReadBy((3, 6, 8)),
    "TargetName": ReadBy((3, 6, 8)),
    "Autofocus": ReadBy(until=(3, 6, 9)),
    "HFRCheck": ReadBy((3, 6, 9)),
    "GuideDitherPerJob": ReadBy((3, 6, 9)),
    "SkyFlat": ReadBy((3, 7, 0)),
    "NoDither": ReadBy((3, 7, 5)),
}
"""All others are read by every version. `TaskQueues` and `NoDither` (a dither of -1) are values named like elements."""
ANY = range(100)
"""Of a series that goes on."""
RELEASES: Mapping[tuple[int, int], range] = {(3, 6): range(2, 10), (3, 7): range(9), (3, 8): ANY}
"""The releases whose readers are known."""
LISTS = {(3, 6, 2): "1.5", (3, 6, 6): "1.6", (3, 7, 3): "2.0", (3, 7, 6): "2.1", (3, 8, 0): "2.2"}
SEQUENCES = {(3, 6, 2): "2.4", (3, 6, 4): "2.5", (3, 6, 8): "2.6"}
"""What `version` of a file says since which release; a sequence below 2.0 is refused, and a list's is never read."""
RUN = (3, 6, 2)
"""The release in which what is written was loaded and taken; of all others it was read."""


class Dialect(NamedTuple):
    """What one version of KStars reads."""

    version: Version
    list_version: str
    sequence_version: str
    knows: frozenset[str]
    """Which elements of the table above."""

    def __str__(self) -> str:
        """Return its version, as people write it."""
        return said(self.version)


@cache
def dialect_of(version: Version) -> Dialect:
    """Return the dialect of a version. Raise DeviceError if what it reads is not known."""
    major, minor, patch = version
    if patch not in RELEASES.get((major, minor), ()):
        raise DeviceError(
            f"what KStars {said(version)} reads is not known; obsy writes for {KNOWN}: "
            "use one of these, or '--runner indi'"
        )
    knows = frozenset(name for name, span in ELEMENTS.items() if span.covers(version))
    return Dialect(version, _since(LISTS, version), _since(SEQUENCES, version), knows)


def is_known(version: Version | None) -> bool:
    """Whether obsy writes for a version."""
    return version is not None and version[2] in RELEASES.get(version[:2], ())


def said(version: Version) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version))


def _span(series: tuple[int, int], patches: range) -> str:
    first, last = (said((*series, patch)) for patch in (patches[0], patches[-1]))
    return ".".join(map(str, series)) if patches is ANY else f"{first} to {last}"


KNOWN = " and ".join(", ".join(_span(*each) for each in RELEASES.items()).rsplit(", ", 1))
"""The releases, as people say them."""


def _since(table: Mapping[Version, str], version: Version) -> str:
    return table[max(each for each in table if each <= version)]
