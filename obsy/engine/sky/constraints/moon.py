"""The Moon does not spoil the target."""

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.track import Track
from obsy.schemas.when import Moon

FULL_MOON_D = 29.530589 / 2
"""From new to full Moon. Source: mean synodic month, Meeus, Astronomical Algorithms, ch. 49."""


def needed_deg(constraint: Moon, track: Track) -> Floats:
    """The distance from the Moon that is enough at each instant; (times,).

    Source of the Lorentzian: the Berkeley Automated Imaging Telescope team, as ACP tells it: distance / (1 + (age from
    full Moon / width)^2). The age is the elongation that the lit share stands for, turned into days at a steady pace.
    """
    needed = np.full_like(track.moon_altitude_deg, constraint.farther_than or 0.0)
    if constraint.width is not None:
        lit = np.clip(track.moon_illuminated_percent / 100, 0.0, 1.0)
        from_full_d = FULL_MOON_D * np.arccos(2 * lit - 1) / np.pi
        needed /= 1 + (from_full_d / constraint.width) ** 2
    if constraint.relaxed_below is not None:
        needed *= np.clip(track.moon_altitude_deg / constraint.relaxed_below, 0.0, 1.0)
    return needed


def margin(constraint: Moon, track: Track) -> Floats:
    """How far the Moon keeps the limit that it keeps least, degrees, or percent of its disc; more while it is down."""
    kept = np.full_like(track.moon_altitude_deg, np.inf)
    for each in _margins(constraint, track).values():
        kept = np.minimum(kept, each)
    down_deg = harmless_deg(constraint) - track.moon_altitude_deg
    return np.where(down_deg > 0, np.maximum(kept, down_deg), kept)


def enough_deg(constraint: Moon, track: Track) -> Floats:
    """The distance from the Moon from which on the limits are kept: -inf while it is down, inf where none is enough."""
    others = constraint.model_copy(update={"farther_than": None, "width": None, "relaxed_below": None})
    far = np.where(margin(others, track) >= 0, needed_deg(constraint, track), np.inf)
    return np.where(track.moon_altitude_deg < harmless_deg(constraint), -np.inf, far)


def harmless_deg(constraint: Moon) -> float:
    """Below this altitude the Moon spoils nothing; one asked to be well below the horizon is not well just below it."""
    return min(0.0, constraint.below or 0.0)


def _margins(constraint: Moon, track: Track) -> dict[str, Floats]:
    """By limit that is set: how far it is kept; (times,)."""
    found = {}
    if constraint.farther_than is not None:
        found["farther_than"] = track.moon_separation_deg - needed_deg(constraint, track)
    if constraint.fainter_than is not None:
        found["fainter_than"] = constraint.fainter_than - track.moon_illuminated_percent
    if constraint.below is not None:
        found["below"] = constraint.below - track.moon_altitude_deg
    return found


def unit(constraint: Moon, track: Track, at: int) -> str:
    """The unit of its margin at an instant: of the limit that is kept least."""
    kept = {part: float(each[at]) for part, each in _margins(constraint, track).items()}
    return "%" if min(kept, key=kept.__getitem__, default="") == "fainter_than" else "deg"


def reason(constraint: Moon) -> str:
    """Why it refuses, in words that follow 'because'."""
    wanted = [
        said.format(limit)
        for said, limit in (
            ("farther than {:g} deg", constraint.farther_than),
            ("width {:g} d", constraint.width),
            ("relaxed below {:g} deg", constraint.relaxed_below),
            ("fainter than {:g} %", constraint.fainter_than),
            ("below {:g} deg", constraint.below),
        )
        if limit is not None
    ]
    return f"the Moon is not {' and '.join(wanted)}"


def edge(constraint: Moon, track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    closes = outside > inside
    if track.moon_altitude_deg[inside] < harmless_deg(constraint) <= track.moon_altitude_deg[outside]:
        return "the Moon rises" if closes else "the Moon sets"
    margins = _margins(constraint, track)
    match min(margins, key=lambda name: float(margins[name][outside])):
        case "farther_than":
            needed = f"{needed_deg(constraint, track)[inside]:.3g} deg"
            return f"the Moon comes within {needed} of it" if closes else f"the Moon is {needed} away from it"
        case "fainter_than":
            return f"{'' if closes else 'no '}more than {constraint.fainter_than:g} % of the Moon is lit"
        case _:
            return f"the Moon {'climbs above' if closes else 'sinks below'} {constraint.below:g} deg"
