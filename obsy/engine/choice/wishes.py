"""What is wished for of a sight, as an imported one is: a plan is made of it."""

from typing import Any

from obsy.engine.choice.disc_goal import PIPELINE, disc_goal
from obsy.engine.choice.ranking import HOST_ROLES, NARROW, SHORT_S, STAR_ROLES, Ranked, first
from obsy.engine.importing.places import place
from obsy.engine.importing.wish import Wish, frames
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.train import Train
from obsy.units import duration


def wish(each: Ranked, train: Train) -> Wish:
    """Return a wish for a sight in the filters of a train.

    20 frames of three minutes, ten of a star or a body that moves, a hundred short ones of a planet, or a transit.
    """
    sight, roles = each.sight, train.roles
    goal: dict[str, Any] | None
    if sight.transit is not None:
        cover = {"transit": sight.transit[0], "baseline": duration(BASELINE_S)}
        goal, purpose = {"filter": first(roles, *HOST_ROLES), "exposure": f"{SHORT_S:g} s", "cover": cover}, "exoplanet"
    elif sight.body:
        goal, purpose = frames(*disc_goal(sight.body, train)), PIPELINE
    elif sight.swing_mag is not None or sight.elements is not None:
        goal, purpose = frames(first(roles, *STAR_ROLES), SHORT_S, 10, every="1 d"), "photometry"
    else:
        goal, purpose = frames(first(roles, *(NARROW if each.narrow else ("L",))), 180.0, 20), "deep-sky"
    here: Any = {"body": sight.body} if sight.body else place(sight.ra_deg, sight.dec_deg)
    if sight.elements is not None:
        here = sight.elements.said() if sight.absolute is None else None  # obsy's own are found by the name
    return Wish(sight.name, 1, here, (goal,) if goal else (), {"altitude": "above 30 deg"}, purpose=purpose)
