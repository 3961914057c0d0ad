"""A job as the two files EKOS loads: what to point at (.esl) and what to take there (.esq)."""

from pathlib import Path

from obsy.engine.devices.ekos.profile import PROFILE, EkosEquipment
from obsy.engine.devices.ports import Job
from obsy.engine.render import render
from obsy.errors import DeviceError

DEGREES_PER_HOUR = 15.0
STEPS = ("Track",)
"""Of each job, before its frames; what EKOS focuses, solves and guides by itself is not wired."""


def write_schedule(job: Job, equipment: EkosEquipment, templates: str, folder: Path, captures: Path) -> Path:
    """Write schedule.esl and sequence.esq into a folder; return the .esl.

    templates: of the dialect that the installed version reads. captures: where EKOS is to put the frames.
    Raise DeviceError if EKOS cannot take such a job with this equipment.
    """
    sequence, schedule = folder / "sequence.esq", folder / "schedule.esl"
    sequence.write_text(_sequence(job, equipment, templates, captures), encoding="utf-8")
    text = render(
        f"{templates}/schedule.esl",
        profile=PROFILE,
        name=job.object,
        ra_hours=_decimal(job.pointing.ra_deg / DEGREES_PER_HOUR, 8),
        dec_deg=_decimal(job.pointing.dec_deg, 7),
        sequence=sequence,
        steps=STEPS,
    )
    schedule.write_text(text, encoding="utf-8")
    return schedule


def wheel_label(role: str | None, equipment: EkosEquipment) -> str:
    """What the wheel calls a role; KStars would keep the filter that is in if it did not know the name."""
    if role is None or role not in equipment.labels:
        known = ", ".join(equipment.labels)
        raise DeviceError(f"the wheel '{equipment.wheel}' has no filter for the role '{role}'; it has {known}")
    return equipment.labels[role]


def _sequence(job: Job, equipment: EkosEquipment, templates: str, captures: Path) -> str:
    exposure = job.exposure
    if exposure.kind != "light":
        raise DeviceError(f"EKOS was asked for a {exposure.kind} frame; obsy lets it take lights only")
    return render(
        f"{templates}/sequence.esq",
        exposure_s=_decimal(exposure.seconds, 3),
        binning=exposure.binning,
        columns=equipment.columns,
        rows=equipment.rows,
        cooled=job.temperature_c is not None,
        temperature_c=_decimal(job.temperature_c or 0.0, 1),
        filter=wheel_label(exposure.filter, equipment) if equipment.wheel is not None else "",
        count=job.count,
        captures=captures,
        gain=exposure.gain,
        offset=exposure.offset,
    )


def _decimal(value: float, places: int) -> str:
    """A plain decimal number, as the C locale writes it; KStars reads an exponent or a comma as 0."""
    return f"{value:.{places}f}"
