"""How well a master calibrates a frame: what rules it out, and else how far it is from being taken with it."""

from dataclasses import dataclass
from datetime import timedelta
from math import log10

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Master, same_exposure
from obsy.schemas.calibration import Calibration
from obsy.units import duration

READOUT = ("camera", "binning", "gain", "offset", "readout")
COMPARED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bias": (READOUT, ()),
    "dark": (READOUT, ("temperature_c",)),
    "flat": ((*READOUT, "filter"), ("rotation_deg",)),
}
"""What must be equal where both say it, and what should be near."""
NAMES = {"binning": "binning ", "gain": "gain ", "offset": "offset ", "readout": "readout mode "}
DAY = timedelta(days=1)
TURNED_DEG = 1.0
"""A rotator that turned by so much since a flat makes it as bad as one of its greatest age: its dust has moved by a
hundred pixels at the edge of a large sensor."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """A master held against a frame."""

    master: Master
    against: tuple[str, ...]
    """What rules it out, in words; empty for one that may calibrate the frame."""
    unsaid: int
    """How much of what must agree one of the two does not say."""
    stale: bool
    """Whether more time lies between them than a master is good for."""
    scaled: bool
    """Whether it is a dark of another exposure."""
    distance: float
    """The sum of how far they are apart, each in units of what is allowed: age, temperature, exposure, rotation."""
    said: str
    """The same for people: '0.3 degC, 1.2 d', '12 min'."""

    @property
    def rank(self) -> tuple[object, ...]:
        """What the best is least in: what is known to agree, fresh, of its exposure, near, of many frames, new."""
        own = self.master
        age = -own.taken_at.timestamp()
        return self.unsaid, self.stale, self.scaled, self.distance, -own.frames, age, own.sha256


def held_against(frame: Frame, master: Master, calibration: Calibration) -> Fitness:
    """Return how well the master calibrates the frame; of its train and kind it is already."""
    equal, near = COMPARED[master.kind]
    pairs = {part: (getattr(frame, part), getattr(master, part)) for part in (*equal, *near)}
    against = [
        f"{NAMES.get(part, '')}{has}"
        for part, (want, has) in pairs.items()
        if part in equal and None not in (want, has) and want != has
    ]
    against += ["its pedestal is still in it"] if master.kind == "flat" and master.pedestal else []
    unsaid = sum((want is None) != (has is None) for want, has in pairs.values())
    scaled, apart = False, []
    if master.kind == "dark":
        scaled = not same_exposure(master.exposure_s, frame.exposure_s)
        if not scaled or _scalable(frame, master):
            apart += [(log10(master.exposure_s / frame.exposure_s), f"scaled from {master.exposure_s:g} s")] * scaled
        else:
            against += [f"{master.exposure_s:g} s"]
        if frame.temperature_c is not None and master.temperature_c is not None:
            off, within = abs(frame.temperature_c - master.temperature_c), calibration.dark.within
            against += [f"{master.temperature_c:g} degC"] if off > within else []
            apart += [(off / within if within else 0.0, f"{off:.2g} degC" if off else "")]
    if master.kind == "flat" and frame.rotation_deg is not None and master.rotation_deg is not None:
        turn = abs((frame.rotation_deg - master.rotation_deg + 180.0) % 360.0 - 180.0)
        apart += [(turn / TURNED_DEG, f"turned by {turn:.2g} deg" if turn else "")]
    need = {"bias": calibration.bias, "dark": calibration.dark, "flat": calibration.flat}[master.kind]
    days, oldest = abs(frame.taken_at - master.taken_at) / DAY, need.max_age if need else calibration.bias.max_age
    apart += [(days / oldest, f"{days:.1f} d" if days >= 1.0 else duration(days * DAY.total_seconds()))]
    distance = sum(far for far, _ in apart)
    said = ", ".join(filter(None, (*(words for _, words in apart), f"older than {oldest:g} d" * (days > oldest))))
    return Fitness(master, tuple(against), unsaid, days > oldest, scaled, distance, said)


def best(candidates: list[Fitness]) -> Fitness | None:
    """Return the best of those that nothing rules out; the same in whatever order they come."""
    return min((each for each in candidates if not each.against), key=lambda each: each.rank, default=None)


def why(chosen: Fitness, candidates: list[Fitness]) -> str:
    """Return why this one: what lies between it and the frame, and what speaks against the next best of its kind."""
    fit = sorted((each for each in candidates if not each.against and each is not chosen), key=lambda each: each.rank)
    told = f"{chosen.master.kind}: {chosen.master.path.name} ({chosen.said})"
    if fit:
        return f"{told}, not {fit[0].master.path.name} ({fit[0].said})"
    return told + why_none(candidates)


def why_none(candidates: list[Fitness]) -> str:
    """Return what speaks against the one that came nearest to being taken, where there is one."""
    out = [each for each in candidates if each.against]
    nearest = min(out, key=lambda each: (len(each.against), each.rank), default=None)
    return f", not {nearest.master.path.name} ({', '.join(nearest.against)})" if nearest else ""


def _scalable(frame: Frame, dark: Master) -> bool:
    """Whether a dark of another exposure may be scaled to the frame's.

    Not for a light: amplifier glow does not grow with time alone. A flat is short and bright, so that what is wrong
    with a longer dark scaled down is nothing beside its light; a shorter one would be noise scaled up.
    """
    return frame.kind == "flat" and dark.exposure_s > frame.exposure_s > 0
