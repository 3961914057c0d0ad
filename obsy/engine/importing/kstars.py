"""Observing lists of KStars and others in the Open Astronomy Log format (.obslist, .xml)."""

from collections.abc import Iterator
from math import degrees

from obsy.engine.importing.given import GivenFile, tree_of_xml
from obsy.engine.importing.places import place
from obsy.engine.importing.wish import Leftover, Wish, number


def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a list; what was seen of them is not carried over."""
    for target in tree_of_xml(source).every("target"):
        if not (name := target.said("name")):
            continue  # an observation only names its target
        found = []
        for key in ("position/ra", "position/dec"):
            for angle in target.all(key)[:1]:
                value = number(angle.text)
                found.append(degrees(value) if value is not None and angle.attributes.get("unit") == "rad" else value)
        notes = target.said("notes")
        here = place(*found) if len(found) == 2 else None  # noqa: PLR2004 - right ascension and declination
        yield Wish(name, target.line, here, more={"notes": notes} if notes else {})
