"""Targets that will saturate: of plans whose stars are measured, by the zero points of frames that were taken here."""

import json
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from math import isfinite, nan
from statistics import median
from typing import NamedTuple

from obsy.engine.choice.light_of_train import LightOfTrain
from obsy.engine.declare.names import called
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.sense.brightness import peak, star, well
from obsy.engine.declare.star_names import table_star
from obsy.engine.report.words import several
from obsy.engine.store.store import Store
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

LAST = 50
"""Frames of a train in a filter by which it is told: the newest ones that were accepted."""
HALF = 0.5
"""The share of a full pixel that is advised, for seeing may get better."""


class Saturating(NamedTuple):
    """A target that fills its brightest pixel at the declared exposure."""

    plan: str
    words: str


def saturating(observatory: Observatory, store: Store) -> Iterator[Saturating]:
    """Yield what will saturate, of plans that measure stars and of those that cover a transit or another event.

    A target whose brightness is not known is not judged, nor a filter in which no train has a zero point.
    """
    judged = [plan for plan in observatory.plans if _is_measured(plan, observatory)]
    stars = {plan.name: found for plan in judged if (found := _star(plan))}
    shown = lights(store) if stars else {}
    for plan in (each for each in judged if each.name in stars):
        for goal in plan.want:
            for role in goal.filter:
                for train in (each.train for each in observatory.instruments if plan.served_by(each.train)):
                    if light := shown.get((train.name, role)):
                        yield from _told(plan, (goal.exposure, role), stars[plan.name], train, light)


def _is_measured(plan: Plan, observatory: Observatory) -> bool:
    steps = observatory.pipelines[plan.pipeline].steps if plan.pipeline in observatory.pipelines else ()
    return any(step.step == "photometry" for step in steps) or any(goal.cover for goal in plan.want)


def _star(plan: Plan) -> tuple[str, float] | None:
    return star(found.name if (found := table_star(plan)) else called(plan))


def lights(store: Store) -> Mapping[tuple[str, str], LightOfTrain]:
    """Return what the newest accepted frames show, by train and filter."""
    newest: dict[tuple[str, str], deque[LightOfTrain]] = {}
    taken = [(first.filter or "", *each) for first, alike in store.lights(measured=True) for each in alike]
    for role, _, train, exposure_s, accepted, _, measures in sorted(taken, key=lambda each: each[1]):
        if accepted and measures and exposure_s > 0 and (one := _of_frame(json.loads(measures), exposure_s)):
            newest.setdefault((train or "", role), deque(maxlen=LAST)).append(one)
    return {of: _middle(rows) for of, rows in newest.items()}


def _of_frame(measures: Mapping[str, object], exposure_s: float) -> LightOfTrain | None:
    said = [measures.get(key) for key in ("zero_point", "fwhm_arcsec", "background_adu", "electrons_per_adu")]
    zero_point, width, sky, electrons = (each if isinstance(each, (int, float)) else nan for each in said)
    one = LightOfTrain(zero_point, width, sky / exposure_s, electrons, 1)
    return one if all(map(isfinite, one)) and width > 0 else None


def _middle(rows: Collection[LightOfTrain]) -> LightOfTrain:
    zero_point, width, sky, electrons, _ = (median(column) for column in zip(*rows, strict=True))
    return LightOfTrain(zero_point, width, sky, electrons, len(rows))


def _told(
    plan: Plan, goal: tuple[float, str], of: tuple[str, float], train: Train, light: LightOfTrain
) -> Iterator[Saturating]:
    """Yield what is to be said of a goal (exposure in seconds, filter) whose target fills a pixel, if it does."""
    (exposure_s, role), (called_, mag) = goal, of
    star_adu = 10 ** (-0.4 * (mag - light.zero_point)) * peak(train.scale, light.fwhm_arcsec)
    filled = (star_adu + light.sky_adu) * light.electrons_per_adu * exposure_s / well(train)
    if filled >= 1:
        most = exposure_s * HALF / filled
        told = f"{called_} fills its brightest pixel {filled:.1f} times in {exposure_s:g} s of {role} by {train.name}"
        by = f"the zero point {light.zero_point:.2f} and width {light.fwhm_arcsec:.1f} arcsec"
        taken = f"{by} of {several(light.frames, 'frame')}"
        yield Saturating(
            plan.name, f"{told}, by {taken}: take {most:.2g} s at most, or defocus by this filter's 'focus'"
        )
