"""A fitted transit as people and machines are told it; the page shows it with its light curve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obsy.engine.science.transit.coverage import TransitResult
    from obsy.engine.science.transit.fit import TransitFit

MINUTES = 1440


@dataclass(frozen=True, slots=True)
class FittedTransitStory:
    """The transit that a plan covered in a night, fitted, or why it was not."""

    plan: str
    planet: str
    headline: str = ""
    short: str = ""
    """For a line that tells of all: '2461396.60160 +- 0.00131, O-C -0.9 +- 1.9 min'."""
    facts: tuple[tuple[str, str], ...] = ()
    """What each is about, and what is said of it."""
    doubts: tuple[str, ...] = ()
    refusal: str = ""
    """Why nothing may be reported; empty where it may."""
    shape: Mapping[str, Any] = field(default_factory=dict)
    chart: Mapping[str, Any] | None = None
    """What its picture shows; None where nothing was fitted."""
    files: tuple[Path, ...] = ()
    """What the night wrote of it."""
    unsigned: str = ""
    """Why the AAVSO would not take its file; empty where it would."""
    faults: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """'XO-6 b 2461396.60160 +- 0.00131, O-C -0.9 +- 1.9 min', for a line that tells of all."""
        barred = " (nothing may be reported)" if self.refusal else ""
        return f"{self.planet} {self.short or 'not fitted: see the page'}{barred}"

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        files = [str(each) for each in self.files]
        return {"plan": self.plan, **self.shape, "planet": self.planet, "files": files, "faults": [*self.faults]}


def short(fit: "TransitFit", told: "TransitResult") -> str:
    """Return '2461396.60160 +- 0.00131, O-C -0.9 +- 1.9 min'."""
    return f"{fit.middle.value:.5f} +- {fit.middle.error:.5f}, O-C {_minutes(told)}"


def headline(fit: "TransitFit") -> str:
    """Return 'XO-6 b: 105 points, 2461396.5280 to 2461396.6752 BJD_TDB'."""
    curve = fit.curve
    return f"{fit.planet.name}: {len(curve)} points, {curve.bjd_tdb[0]:.4f} to {curve.bjd_tdb[-1]:.4f} BJD_TDB"


def facts(fit: "TransitFit", told: "TransitResult") -> Iterator[tuple[str, str]]:
    """Yield what a fit says: what it is about, and the words."""
    share = ", ".join(f"{part} {each:.0%}" for part, each in told.coverage.items())
    yield "middle", f"{fit.middle.value:.5f} +- {fit.middle.error:.5f} BJD_TDB, turn {told.turn}"
    yield "O-C", f"{_minutes(told)} against its ephemeris"
    yield "radius", f"{fit.ratio.value:.4f} +- {fit.ratio.error:.4f} of its star's"
    yield "depth", f"{told.depth.value:.2%} +- {told.depth.error:.2%}"
    yield "duration", f"{told.duration_d * 24:.2f} h"
    yield "scatter", f"{fit.rms:.2%}; errors times {fit.inflation:.2f}, red noise {fit.beta:.2f}"
    yield "detrended by", f"{', '.join(fit.trends) or 'nothing'}; {int(fit.is_outlier.sum())} outliers flagged"
    yield "taken", share


def _minutes(told: "TransitResult") -> str:
    return f"{told.late_d.value * MINUTES:+.1f} +- {told.late_d.error * MINUTES:.1f} min"
