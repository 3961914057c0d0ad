"""How a frame that obsy takes by itself is named, and what its header says, whatever camera took it."""

import re
from collections.abc import Mapping
from datetime import datetime

from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import Card, plain
from obsy.schemas.train import Train

FRAMES = {"light": "Light", "focus": "Light", "centring": "Light", "bias": "Bias", "dark": "Dark", "flat": "Flat"}
"""What headers call each kind of exposure."""
ASIDE = {"focus", "centring"}
"""What is looked at once and thrown away; such files go to a folder of their own, `focus`, that nobody watches."""


def file_name(exposure: Exposure, role: str, train: str, taken: datetime) -> str:
    """Return a name that says what it is, and is another one each millisecond."""
    stamp = taken.strftime("%Y%m%dT%H%M%S.%f")[:-3].replace(".", "")
    parts = (exposure.object, exposure.kind, role, f"{exposure.seconds:g}s", train, stamp)
    return re.sub(r"[^\w.+-]+", "-", f"{'_'.join(parts)}.fits")


def frame_cards(train: Train, exposure: Exposure, settings: Mapping[str, int]) -> list[Card]:
    """Return what obsy knows better than a driver. settings: what of the camera's could be set."""
    cards: list[Card] = [
        ("OBJECT", exposure.object, "Object name"),
        ("TELESCOP", train.name, "Telescope name"),
        ("FOCALLEN", train.telescope.focal_length, "Focal Length (mm)"),
        ("APTDIA", train.telescope.aperture, "Telescope diameter (mm)"),
        *((setting.upper(), value, setting.capitalize()) for setting, value in settings.items()),
        *exposure.asked.cards(),
    ]
    if exposure.rotation_deg is not None:
        cards.append(("ROTATANG", round(exposure.rotation_deg, 3), "Rotator angle in degrees"))
    if exposure.filter is not None and (train.filters is not None or train.filter is not None):
        label = label_of(train, exposure.filter)
        cards.append(("FILTER", label if label == plain(label) else exposure.filter, "Filter"))
    return cards


def label_of(train: Train, role: str) -> str:
    """Return what the driver calls a filter."""
    return next(slot.label for slot in train.slots if slot.role == role)
