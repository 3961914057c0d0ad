"""A plan's magnitudes in a night as people and machines are told them; the page shows them with their light curves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obsy.engine.report.light_curve import chart
from obsy.engine.report.words import several
from obsy.engine.science.as_json import filter_shape

if TYPE_CHECKING:
    from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes


@dataclass(frozen=True, slots=True)
class FilterStory:
    """One filter, in words and numbers."""

    headline: str
    short: str
    """For a line that tells of all: 'V 11.929 +- 0.005'."""
    facts: tuple[tuple[str, str], ...]
    """What each is about, and what is said of it."""
    refusal: str
    """Why nothing may be reported; empty where it may."""
    shape: Mapping[str, Any]
    chart: Mapping[str, Any] | None
    """What its light curve shows; None where no frame has a point."""


@dataclass(frozen=True, slots=True)
class MagnitudesStory:
    """The magnitudes of a plan's target, or why there are none."""

    plan: str
    target: str
    against: str = ""
    """The comparison stars, in words; empty where it is not known which they are."""
    comparison: str | None = None
    filters: tuple[FilterStory, ...] = ()
    faults: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    """What the night wrote of them."""
    unfiled: str = ""
    """Why no report is among them though the magnitudes would bear one."""

    @property
    def short(self) -> str:
        """'SS Cyg V 11.929 +- 0.005', for a line that tells of all plans."""
        said = [each.short for each in self.filters] + ["not all filters: see the page"] * bool(self.faults)
        return f"{self.target} {', '.join(said) if self.filters else 'has none: see the page'}"

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        named = {"plan": self.plan, "target": self.target, "comparison": self.comparison}
        return {
            **named,
            "filters": [dict(each.shape) for each in self.filters],
            "faults": [*self.faults],
            "files": [*map(str, self.files)],
        }


def magnitudes_story(found: "NightMagnitudes", timezone: str) -> MagnitudesStory:
    """Return what is told of a plan's magnitudes; timezone: of the clocks below its light curves."""
    declared = found.comparison
    return MagnitudesStory(
        plan=found.plan,
        target=declared.of,
        against=f"by comparison '{declared.name}', chart {declared.chart}",
        comparison=declared.name,
        filters=tuple(_filter_story(each, timezone) for each in found.filters),
        faults=found.faults,
    )


def _filter_story(one: "FilterNight", timezone: str) -> FilterStory:
    mean, error = one.found.mean
    barred = " (nothing may be reported)" if one.refusal else ""
    return FilterStory(
        headline=headline(one),
        short=f"{one.name} {f'{mean:.3f} +- {error:.3f}' if isfinite(mean) else 'not seen'}{barred}",
        facts=tuple(facts(one)),
        refusal=one.refusal,
        shape=filter_shape(one),
        chart=chart(one.found, one.filter, timezone) if len(one.found.curve) else None,
    )


def headline(one: "FilterNight") -> str:
    """Return 'V (V at the AAVSO): 11.929 +- 0.005 mag, 6 of 6 frames used'."""
    mean, error = one.found.mean
    magnitude = f"{mean:.3f} +- {error:.3f} mag" if isfinite(mean) else "not seen"
    points, used = len(one.found.curve), int(one.found.curve.of_frames.sum())
    binned = f" in {several(points, 'point')}" if points != used else ""
    return f"{one.name} ({one.filter} at the AAVSO): {magnitude}, {used} of {one.frames} frames used{binned}"


def _standard(one: "FilterNight") -> Iterator[tuple[str, str]]:
    """Yield by which coefficients it was transformed, or why it was not."""
    if one.terms is not None:
        band = one.terms.blue if one.filter == one.terms.blue else one.terms.red
        moved = one.found.curve.transformation
        many, term = sum(map(isfinite, moved)), one.terms.of(band)
        of_all = "" if many == len(moved) else f", {many} of {several(len(moved), 'point')}"
        said = f"{one.terms.name(band)} {term.value:.3f} +- {term.error:.3f}{of_all}"
        yield "transformed", f"by {one.terms.source}: {said}"
    elif one.untransformed:
        yield "no transform", one.untransformed


def facts(one: "FilterNight") -> Iterator[tuple[str, str]]:
    """Yield what else a filter says: what it is about, and the words."""
    found, curve, check = one.found, one.found.curve, one.found.check
    if isfinite(found.scatter):
        yield "scatter", f"{found.scatter:.3f} mag; of each error {found.common_error:.3f} mag is the catalogue's"
    if limits := int(curve.is_limit.sum()):
        yield "not seen", f"in {several(limits, 'frame')}: fainter than {curve.magnitude[curve.is_limit].max():.2f} mag"
    if isfinite(check.measured):
        within = f"{check.measured:.3f} +- {check.error:.3f} mag, its catalogue says {check.known:.3f}"
        yield "check star", f"{check.name}: {within} ({check.deviation:+.3f})"
    if found.search is not None and found.search.words:
        yield "aperture", found.search.words
    yield "compared", f"with {', '.join(found.compared)}"
    yield from _standard(one)
    yield from (("left out", each) for each in (*one.left_out, *found.left_out))
    yield from (("doubt", each) for each in found.doubts)
