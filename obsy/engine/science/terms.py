"""Which coefficients a night's magnitudes are transformed by: those of its train, in that time, by the best colour."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from obsy.schemas.comparison import Band
from obsy.schemas.transformation import CoefficientValue, Transformation

COLOURS: dict[Band, tuple[tuple[Band, Band], ...]] = {
    "U": (("U", "B"),),
    "B": (("B", "V"), ("B", "R"), ("B", "I")),
    "V": (("B", "V"), ("V", "R"), ("V", "I")),
    "R": (("V", "R"), ("R", "I"), ("B", "R")),
    "I": (("V", "I"), ("R", "I"), ("B", "I")),
}
"""By which colours a filter's magnitude is transformed, the best first. Source: the AAVSO's sets of coefficients."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The coefficients of one filter by one colour."""

    source: str
    """The document's name."""
    blue: Band
    red: Band
    colour: CoefficientValue
    """Tbv."""
    of_blue: CoefficientValue
    """Tb_bv."""
    of_red: CoefficientValue
    """Tv_bv."""

    def name(self, band: Band) -> str:
        """Return the AAVSO's name of the coefficient of one of the two filters: Tv_bv."""
        return f"T{band.lower()}_{self.pair}"

    def of(self, band: Band) -> CoefficientValue:
        """Return that coefficient."""
        return self.of_blue if band == self.blue else self.of_red

    def other(self, band: Band) -> Band:
        """Return the other filter of the colour."""
        return self.red if band == self.blue else self.blue

    @property
    def pair(self) -> str:
        """The colour as coefficients name it: bv."""
        return f"{self.blue}{self.red}".lower()


def valid(declared: Iterable[Transformation], night: date) -> Transformation | None:
    """Return the newest of a train's coefficients that hold in a night; None if none do."""
    hold = [each for each in declared if each.first <= night <= each.last]
    return max(hold, key=lambda each: each.night, default=None)


def terms(declared: Transformation, band: Band, taken: Collection[str]) -> Terms | None:
    """Return the coefficients of a filter by the best colour that a night has; taken: the filters it was taken in."""
    said = declared.coefficients
    for blue, red in COLOURS.get(band, ()):
        pair = f"{blue}{red}".lower()
        names = f"T{pair}", f"T{blue.lower()}_{pair}", f"T{red.lower()}_{pair}"
        if {blue, red} <= set(taken) and all(name in said for name in names):
            return Terms(declared.name, blue, red, *(said[name] for name in names))
    return None
