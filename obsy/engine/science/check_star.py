"""The check star of a night: measured like the target and never compared with, it tells whether all is well."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.mad_std import mad_std
from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.same_stars import Floats, Mask
from obsy.schemas.comparison import KnownMagnitude

DEVIATES_SIGMA, DEVIATES_MAG = 3.0, 0.05
"""A check star that differs by more than both from its catalogue refuses the report."""
MOST_MAG = 0.3
"""And by more than this however large its errors are: such a star checks nothing."""
VARIES_SIGMA, VARIES_MAG = 3.0, 0.015
"""A star that scatters over the night by more than so many times its errors, and by more than so much, varies."""
FRAME_SIGMA = 4.0
"""A frame in which the check star differs by more, and by more than DEVIATES_MAG, from its own middle is left out."""
MOST_OFF = 0.2
"""Of the frames: where it differs in more, it is not the frames that are wrong."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The check star over a night."""

    name: str
    known: float
    """By its catalogue, mag."""
    known_error: float
    measured: float
    """Weighted mean, mag; NaN where it was never seen whole."""
    error: float
    """Of the mean, with what the ensemble's catalogue leaves uncertain."""
    scatter: float
    """Standard deviation of its points, mag."""
    varies: str = ""
    """Why it is no star to check by; empty where it is constant."""

    @property
    def deviation(self) -> float:
        """Measured less known, mag."""
        return self.measured - self.known

    @property
    def refusal(self) -> str:
        """Why nothing may be reported; empty where it comes out as it should."""
        if self.varies:
            return f"the check star {self.name} {self.varies}: name another by 'check'"
        if not np.isfinite(self.measured):
            return f"the check star {self.name} was not seen whole in any frame: name another by 'check'"
        allowed = min(MOST_MAG, max(DEVIATES_MAG, DEVIATES_SIGMA * float(np.hypot(self.error, self.known_error))))
        if abs(self.deviation) <= allowed:
            return ""
        return (
            f"the check star {self.name} is {self.deviation:+.3f} mag from its catalogue, more than {allowed:.3f}: "
            "see whether filter, comparison stars and the place of each are right"
        )


def checked(name: str, known: KnownMagnitude, curve: LightCurve, common_error: float, varies: str = "") -> CheckResult:
    """Return the check star's weighted mean over the frames; its error is at least that of its scatter.

    common_error: of all frames alike, mag. varies: why it is none to check by, if that is known.
    """
    seen, known_error = _seen(curve), known.error or 0.0
    if not seen.any():
        nothing = float("nan")
        return CheckResult(name, known.value, known_error, nothing, nothing, nothing, varies)
    weight, many = 1 / curve.check_error[seen] ** 2, int(seen.sum())
    mean = float(np.sum(weight * curve.check[seen]) / weight.sum())
    scatter = float(curve.check[seen].std(ddof=1)) if many > 1 else float("nan")
    own = max(1 / np.sqrt(weight.sum()), float(np.nan_to_num(scatter)) / np.sqrt(many))
    return CheckResult(
        name,
        known.value,
        known_error,
        mean,
        float(np.hypot(own, common_error)),
        scatter,
        varies or _varies(curve, seen),
    )


def frames_off(curve: LightCurve) -> Mask:
    """Return in which frames the check star is not as in the others."""
    return np.asarray(_seen(curve) & (_away(curve) > np.maximum(DEVIATES_MAG, FRAME_SIGMA * curve.check_error)))


def _varies(curve: LightCurve, seen: Mask) -> str:
    """Return what tells that it varies: half of its points scatter too much, or too many are quite wrong; else ''."""
    scatter = mad_std(curve.check[seen])
    expected = float(np.median(curve.check_error[seen]))
    if scatter > max(VARIES_MAG, VARIES_SIGMA * expected):
        return f"varies, by {scatter:.3f} mag where {expected:.3f} is expected"
    if (off := int(frames_off(curve).sum())) > max(1.0, MOST_OFF * seen.sum()):
        return f"is not as in the others in {off} of {seen.sum()} frames: it varies, or clouds passed"
    return ""


def _seen(curve: LightCurve) -> Mask:
    return np.asarray(np.isfinite(curve.check) & (curve.check_error > 0))


def _away(curve: LightCurve) -> Floats:
    """How far each point lies from their median, mag; NaN where it was not seen."""
    seen = _seen(curve)
    away = np.full(len(curve), np.nan)
    if seen.any():
        away[seen] = np.abs(curve.check[seen] - np.median(curve.check[seen]))
    return away
