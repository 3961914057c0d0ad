"""How coming transits are shown to a person."""

from shlex import join
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obsy.engine.choice.transits.coming import ComingTransit, ComingTransits, TransitSearch
    from obsy.engine.importing.transiting_planet import PlanetTable
    from obsy.schemas.site import Site

SHOWN, OTHERS = 10, 4
"""Planets and other nights of each that a page shows."""
FEW = 5
"""Of what is not listed, as many names are said."""


def page(
    found: "ComingTransits", table: "PlanetTable", search: "TransitSearch", given: "Iterable[str]" = ()
) -> "Iterator[str]":
    """Yield the lines of a page: the best of each planet, what is not listed, and what to do next.

    given: the options that were, for the plan of the first is found by the same.
    """
    from obsy.engine.choice.transits.coming import ABOVE

    site, train = search.observatory.site, search.instrument.train
    yield (
        f"Transits worth taking from {site.name} in {search.nights} nights from {search.first} on, for {train.name} "
        f"({train.telescope.aperture:g} mm, {site.timezone}):"
    )
    yield f"{ABOVE}, in the dark and in reach, the most worthwhile planet first."
    yield ""
    best: dict[str, list[ComingTransit]] = {}
    for each in found.listed:
        best.setdefault(each.planet.name, []).append(each)
    for number, every in enumerate(list(best.values())[:SHOWN], 1):
        yield from _planet(number, every, site)
    if not found.listed:
        yield _nothing(found, search)
    if len(best) > SHOWN:
        yield f"{len(best) - SHOWN} planets more can be had: '--json' lists all."
    yield ""
    yield from (f"not listed: {each}" for each in reasons(found))
    yield from (f"not read: {each}" for each in table.left[:FEW])
    if len(table.left) > FEW:
        yield f"not read: {len(table.left) - FEW} rows more"
    if found.listed:
        yield f"The plan of the first: {join(['obsy', 'transits', *given, '--plan', next(iter(best))])}"


def _planet(number: int, every: "list[ComingTransit]", site: "Site") -> "Iterator[str]":
    """Yield the best transit of a planet, and on which nights there are others."""
    from obsy.engine.choice.transits.words import lines, when, why

    first, *others = every
    yield f"{number:2}  {first.planet.name}: {when(first, site)}"
    for part in why(first, site):
        yield from lines(part, "    ")
    if others:
        more = f", and {len(others) - OTHERS} more" if len(others) > OTHERS else ""
        yield f"    also {', '.join(f'{each.night} ({each.accept})' for each in others[:OTHERS])}{more}"


def _nothing(found: "ComingTransits", search: "TransitSearch") -> str:
    if not found.dark_nights:
        return "There is no dark in any of these nights: the Sun stays above -18 deg. Choose others with '--night'."
    return f"Nothing is worth taking in {search.nights} nights. Look at more with '--nights', or give a '--catalogue'."


def reasons(found: "ComingTransits") -> "Iterator[str]":
    """Yield each reason for which something is not listed, with how much and whom."""
    from obsy.engine.choice.transits.coming import LEFT

    for reason, words in LEFT.items():
        whom = {name: count for (code, name), count in found.left.items() if code == reason}
        if whom:
            names = ", ".join(list(whom)[:FEW]) + (f" and {len(whom) - FEW} more" if len(whom) > FEW else "")
            count = sum(whom.values())
            many = f"{count} transits, " if count > len(whom) else ""
            yield f"{many}{names}: {words}"
