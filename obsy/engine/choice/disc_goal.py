"""What one would take to begin with of the Moon or a planet, for `obsy up` and `obsy target` alike."""

from typing import NamedTuple

from obsy.engine.declare.sense.brightness import LEAST_S
from obsy.engine.declare.sense.discs import full_s
from obsy.schemas.train import Train

LONGEST_S, FRAMES = 1.0, 100
FILTERS = "R", "Rc", "L", "C", "OSC"
"""Which will do, the best first."""
UNKNOWN = "R", 0.002
"""Where there is no train: what fills no pixel of a usual telescope."""
PIPELINE = "photometry"


class DiscGoal(NamedTuple):
    """Filter, seconds of exposure, and how many frames."""

    filter: str
    exposure_s: float
    frames: int


def disc_goal(body: str, train: Train | None) -> DiscGoal:
    """Return frames that half fill the camera, through the first filter that is dark enough, else the darkest."""
    if train is None:
        return DiscGoal(*UNKNOWN, FRAMES)
    roles = sorted(train.roles, key=lambda role: FILTERS.index(role) if role in FILTERS else len(FILTERS))
    half = [((full_s(train, role, body) or 0.0) / 2, role) for role in roles]
    exposure_s, role = next((each for each in half if each[0] >= LEAST_S), max(half))
    return DiscGoal(role, float(f"{min(LONGEST_S, max(LEAST_S, exposure_s)):.1g}"), FRAMES)
