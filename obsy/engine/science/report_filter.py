"""What the AAVSO calls a filter of ours, and which magnitudes of a catalogue it is compared with."""

from collections.abc import Collection
from typing import cast

from obsy.engine.science.aavso_rules import CATALOGUE_BAND, FILTERS
from obsy.errors import UserError
from obsy.schemas.comparison import BANDS, Band

SURE = {"U": "U", "V": "V", "Rc": "R", "Ic": "I", "SU": "SU", "SG": "SG", "SR": "SR", "SI": "SI", "SZ": "SZ"}
"""Roles that only filters for photometry have, and their names at the AAVSO."""
WITH_V = "B", "R", "I"
"""Roles that are Johnson's and Cousins' beside a V, and those of pictures beside a G."""
OF_TRANSITS = frozenset({"CBB"})
"""A clear filter that blocks blue: reports of exoplanets alone have it."""
NARROW = frozenset({"HA", "HAC"})
"""Narrow ones, which have no magnitudes to be compared with, and which a transit needs none of."""
CLEAR = "L", "C", "OSC"


def aavso_filter(role: str, roles: Collection[str], said: str | None = None) -> str:
    """Return the AAVSO's name of a filter.

    roles: all that its train has, which tell whether an R is for photometry. said: what a person calls it.
    Raises UserError, with what to write, if the AAVSO has no such filter, or nobody can tell which one it is.
    """
    if said is not None:
        return _one_of(FILTERS, said)
    if role in SURE:
        return SURE[role]
    if role in WITH_V and "V" in roles and "G" not in roles:
        return role
    guess = "CV" if role in CLEAR else {"R": "TR", "G": "TG", "B": "TB"}.get(role, "V")
    raise UserError(f"which filter of the AAVSO '{role}' is, nobody said: --filter {role}={guess}, if it is that one")


def exoplanet_filter(said: str) -> str:
    """Return the AAVSO's name of a filter in a report of a transit. Raises UserError if it has none of that name."""
    return _one_of(FILTERS | OF_TRANSITS, said)


def transit_filter(role: str, roles: Collection[str]) -> str:
    """Return the AAVSO's name of a filter in a report of a transit; 'na' where nobody can tell which one it is."""
    if role.upper() in NARROW:
        return role.upper()
    try:
        return aavso_filter(role, roles)
    except UserError:
        return "na"


def _one_of(filters: Collection[str], said: str) -> str:
    if said.upper() not in filters:
        raise UserError(f"the AAVSO has no filter '{said}': {', '.join(sorted(filters))}")
    return said.upper()


def catalogue_band(filter_name: str) -> Band:
    """Return the band of a catalogue in which a filter's magnitudes are given. Raises UserError if it has none."""
    band = CATALOGUE_BAND.get(filter_name, filter_name)
    if band not in BANDS:
        raise UserError(f"no catalogue here has magnitudes for the filter {filter_name}: nothing can be compared")
    return cast(Band, band)
