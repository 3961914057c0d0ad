"""Observing lists of KStars and others in the Open Astronomy Log format (.obslist, .xml)."""

from collections.abc import Iterator

from obsy.engine.importing.given import GivenFile, tree_of_xml
from obsy.engine.importing.places import place, scale
from obsy.engine.importing.wish import Leftover, Wish, number, words


def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a list; what was seen of them is not carried over."""
    for target in tree_of_xml(source).every("target"):
        if not (name := target.said("name")):
            continue  # an observation only names its target
        angles = [*target.all("position/ra")[:1], *target.all("position/dec")[:1]]
        equinox = next((each.attributes.get("equinox", "J2000") for each in target.all("position/frame")), "J2000")
        if angles and equinox != "J2000":
            yield Leftover(target.line, f"'{name}': a place of equinox {words(equinox)}", "export it for J2000")
            continue
        found = [(number(each.text), scale(each.attributes.get("unit", "deg"), "deg")) for each in angles]
        degrees = [value * unit for value, unit in found if value is not None and unit is not None]
        here = place(*degrees) if len(degrees) == 2 else None  # noqa: PLR2004 - right ascension and declination
        if angles and here is None:
            said = " and ".join(f"{each.text} {each.attributes.get('unit', '')}".strip() for each in angles)
            yield Leftover(
                target.line, f"'{name}': '{said}' is no place", "write right ascension and declination in deg"
            )
            continue
        notes = target.said("notes")
        yield Wish(name, target.line, here, more={"notes": notes} if notes else {})
