"""How a frame that obsy takes by itself is named, whatever camera took it."""

import re
from datetime import datetime

from obsy.engine.devices.ports import Exposure

FRAMES = {"light": "Light", "focus": "Light", "centring": "Light", "bias": "Bias", "dark": "Dark", "flat": "Flat"}
"""What headers call each kind of exposure."""
ASIDE = {"focus", "centring"}
"""What is looked at once and thrown away; such files go to a folder of their own, `focus`, that nobody watches."""


def file_name(exposure: Exposure, role: str, train: str, taken: datetime) -> str:
    """Return a name that says what it is, and is another one each millisecond."""
    stamp = taken.strftime("%Y%m%dT%H%M%S.%f")[:-3].replace(".", "")
    parts = (exposure.object, exposure.kind, role, f"{exposure.seconds:g}s", train, stamp)
    return re.sub(r"[^\w.+-]+", "-", f"{'_'.join(parts)}.fits")
