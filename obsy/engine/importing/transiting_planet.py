"""Planets that cross their stars, as tables have them, and as a plan says them."""

from typing import Any, NamedTuple

from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits


class TransitingPlanet(NamedTuple):
    """A planet, and its star."""

    host: str
    letter: str
    ra_deg: float
    dec_deg: float
    ephemeris: Ephemeris
    depth: float | None
    """The share of the star's light that it hides; None where nobody says."""
    mag: float | None
    """Of the star: V, or what its table has instead."""
    own: bool = False
    """Whether it is of a person's table, not of obsy's."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.host} {self.letter}"

    @property
    def target(self) -> dict[str, Any]:
        """Return it as the target of a plan: its star's place, and when it passes, with the errors that are said."""
        here = place(self.ra_deg, self.dec_deg) or {}
        return {**here, "planets": {self.letter: recurrence(self.ephemeris)}}


class PlanetTable(NamedTuple):
    """What a table offers."""

    planets: list[TransitingPlanet]
    left: list[str]
    """What else it names, with its line, and why it is not offered."""


def recurrence(known: Ephemeris) -> dict[str, str]:
    """Return when it passes, as a plan says it."""
    said = {
        "epoch": f"{digits(known.epoch_jd)} {known.scale}",
        "period": f"{digits(known.period_d)} d",
        "duration": f"{digits(known.duration_h)} h",
    }
    errors = {"epoch_error": known.epoch_error_d, "period_error": known.period_error_d}
    return said | {key: f"{digits(error)} d" for key, error in errors.items() if float(digits(error))}
