"""Several short exposures as one point, where that is declared: weighted, at their middle, with errors that own up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.light_curve import ARRAYS, LightCurve
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.same_stars import PER_SHARE, Floats, Mask
from obsy.errors import UserError
from obsy.units import DURATION, Quantity

_ROUNDING_S = 0.01
"""Julian dates are kept to 40 microseconds."""
FEWEST = 3
"""Frames whose scatter says something."""
_SPAN = Quantity("a time span", DURATION, "5 min", 0.0)


@dataclass(frozen=True, slots=True)
class PointOf:
    """Of how many frames, or of how long a time, one point is made; the other is 0."""

    frames: int = 0
    span_s: float = 0.0

    @property
    def way(self) -> str:
        """Return it as names of files have it: 'bin5', or 'bin300s'."""
        return f"bin{self.frames or f'{self.span_s:g}s'}"


def point_of(said: str) -> PointOf:
    """Return what '5' (frames) or '5 min' says. Raises UserError for what is neither, with the cure."""
    if said.strip().isdecimal() and int(said) > 1:
        return PointOf(frames=int(said))
    found = _SPAN.number(said)
    if found is None or found[0] <= 0:
        raise UserError(f"'{said}' is neither a number of frames nor a time: write '5' (two or more) or '5 min'")
    return PointOf(span_s=_SPAN.read(said))


def in_points(night: NightMagnitudes, by: PointOf) -> NightMagnitudes:
    """Return a night of which each filter's points are made of several frames."""
    return replace(night, filters=tuple(in_points_of(each, by) for each in night.filters))


def in_points_of(one: FilterNight, by: PointOf) -> FilterNight:
    """Return a filter whose points are made of several frames."""
    return replace(one, found=binned(one.found, by), way="+".join(filter(None, (one.way, by.way))))


def binned(found: EnsembleResult, by: PointOf) -> EnsembleResult:
    """Return a night's magnitudes with several frames as one point each.

    Frames in order of time go together, to so many or so long from the first one's middle to the last one's. Where one
    of them did not show the star, they stay single: a mean of those that did would be too bright. The last few may be
    fewer.
    """
    curve, common = found.curve, found.common_error
    points = [point for group in _groups(curve, by) for point in _points(curve.only(group), common)]
    if not points:
        return found
    arrays = {name: np.concatenate([getattr(each, name) for each in points]) for name in ARRAYS}
    return replace(found, curve=LightCurve(**arrays, frame=tuple(name for each in points for name in each.frame)))


def _groups(curve: LightCurve, by: PointOf) -> Iterator[Mask]:
    """Yield which points go together."""
    first, number = 0, np.arange(len(curve))
    for at in range(1, len(curve) + 1):
        is_over = at == len(curve) or (
            at - first >= by.frames
            if by.frames
            else (curve.jd_utc[at] - curve.jd_utc[first]) * 86400 > by.span_s + _ROUNDING_S
        )
        if is_over:
            yield (number >= first) & (number < at)
            first = at


def _points(some: LightCurve, common: float) -> Iterator[LightCurve]:
    moved = np.isfinite(some.transformation)
    if len(some) == 1 or some.is_limit.any() or moved.any() != moved.all():
        for at in range(len(some)):
            yield some.only(np.arange(len(some)) == at)
        return
    weight, own, light = _mean(some.magnitude, np.sqrt(np.maximum(some.error**2 - common**2, 0.0)))
    told = {name: np.array([float(np.sum(weight * getattr(some, name)))]) for name in ARRAYS if name != "is_limit"}
    shift = light - float(told["magnitude"][0])  # the mean of light is not that of magnitudes
    seen = np.isfinite(some.check) & (some.check_error > 0)
    check = _mean(some.check[seen], some.check_error[seen]) if seen.any() else (None, np.nan, np.nan)
    told |= {name: told[name] + shift for name in ("magnitude", "instrumental")}
    told |= {
        "error": np.array([np.hypot(own, common)]),
        "check": np.array([check[2]]),
        "check_error": np.array([check[1]]),
    }
    told["check_instrumental"] = told["check"] - told["zero_point"]
    told |= {name: np.array([float(getattr(some, name).sum())]) for name in ("exposure_s", "of_frames")}
    told |= {"compared_with": np.array([some.compared_with.min()]), "group": some.group[:1]}
    yield LightCurve(**told, is_limit=np.zeros(1, dtype=bool), frame=some.frame[:1])


def _mean(magnitude: Floats, error: Floats) -> tuple[Floats, float, float]:
    """Return weights that sum to 1, the error of the mean and the mean of the light, mag.

    Light is averaged, not magnitudes, each by its error as light, which is hardly larger where it is low by chance.
    Where three or more scatter by more than their errors, the error of the mean is as much larger. Source: Bevington &
    Robinson 2003, equations 4.17 to 4.19, and the reduced chi squared.
    """
    light = 10 ** (-0.4 * (magnitude - magnitude[0]))
    sigma = np.maximum(error, 1e-6) * light / PER_SHARE
    weight = sigma**-2 / np.sum(sigma**-2)
    mean, own = float(np.sum(weight * light)), float(np.sum(sigma**-2)) ** -0.5
    if len(light) >= FEWEST:
        own *= max(1.0, float(np.sqrt(np.sum(((light - mean) / sigma) ** 2) / (len(light) - 1))))
    return weight, PER_SHARE * own / mean, float(magnitude[0] - 2.5 * np.log10(mean))
