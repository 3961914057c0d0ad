"""What is wished for of a sight, as an imported one is: a plan is made of it."""

from collections.abc import Mapping
from typing import Any

from obsy.engine.choice.cadence import star_visit
from obsy.engine.choice.disc_goal import PIPELINE, disc_goal
from obsy.engine.choice.light_of_train import LightOfTrain
from obsy.engine.choice.ranking import HOST_ROLES, NARROW, SHORT_S, STAR_ROLES, Ranked, first
from obsy.engine.choice.sights import Sight
from obsy.engine.choice.star_exposure import star_exposure
from obsy.engine.declare.names import lookup
from obsy.engine.importing.places import place
from obsy.engine.importing.wish import Wish, frames
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.train import Train
from obsy.units import duration


def wish(each: Ranked, train: Train, light: Mapping[str, LightOfTrain] | None = None) -> Wish:
    """Return a wish for a sight in the filters of a train.

    20 frames of three minutes, ten of a body that moves, a hundred short ones of a planet, a transit, or a visit of a
    variable star as its type asks for. light: by filter, what the train's own frames show, by which a star is exposed.
    """
    sight, roles = each.sight, train.roles
    goal: dict[str, Any] | None
    if sight.transit is not None:
        cover = {"transit": sight.transit[0], "baseline": duration(BASELINE_S)}
        goal, purpose = {"filter": first(roles, *HOST_ROLES), "exposure": f"{SHORT_S:g} s", "cover": cover}, "exoplanet"
    elif sight.body:
        goal, purpose = frames(*disc_goal(sight.body, train)), PIPELINE
    elif sight.swing_mag is not None and (star := lookup(sight.name)) and star.varies:
        role, visit = first(roles, *STAR_ROLES), star_visit(star.varies)
        seconds = _seconds(sight, train, (light or {}).get(role))
        goal, purpose = frames(role, seconds, visit.frames, every=f"{visit.every_d} d"), "photometry"
    elif sight.swing_mag is not None or sight.elements is not None:
        goal, purpose = frames(first(roles, *STAR_ROLES), SHORT_S, 10, every="1 d"), "photometry"
    else:
        goal, purpose = frames(first(roles, *(NARROW if each.narrow else ("L",))), 180.0, 20), "deep-sky"
    here: Any = {"body": sight.body} if sight.body else place(sight.ra_deg, sight.dec_deg)
    if sight.elements is not None:
        here = sight.elements.said() if sight.absolute is None else None  # obsy's own are found by the name
    return Wish(sight.name, 1, here, (goal,) if goal else (), {"altitude": "above 30 deg"}, purpose=purpose)


CALM_MAG = 2.0
"""A star that changes by more is exposed for the middle of its range: for its brightest it would hardly show."""


def _seconds(sight: Sight, train: Train, light: LightOfTrain | None) -> float:
    """Return how long a variable star is exposed: by the train's own frames, if it has any in that filter."""
    if light is None or sight.mag is None:
        return SHORT_S
    swing = sight.swing_mag or 0.0
    return star_exposure(train, light, sight.mag + (swing / 2 if swing > CALM_MAG else 0.0), sight.mag + swing)


def visited(sight: Sight, train: Train, light: Mapping[str, LightOfTrain]) -> str:
    """Return why a variable star is visited so often, and how its exposure was found; '' of anything else."""
    star = lookup(sight.name) if sight.swing_mag is not None else None
    if star is None or star.varies is None:
        return ""
    of, why = light.get(first(train.roles, *STAR_ROLES)), star_visit(star.varies).why
    by = f"exposed by {of.frames} own frames" if of else "the exposure is a guess"
    return f" {why[0].upper()}{why[1:]}; {by}."
