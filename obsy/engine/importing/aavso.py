"""Variable stars of the AAVSO's Target Tool (JSON of its API, version 1)."""

import re
from collections.abc import Iterator

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.wish import Leftover, Wish, frames

EXPOSURE_S, COUNT = 60.0, 3
"""It says none: a guess, which is told."""
_NOTHING = r"(constellation|last_data_point|observability_times) ?.*|obs_mode All"


@reads("AAVSO target list", r"\"star_name\"", "'targets' with 'star_name'", _NOTHING)
def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each star; its cadence in days becomes that of its goals, whole visits of three frames."""
    for star in source.json()["targets"]:
        name, line = star["star_name"].text, source.line_of(f'"{star["star_name"].text}"')
        if not name:
            yield Leftover(line, "a target without a name", "take the list from the AAVSO again", (star,))
            continue
        said = re.split(r"[,;/ ]+", star["filter"].text)
        bands = [band for band in said if band.lower() not in ("", "all", "visual")]
        cadence = star["obs_cadence"].number or 0
        every = f"{digits(cadence)} d" if cadence > 0 else None
        want = (frames(band, EXPOSURE_S, COUNT, every=every) for band in bands or ["V"])
        lost = ["exposures, which the AAVSO does not say: three of a minute at each visit are a guess"]
        lost += [] if bands else ["that any filter will do: V is written"]
        lost += ["that it is near the Sun now"] if star["solar_conjunction"].value is True else []
        limits = (f"{star[key].text} {star[f'{key}_band'].text}".strip() for key in ("max_mag", "min_mag"))
        notes = (star["var_type"].text, " to ".join(filter(None, limits)), star["other_info"].text)
        more = {"notes": "; ".join(filter(None, notes))} | (
            {"priority": 8} if star["priority"].value in (True, "true") else {}
        )
        here, goals = place(star["ra"].number, star["dec"].number), tuple(filter(None, want))
        yield Wish(name, line, here, goals, {}, more, "photometry", tuple(lost), (star,))
