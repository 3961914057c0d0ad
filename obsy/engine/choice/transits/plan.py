"""What becomes a plan of a coming transit, with its reasons above it."""

from obsy.engine.choice.transits.coming import ABOVE, ComingTransit
from obsy.engine.choice.transits.words import lines, when, why
from obsy.engine.importing.wish import Wish
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.site import Site
from obsy.units import duration


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
    cover = {"transit": planet.letter, "baseline": duration(BASELINE_S)}
    cover |= {} if each.accept == "whole" else {"accept": each.accept}
    goal = {"filter": each.exposure.role, "exposure": f"{each.exposure.exposure_s:g} s", "cover": cover}
    target = planet.target if planet.own else None
    return Wish(planet.host, 1, target, (goal,), {"altitude": ABOVE}, purpose="exoplanet")
