"""What was found on a machine, as plain values that a test can write down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class SecondOpinion(NamedTuple):
    """How far another's opinion of one thing is from ours."""

    what: str
    by: float
    at_most: float
    """By how much they may."""
    unit: str


class Midnight(NamedTuple):
    """When the Sun is lowest at a site."""

    site: str
    timezone: str
    clock: str
    off_h: float
    """How far that is from midnight by that clock; 0 where the clock is of no city, as UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One machine and the observatory on it; None is what nobody could find out."""

    python: tuple[int, int] = (3, 13)
    libraries: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    """Of each that is needed here: the version that is installed, and the least that serves."""
    programs: frozenset[str] = frozenset()
    """Those of `checks.PROGRAMS`, and of the declared drivers, that are found."""
    kstars: tuple[int, int, int] | None = None
    data: tuple[str, ...] = ()
    """Tables that obsy ships and that are missing here, or have no licence beside them."""
    declared: bool = True
    """Whether there is an observatory here."""
    complaints: int = 0
    """About its files: what is declared there is not known to the doctor either."""
    devices: tuple[str, ...] = ()
    """INDI names of the declared roofs, mounts, trains and weather inputs that hang on no server of the site."""
    drivers: Mapping[str, str] = field(default_factory=dict)
    """The programs behind those of them that obsy can begin."""
    servers: tuple[str, ...] = ()
    """INDI servers of the site, with where they are, on which devices hang."""
    lacking: tuple[str, ...] = ()
    """Which of them do not answer, or have a device, or a gauge of one, not."""
    guiders: tuple[str, ...] = ()
    """Where the PHD2 of a train is declared to listen."""
    silent: tuple[str, ...] = ()
    """Those of them where none greets whoever connects."""
    must_guide: bool = False
    """Whether a plan requires guiding."""
    night_gb: float = 0.0
    """What the declared cameras can fill in one night."""
    free_gb: float | None = None
    writable: bool = True
    """Whether data and `.obsy/` can be written."""
    git: str | None = "clean"
    """'clean', 'changed', or None outside git."""
    shadows: tuple[str, ...] = ()
    """Files beside `site/` that are called like modules of Python's."""
    sky: tuple[SecondOpinion, ...] = ()
    """Tonight over each site, by obsy and by astroplan."""
    midnights: tuple[Midnight, ...] = ()
    synchronised: bool | None = None
    encoding: str = "utf-8"
    open_files: int = 1024
    open_ports: tuple[int, ...] = ()
    """INDI servers' that everybody on the network can reach."""
    guard_enabled: bool | None = None
    lingers: bool | None = None
    suspends: bool | None = None
    container: bool = False

    @property
    def is_real(self) -> bool:
        """Return whether real devices are declared, and not only rehearsals wanted."""
        return bool(self.devices or self.servers)
