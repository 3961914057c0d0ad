"""A block as the two files that EKOS loads: what to point at (.esl), and what to take there (.esq)."""

from pathlib import Path
from typing import NamedTuple

from obsy.engine.devices.ekos.dialects import Dialect
from obsy.engine.devices.ekos.jobs import EkosFrames, EkosTarget, levels, list_text, sequence_text
from obsy.engine.devices.ekos.profile import PROFILE, EkosEquipment
from obsy.engine.devices.ports import Job
from obsy.errors import DeviceError

STEPS = ("Track",)
"""Of each job, before its frames; what EKOS focuses, solves and guides by itself is not wired."""


class Whose(NamedTuple):
    """Whose KStars a block is for."""

    profile: str = PROFILE
    """What the list says of it."""
    is_ours: bool = True
    """Else the limits of its owner's capture module stay, and no list of ours ends by itself: EKOS might stop then."""


OURS = Whose()


def write_schedule(  # noqa: PLR0913, PLR0917  what it is, for what, and where to
    job: Job, equipment: EkosEquipment, dialect: Dialect, folder: Path, captures: Path, whose: Whose = OURS
) -> Path:
    """Write schedule.esl and sequence.esq into a folder; return the .esl.

    dialect: of the version that is installed. captures: where EKOS is to put the frames.
    Raise DeviceError if EKOS cannot take such a job with this equipment.
    """
    sequence, schedule = folder / "sequence.esq", folder / "schedule.esl"
    frames = _frames(job, equipment, captures)
    sequence.write_text(sequence_text([frames], dialect, driven=whose.is_ours), encoding="utf-8")
    target = EkosTarget(job.object, job.pointing, sequence, STEPS, endless=not whose.is_ours)
    schedule.write_text(list_text([target], dialect, whose.profile), encoding="utf-8")
    return schedule


def wheel_label(role: str | None, equipment: EkosEquipment) -> str:
    """What the wheel calls a role; KStars would keep the filter that is in if it did not know the name."""
    if role is None or role not in equipment.labels:
        known = ", ".join(equipment.labels)
        raise DeviceError(f"the wheel '{equipment.wheel}' has no filter for the role '{role}'; it has {known}")
    return equipment.labels[role]


def _frames(job: Job, equipment: EkosEquipment, captures: Path) -> EkosFrames:
    exposure = job.exposure
    if exposure.kind != "light":
        raise DeviceError(f"EKOS was asked for a {exposure.kind} frame; obsy lets it take lights only")
    return EkosFrames(
        kind=exposure.kind,
        seconds=exposure.seconds,
        count=job.count,
        object=exposure.object,
        folder=captures,
        size=(equipment.columns, equipment.rows),
        filter=wheel_label(exposure.filter, equipment) if equipment.wheel is not None else "",
        binning=exposure.binning,
        temperature_c=job.temperature_c,
        levels=levels(equipment.settings, exposure.gain, exposure.offset),
        dither=0,
    )
