"""Events of which none in a year can be had here: always by day, or where the target may not be taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.season import J2000, J2000_JD, days, sun
from obsy.engine.declare.sense.visibility import SAMPLES, Visibility, free, horizontal, visibilities
from obsy.engine.declare.target import Ephemeris
from obsy.engine.sidereal import greenwich_deg
from obsy.schemas.constraints.sun import DARK

YEAR_D = 366.0
MOST = 5000
"""Events that are looked at; of what recurs more often, some can always be had."""
STEP_D = 10 / 1440
SLACK_D = 10 / 1440
"""Light time, and what the arithmetic is good for."""


class EventSpan(NamedTuple):
    """What is wanted of one event, in days since J2000."""

    start_d: float
    end_d: float


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of goals that cover an event of which none in the next year can be had as it is wanted."""
    for each in visibilities(declared):
        cover = each.entry.document.want[each.number].cover
        event = each.sky.events.get(cover.of) if cover is not None else None
        if cover is None or event is None or event.period_d <= 0.0 or not each.up_h or not each.dark_h:
            continue
        window_d = min(each.up_h, each.dark_h) / 24  # what never fits is complained of by its length
        fitting = (span for span in _spans(each, event, declared.today) if span.end_d - span.start_d <= window_d)
        missed = 0
        for span in fitting:
            if _can_be_had(each, span):
                missed = 0
                break
            missed += 1
        if 0 < missed < MOST:
            half = "" if cover.accept == "either" else "write 'accept: either' beside it, or "
            found = f"none in the next year can be had as it is wanted at {each.site.name}"
            words = (found, "one at night, while the target may be taken", f"{half}write wider limits in 'when'")
            yield each.entry.complain("no-event", words, "want", each.number, "cover")


def _spans(each: Visibility, event: Ephemeris, now: datetime) -> Iterator[EventSpan]:
    """Yield what will do of each event in the next year, within the plan's dates, soonest first."""
    cover = each.entry.document.want[each.number].cover
    assert cover is not None  # noqa: S101 - asked before
    before_s, after_s = cover.sides_s
    first, last = each.when.dates.span(each.site.longitude) if each.when.dates is not None else (None, None)
    begin_d, end_d = days(max(now, first or now)), days(min(last or now + timedelta(YEAR_D), now + timedelta(YEAR_D)))
    epoch_d, half_d = event.epoch_jd - J2000_JD, event.duration_h / 48
    number = (begin_d - epoch_d) // event.period_d + 1
    for _ in range(MOST):
        middle = epoch_d + number * event.period_d
        number += 1
        if middle > end_d:
            return
        start, end = middle - half_d - before_s / 86400, middle + half_d + after_s / 86400
        if cover.accept == "whole":
            yield EventSpan(start, end)
        if cover.accept in ("ingress", "either"):
            yield EventSpan(start, middle)
        if cover.accept in ("egress", "either"):
            yield EventSpan(middle, end)


def _can_be_had(each: Visibility, span: EventSpan) -> bool:
    at_d, last_d = span.start_d + SLACK_D, max(span.end_d - SLACK_D, span.start_d + SLACK_D)
    while at_d < last_d:
        if not _is_free(each, at_d):
            return False
        at_d += STEP_D
    return _is_free(each, last_d)


def _is_free(each: Visibility, since_d: float) -> bool:
    """Return whether the target may be taken at a moment, and it is dark."""
    sidereal_h = (greenwich_deg(since_d) + each.site.longitude) / 15
    sample = int((sidereal_h - each.sky.ra_deg / 15 + 12) % 24 * SAMPLES / 24)
    if not free(each.sky.dec_deg, each.site.latitude, each.bounds) >> sample & 1:
        return False
    evening_d = since_d + each.site.longitude / 360 - 0.5  # a night is of its season from noon to noon
    if each.when.season is not None and not each.when.season.holds(J2000 + timedelta(evening_d)):
        return False
    ra_h, dec_deg = sun(since_d)
    return horizontal(sidereal_h - ra_h, dec_deg, each.site.latitude)[0] <= (each.when.sun or DARK).below
