"""What no flyover of a satellite is long enough for: a single exposure, and all frames that a goal counts."""

from collections.abc import Iterator
from math import acos, ceil, cos, floor, pi, radians, sqrt

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import Standing, standing
from obsy.schemas.plan import Plan
from obsy.schemas.target import Satellite
from obsy.units import duration

EARTH_KM3_S2, POLAR_KM = 398600.4418, 6356.752
"""Source: WGS 84. The smaller radius of the Earth makes a flyover the longer."""
EARTH_RAD_S = 7.2921e-5
LONGER = 1.04
"""By so much a high one may last longer, whose way over the ground is bent: 1.036 of it, of 40 random orbits."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of exposures that are longer than the satellite is ever up at a time."""
    for entry, number, longest_s, _, lowest_deg in _flying(declared):
        exposure_s = entry.document.want[number].exposure
        if longest_s < exposure_s:
            found = f"one exposure of {duration(exposure_s)}, and {_takes(lowest_deg, longest_s)}"
            words = (found, "an exposure that fits into a flyover", "write a shorter exposure, or a lower 'altitude'")
            yield entry.complain("exposure-longer-than-window", words, "want", number, "exposure")


def warned(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of goals that count more frames than any one flyover holds."""
    for entry, number, longest_s, each_s, lowest_deg in _flying(declared):
        goal, holds = entry.document.want[number], floor(longest_s / each_s)
        if goal.count is not None and 0 < holds < goal.count:
            found = f"{goal.count} frames, and {_takes(lowest_deg, longest_s)}, which holds {holds}"
            mend = f"write 'count: {holds}' or less; as it stands, the others wait for further flyovers"
            yield entry.complain("beyond-a-flyover", (found, "no more than one holds", mend), "want", number, "count")


def longest_flyover_s(satellite: Satellite, lowest_deg: float) -> float | None:
    """Return for how long a satellite is at most above an altitude at a time; None if it does not leave the sky so.

    That is a passage through the zenith at its apogee, where it is slowest, over ground that turns along with it.
    Source: Wertz and Larson, Space Mission Analysis and Design (1999), section 5.3.1.
    """
    second = satellite.tle[1]
    inclination, eccentricity = radians(float(second[8:16])), float(f"0.{second[26:33].strip()}")
    motion = float(second[52:63]) * 2 * pi / 86400
    apogee_km = (EARTH_KM3_S2 / motion**2) ** (1 / 3) * (1 + eccentricity)
    speed = motion * sqrt(1 - eccentricity**2) / (1 + eccentricity) ** 2 - EARTH_RAD_S * max(cos(inclination), 0.0)
    if speed <= 0 or apogee_km <= POLAR_KM:
        return None
    lowest = radians(lowest_deg)
    return LONGER * 2 * (acos(POLAR_KM * cos(lowest) / apogee_km) - lowest) / speed


def _flying(declared: Declared) -> Iterator[tuple[Entry[Plan], int, float, float, float]]:
    """Yield each goal of a satellite: its number, its longest flyover, the time from frame to frame, and how low, deg.

    Of several trains that serve it, that which holds most frames counts.
    """
    if not all(map(declared.all_well, ("train", "mount", "enclosure", "site"))):
        return  # what takes it is not known
    for entry in declared.of(Plan):
        plan = entry.document
        if not isinstance(plan.target, Satellite) or plan.targets:
            continue
        every = list(standing(declared))
        served = [each for each in every if plan.served_by(each.train.document)] or every
        for number, goal in enumerate(plan.want):
            found = []
            for each in served:
                lowest_deg = _lowest_deg(plan, number, each)
                if (longest_s := longest_flyover_s(plan.target, lowest_deg)) is not None:
                    found.append((longest_s, goal.exposure + each.train.document.camera.download, lowest_deg))
            if found and len(found) == len(served):
                yield entry, number, *max(found, key=lambda it: it[0] / it[1])


def _lowest_deg(plan: Plan, number: int, each: Standing) -> float:
    limits = [limit.bounds() for _, limit in plan.want[number].when.over(plan.when).constraints()]
    return max(bounds.lowest_deg for bounds in (each.mount.altitude.bounds(), *limits))


def _takes(lowest_deg: float, longest_s: float) -> str:
    return f"a flyover above {lowest_deg:.3g} deg takes at most {duration(ceil(longest_s))}"
