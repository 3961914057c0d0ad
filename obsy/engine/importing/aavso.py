"""Variable stars of the AAVSO's Target Tool (JSON of its API, version 1)."""

import re
from collections.abc import Iterator

from obsy.engine.importing.given import GivenFile, tree_of_json
from obsy.engine.importing.places import place
from obsy.engine.importing.wish import Leftover, Wish, frames, plain

EXPOSURE_S, COUNT = 60.0, 3
"""It says none: a guess, which is told."""


def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each star; its cadence in days becomes that of its goals, whole visits of three frames."""
    for star in tree_of_json(source)["targets"]:
        name, line = star["star_name"].text, source.line_of(f'"{star["star_name"].text}"')
        bands = [
            band for band in re.split(r"[,;/ ]+", star["filter"].text) if band and band.lower() not in ("all", "visual")
        ]
        cadence = star["obs_cadence"].number
        every = f"{plain(cadence)} d" if cadence and cadence > 0 else None
        want = [frames(band, EXPOSURE_S, COUNT, every=every) for band in bands or ["V"]]
        lost = ["exposures, which the AAVSO does not say: three of a minute at each visit are a guess"]
        lost += ["that any filter will do: V is written"] if not bands else []
        lost += ["that it is near the Sun now"] if star["solar_conjunction"].value is True else []
        range_mag = [
            f"{star[key].text} {star[f'{key}_band'].text}".strip() for key in ("max_mag", "min_mag") if star[key].text
        ]
        notes = "; ".join(
            each for each in (star["var_type"].text, " to ".join(range_mag), star["other_info"].text) if each
        )
        more = {"notes": notes} | ({"priority": 8} if star["priority"].value is True else {})
        here = place(star["ra"].number, star["dec"].number)
        goals = tuple(goal for goal in want if goal)
        if name:
            yield Wish(name, line, here, goals, {}, more, "photometry", tuple(lost))
        else:
            yield Leftover(line, "a target without a name", "take the list from the AAVSO again")
