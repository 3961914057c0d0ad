"""What a night says of a plan's target: its magnitudes filter by filter, and why a filter has none."""

from dataclasses import dataclass
from datetime import date

from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.terms import Terms
from obsy.schemas.comparison import ComparisonTable


@dataclass(frozen=True, slots=True)
class Equipment:
    """Where and with what it was taken, in words."""

    location: str
    """Latitude and longitude, degrees, north and east positive, and height in metres: '38.17 -2.33 H1650'."""
    telescope: str
    camera: str


@dataclass(frozen=True, slots=True, eq=False)
class FilterNight:
    """What a night says in one filter."""

    name: str
    """Its role, and where several trains took it, by which: 'V', or 'V by newton'."""
    role: str
    train: str
    filter: str
    """The AAVSO's name of it."""
    frames: int
    """That have a table of stars."""
    found: EnsembleResult
    left_out: tuple[str, ...]
    """Frames without such a table, or that were rejected, and why."""
    terms: Terms | None = None
    """By which coefficients it was transformed; None if it was not."""
    untransformed: str = ""
    """Why it was not, where coefficients of its train are declared."""
    equipment: Equipment | None = None
    """Of its train; None where that is not declared."""
    way: str = ""
    """How it was made otherwise than a night's page makes it, as names of files have it: 'as-CV', 'bin5'."""

    @property
    def refusal(self) -> str:
        """Why nothing may be reported; empty where it may."""
        return self.found.refusal if len(self.found.curve) else "no frame shows the target"


@dataclass(frozen=True, slots=True, eq=False)
class NightMagnitudes:
    """What a night says of a plan's target."""

    plan: str
    night: date
    comparison: ComparisonTable
    """What it was compared with."""
    filters: tuple[FilterNight, ...]
    faults: tuple[str, ...]
    """Why other filters say nothing, each with what would help."""
    unmeasured: tuple[str, ...] = ()
    """The names of those of them that cannot be measured, whatever they are called at the AAVSO."""
