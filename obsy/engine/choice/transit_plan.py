"""What becomes a plan of a coming transit, with its reasons above it."""

from typing import Any

from obsy.engine.choice.coming_transits import ABOVE, BASELINE, ComingTransit
from obsy.engine.choice.transit_words import lines, when, why
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.places import place
from obsy.engine.importing.plain_text import digits
from obsy.engine.importing.wish import Wish
from obsy.schemas.site import Site


def comment(each: ComingTransit, site: Site) -> list[str]:
    """Return what is to be said above its plan, in lines."""
    said = [
        f"By 'obsy transits' for the {when(each, site)}.",
        *(f"{part[0].upper()}{part[1:]}." for part in why(each, site)),
    ]
    if not each.exposure.is_in_focus:
        said.append(
            "Take care: obsy focuses by itself. Defocus by this filter's 'focus' in the wheel, or it saturates."
        )
    return [line for part in said for line in lines(part, "# ")]


def wish(each: ComingTransit) -> Wish:
    """Return what becomes a plan: one transit, fixed to its time, of which will do what this one has."""
    planet = each.planet
    cover = {"transit": planet.letter, "baseline": f"{BASELINE.total_seconds() / 60:g} min"}
    cover |= {} if each.accept == "whole" else {"accept": each.accept}
    goal = {"filter": each.exposure.role, "exposure": f"{each.exposure.exposure_s:g} s", "cover": cover}
    target: Any = None
    if planet.own:
        here = place(planet.ra_deg, planet.dec_deg) or {}
        target = {**here, "planets": {planet.letter: _recurrence(planet.ephemeris)}}
    return Wish(planet.host, 1, target, (goal,), {"altitude": ABOVE}, purpose="exoplanet")


def _recurrence(known: Ephemeris) -> dict[str, str]:
    said = {
        "epoch": f"{digits(known.epoch_jd)} {known.scale}",
        "period": f"{digits(known.period_d)} d",
        "duration": f"{digits(known.duration_h)} h",
    }
    errors = {"epoch_error": known.epoch_error_d, "period_error": known.period_error_d}
    return said | {key: f"{digits(error)} d" for key, error in errors.items() if error}
