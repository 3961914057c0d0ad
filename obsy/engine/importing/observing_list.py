"""Observing lists of KStars and others in the Open Astronomy Log format (.obslist, .xml)."""

from collections.abc import Iterator

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import place, scale
from obsy.engine.importing.wish import Leftover, Wish

_NOTHING = r"(observers|id|type|datasource|constellation|origin|version) .*"


@reads("observing list", r"<(oal:)?observations\b", "'target'", _NOTHING)
def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each target of a list; what was seen of them is not carried over."""
    for target in source.xml().every("target"):
        if not (name := target["name"].text):
            continue  # an observation only names its target
        angles = [each for key in ("ra", "dec") if (each := target["position"][key]).value]
        equinox = target["position"]["frame"]["@equinox"].text or "J2000"
        if angles and equinox != "J2000":
            found = f"'{name}': a place of equinox {equinox}"
            yield Leftover(target.line, found, "export it for J2000", (target,))
            continue
        scaled = [(each.number, scale(each["@unit"].text or "deg", "deg")) for each in angles]
        degrees = [value * unit for value, unit in scaled if value is not None and unit is not None]
        here = place(*degrees) if len(degrees) == 2 else None  # noqa: PLR2004 - right ascension and declination
        if angles and not here:
            said = " and ".join(f"{each.text} {each['@unit'].text}".strip() for each in angles)
            mend = "write right ascension and declination in deg"
            yield Leftover(target.line, f"'{name}': '{said}' is no place", mend, (target,))
            continue
        yield Wish(name, target.line, here, more={"notes": target["notes"].text}, parts=(target,))
