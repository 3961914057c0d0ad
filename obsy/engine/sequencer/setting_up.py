"""How long it takes as a rule to set a telescope up: planning counts with it, and the sequencer holds to it."""

from obsy.schemas.mount import Mount
from obsy.schemas.train import Train

SOLVED_S = 4.0
"""After its file is complete, what it tells of where the telescope points counts this much later."""
GUIDES_S = 5.0
"""From the request until a guide star is found and held; it settles then."""
FOCUS_SAMPLES = 7
"""Frames of one focus run."""
FOCUS_EXPOSURE_S = 4.0
FOCUS_MEASURED_S = 5.0
"""After its file is complete, a focus frame's width counts this much later."""
FOCUS_MOVE_S = 2.0
"""From one sample's place to the next."""
HALF_TURN_DEG = 180.0
AHEAD_DEG = 20.0
"""From one frame of what flies to the next no mount is sent farther, as a rule."""


def usual_s(mount: Mount, train: Train) -> float:
    """Return how long centring and guiding take as a rule, seconds, until a block can expose.

    Centred is by a look, a correction, and a look that finds it well; guiding finds its calibration of before.
    """
    begins_s = guided_s(train) + turned_s(train)
    if mount.centre is None:
        return begins_s
    return begins_s + 2 * (mount.centre.exposing + train.camera.download + SOLVED_S) + mount.settle


def turned_s(train: Train) -> float:
    """Return how long turning the camera takes as a rule, seconds: half of the farthest way, and a look or two."""
    if train.rotator is None:
        return 0.0
    looks_s = train.rotator.turn.exposing + train.camera.download + SOLVED_S
    return 2 * looks_s + HALF_TURN_DEG / 2 / train.rotator.speed


def guided_s(train: Train) -> float:
    """Return how long it is until guiding has settled, seconds, if all is well."""
    return train.guider.settle.lasting + GUIDES_S if train.guider is not None else 0.0


def aims_s(mount: Mount) -> float:
    """Return how long a mount takes to be sent ahead of what flies, and to settle, seconds."""
    return AHEAD_DEG / mount.slew + mount.settle
