"""What EKOS's two files say, in our terms: targets of a scheduler's list, and series of frames of a sequence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from obsy.engine.devices.ekos.dialects import ELEMENTS, Dialect
from obsy.engine.devices.indi.camera_profiles import CameraProfile
from obsy.engine.devices.ports import Pointing
from obsy.engine.render import render
from obsy.units import DEGREES_PER_HOUR

UNTURNED_DEG = -181
"""KStars' word for: do not rotate."""
GLOBAL, NEVER = 0, -1
"""KStars' words for: dither as the guide module is set, and not at all."""
SHORTEST_S = 0.001
"""Of an exposure, also of a bias."""
TYPES = {"light": "Light", "bias": "Bias", "dark": "Dark", "flat": "Flat"}


@dataclass(frozen=True, slots=True)
class EkosTarget:
    """A job of the scheduler: where to point, when, and which sequence to take there."""

    name: str
    pointing: Pointing
    sequence: Path
    steps: tuple[str, ...] = ("Track",)
    """Before its frames: Track, Focus, Align, Guide."""
    start: datetime | None = None
    """On the site's clock, as KStars reads it; None: as soon as it can be."""
    endless: bool = False
    """Whether its sequence is begun anew for ever; a list that ends may stop EKOS, as its owner has set it."""
    constraints: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    """By KStars' names; None: there is no value to it."""


@dataclass(frozen=True, slots=True)
class EkosFrames:
    """A job of the capture module: so many frames alike."""

    kind: str
    """light, bias, dark or flat."""
    seconds: float
    count: int
    object: str
    folder: Path
    size: tuple[int, int]
    """Columns and rows of the sensor, before binning."""
    filter: str = ""
    """As the wheel calls it; '' without a wheel."""
    binning: int = 1
    temperature_c: float | None = None
    levels: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    """Gain and offset, by the driver's property and element."""
    dither: int | None = None
    """After so many frames; 0: not at all; None: as the guide module is set."""


def list_text(targets: Sequence[EkosTarget], dialect: Dialect, profile: str | None = None) -> str:
    """Return a scheduler's list.

    profile: of the EKOS that obsy drives ('' for the one that is at work), which keeps no weather, parks nothing and
    takes up nothing by itself; None: all of that stays as its owner has set it.
    """
    told = [_target(each, dialect) for each in targets]
    about = {"version": dialect.list_version, "knows": dialect.knows}
    return render("ekos/schedule.esl", profile=profile, driven=profile is not None, targets=told, **about)


def sequence_text(series: Sequence[EkosFrames], dialect: Dialect, driven: bool = False, refocus_min: int = 0) -> str:
    """Return a sequence.

    driven: by obsy, which wants no frame aborted, and no focus but what it asks for; else its owner's limits stay.
    refocus_min: focus again after so many minutes; 0: never.
    """
    told = [_frames(each, dialect) for each in series]
    about = {"version": dialect.sequence_version, "knows": dialect.knows}
    return render("ekos/sequence.esq", series=told, driven=driven, refocus_min=refocus_min, **about)


def levels(settings: CameraProfile, gain: int, offset: int) -> dict[str, dict[str, int]]:
    """Return gain and offset where a driver keeps them, by property and element; KStars sets numbers alone."""
    found: dict[str, dict[str, int]] = {}
    for spot, level in ((settings.gain, gain), (settings.offset, offset)):
        if spot is not None and spot[1]:  # an element '' is a switch
            found.setdefault(spot[0], {})[spot[1]] = level
    return found


def _target(target: EkosTarget, dialect: Dialect) -> dict[str, Any]:
    return {
        "name": target.name,
        "ra_hours": _decimal(target.pointing.ra_deg / DEGREES_PER_HOUR, 8),
        "dec_deg": _decimal(target.pointing.dec_deg, 7),
        "angle_deg": UNTURNED_DEG,
        "sequence": target.sequence,
        "start": f"{target.start:%Y-%m-%dT%H:%M:%S}" if target.start is not None else None,
        "constraints": {
            name: None if value is None else f"{value:g}"
            for name, value in target.constraints.items()
            if name not in ELEMENTS or name in dialect.knows
        },
        "steps": target.steps,
        "completion": "Loop" if target.endless else "Sequence",
    }


def _frames(frames: EkosFrames, dialect: Dialect) -> dict[str, Any]:
    never = NEVER if "NoDither" in dialect.knows else GLOBAL
    return {
        "exposure_s": _decimal(max(frames.seconds, SHORTEST_S), 3),
        "binning": frames.binning,
        "columns": frames.size[0],
        "rows": frames.size[1],
        "cooled": frames.temperature_c is not None,
        "temperature_c": _decimal(frames.temperature_c or 0.0, 1),
        "filter": frames.filter,
        "type": TYPES[frames.kind],
        "count": frames.count,
        "object": frames.object,
        "dither": GLOBAL if frames.dither is None else frames.dither or never,
        "folder": frames.folder,
        "levels": frames.levels,
    }


def _decimal(value: float, places: int) -> str:
    """A plain decimal number, as the C locale writes it; KStars reads an exponent or a comma as 0."""
    return f"{value:.{places}f}"
