"""What is possible, and hardly meant: it is warned of, and keeps no night from running."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.names import resolve
from obsy.engine.declare.orbits import MOONS
from obsy.engine.declare.sense.season import J2000_JD, days
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.goal import Goal
from obsy.schemas.plan import Plan
from obsy.schemas.target import NamedTarget, Planet
from obsy.units import DURATION, duration

MOST_H = 10_000.0
"""Of one goal in one filter: three years of all dark hours."""
BRIGHT_S = dict.fromkeys(("moon", "mercury", "venus", "mars", "jupiter", "saturn"), 30.0)
"""The longest exposure that has a use: the light of the Moon's dark side, the large moons of a planet."""
SMALL_MOON_S = 300.0
"""The same, where a moon beside the planet is meant by its name."""
SOON_D = 366.0
LAST_D = 1e6
"""Farther than this is told in years: no calendar goes so far."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of dates that are past, of ages of exposure, of light that fills every pixel, and of events far away."""
    now = declared.today
    for entry in declared.of(Plan):
        yield from _past(entry, now)
        for number, goal in enumerate(entry.document.want):
            yield from _amount(entry, number, goal)
            yield from _bright(entry, number, goal)
            if goal.cover is not None:
                yield from _far(entry, number, goal.cover.of, now)


def _past(entry: Entry[Plan], now: datetime) -> Iterator[Diagnostic]:
    """One warning a plan, of the dates that end last."""
    plan = entry.document
    every = [goal.when.dates or plan.when.dates for goal in plan.want]
    ends = [dates.span()[1] if dates is not None else None for dates in every]
    if all(end is not None and end + timedelta(days=1) < now for end in ends):
        loc = ("when", "dates") if plan.want[0].when.dates is None else ("want", 0, "when", "dates")
        yield entry.complain("expired", ("its dates are past", "dates to come", "write later ones, or delete it"), *loc)


def _amount(entry: Entry[Plan], number: int, goal: Goal) -> Iterator[Diagnostic]:
    wanted_h = (goal.total or (goal.count or 0) * goal.exposure) / DURATION["h"]
    if wanted_h > MOST_H:
        key = "total" if goal.total is not None else "count"
        found = f"{entry.written.said('want', number, key)}: {wanted_h:,.0f} h of exposure"
        words = (found, f"at most {MOST_H:,.0f} h; a year has some 3,000 dark ones", "ask for less")
        yield entry.complain("endless", words, "want", number, key)


def _bright(entry: Entry[Plan], number: int, goal: Goal) -> Iterator[Diagnostic]:
    said, target = entry.document.target, resolve(entry.document)
    if not isinstance(target, Planet) or (most_s := BRIGHT_S.get(target.body)) is None:
        return
    name, meant = str(target.body), "what is beside it" if target.body != "moon" else "its dark side"
    if isinstance(said, NamedTarget) and said.name.strip().lower() in MOONS:
        most_s, name = SMALL_MOON_S, said.name.strip().lower()
    if goal.exposure > most_s:
        found = f"{duration(goal.exposure)} on {'the Moon' if target.body == 'moon' else target.body.title()}"
        sane = f"at most {duration(most_s)} for {meant}; the disc fills every pixel in a fraction of a second"
        words = (found, sane, f"write what 'obsy target {name}' shows")
        yield entry.complain("overexposed", words, "want", number, "exposure")


def _far(entry: Entry[Plan], number: int, name: str, now: datetime) -> Iterator[Diagnostic]:
    """Warn of an event whose next one is more than a year away."""
    target = resolve(entry.document)
    event = target.events.get(name) if isinstance(target, FixedTarget) else None
    if event is None:
        return
    wait_d = (event.epoch_jd - J2000_JD - days(now)) % event.period_d if event.period_d > 0.0 else 0.0
    if wait_d > SOON_D:
        far = f"in {wait_d / 365.25:,.0f} years" if wait_d > LAST_D else f"on {now + timedelta(days=wait_d):%Y-%m-%d}"
        cure = "correct epoch and period, or take the plan out until then"
        yield entry.complain("far-away", (f"the next one is {far}", "one within a year", cure), "want", number, "cover")
