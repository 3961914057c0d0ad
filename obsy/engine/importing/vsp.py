"""Comparison stars of the AAVSO's Variable Star Plotter: the JSON of a chart, kept so that a night needs no network."""

from collections.abc import Iterator
from typing import Any

from obsy.engine.exchange.layout import flow
from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import declination, place, right_ascension
from obsy.engine.importing.plain_text import words
from obsy.engine.importing.trees import Part
from obsy.engine.importing.wish import Leftover, Wish
from obsy.schemas.comparison import BANDS, BRIGHTEST, FAINTEST, spelt_magnitude
from obsy.schemas.model import plain_name

COUSINS = {"Rc": "R", "Ic": "I"}
"""Bands by their names in a chart, where those of reports are others."""
NO_ERROR = (0.0, 0.5)
"""An error of none is not known, and one so large is none that a comparison could bear."""
_NOTHING = r"(image_uri|fov|maglimit|title|resolution|dossier|comments|ra|dec|special|label|.*uri) ?.*"


@reads("AAVSO chart", r"\"chartid\"", "'photometry' with comparison stars", _NOTHING)
def comparisons(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield the chart as a document of `kind: comparison`, and what of it cannot be compared with."""
    chart = source.json()
    of, number = chart["star"].text or chart["auid"].text, chart["chartid"].text
    stars: list[dict[str, Any]] = []
    for each in chart["photometry"]:
        star, line = _star(each), source.line_of(f'"{each["auid"].text}"')
        if isinstance(star, str):
            yield Leftover(line, star)
        elif star["name"] in {one["name"] for one in stars}:
            yield Leftover(line, f"'{star['name']}' stands there twice: the first counts")
        else:
            stars.append(star)
    if not of or not number:
        yield Leftover(1, "a chart without its star or its number", "download it again, by the star's name")
    elif len(stars) < 2:  # noqa: PLR2004 - a star to compare with, and one to check it by
        found = f"the chart has {len(stars) or 'no'} comparison star{'s' if not stars else ''}, and two are the least"
        yield Leftover(1, found, "ask the plotter for a wider field, or a fainter limit")
    else:
        check = _check(stars)
        told = (
            f"the check star is {check['name']}, the middle one by brightness: change 'check' if you know a better",
        )
        name = plain_name(of) or f"chart-{plain_name(number)}"
        yield Wish(name, 1, written=_text(of, number, check["name"], stars), kind="comparison", lost=told)


def _star(said: Part) -> dict[str, Any] | str:
    """Return a star as the language spells it, or why it is none to compare with."""
    name, ra, dec = said["auid"].text, said["ra"].text, said["dec"].text
    here = place(right_ascension(ra, 15.0), declination(dec))
    if not name or not here:
        return f"'{name or said['label'].text}': '{ra} {dec}' is no place"
    magnitudes: dict[str, str] = {}
    for each in said["bands"]:
        band, value, error = COUSINS.get(each["band"].text, each["band"].text), each["mag"].number, each["error"].number
        if band in BANDS and value is not None and BRIGHTEST <= value <= FAINTEST:
            is_known = error is not None and NO_ERROR[0] < error < NO_ERROR[1]
            magnitudes.setdefault(band, spelt_magnitude(value, error if is_known else None))
    if not magnitudes:
        return f"'{name}' has no magnitude in a band that reports know"
    label = {"label": words(said["label"].text)} if said["label"].text else {}
    return {"name": name, **label, **here, "magnitudes": magnitudes}


def _check(stars: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the star in the middle by brightness: like the target rather than at either end of what is compared."""
    by_light = sorted(stars, key=lambda star: float(star["magnitudes"].get("V", "99 mag").split()[0]))
    known = [star for star in by_light if "V" in star["magnitudes"]] or by_light
    return known[len(known) // 2]


def _text(of: str, chart: str, check: str, stars: list[dict[str, Any]]) -> str:
    head = {"kind": "comparison", "name": plain_name(of) or f"chart-{plain_name(chart)}", "of": of, "chart": chart}
    lines = [f"{key}: {flow(value)}" for key, value in {**head, "check": check, "source": "AAVSO VSP"}.items()]
    return "\n".join([*lines, "stars:", *(f"  - {flow(star)}" for star in stars)]) + "\n"
