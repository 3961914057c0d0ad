"""Which stars of the simulated sky vary tonight: what recurs at the targets of plans does so at its own time."""

from datetime import UTC, date, datetime, time, timedelta

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.engine.devices.simulated.variables import ALWAYS, Minimum, PlanetCrossing, VariableStar
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.transit import transits

AROUND = timedelta(days=1)
"""Before and after the evening's noon, UTC, events are worked out: a night lies within, wherever the site is."""


def variables(observatory: Observatory, night: date) -> tuple[VariableStar, ...]:
    """Return the stars that vary, each event once however many plans have it; moments without a length are left out.

    A letter is a planet's transit, any other name a minimum, each as deep as its class has it, since no plan says.
    """
    found: dict[tuple[float, float, Ephemeris], VariableStar] = {}
    for plan in observatory.plans:
        target = observatory.target(plan)
        if not isinstance(target, FixedTarget):
            continue
        for name, ephemeris in target.events.items():
            if ephemeris.duration_h > 0:
                key = target.ra_deg, target.dec_deg, ephemeris
                found.setdefault(key, _star(f"{plan.name} {name}", target, ephemeris, (observatory, night)))
    return (*ALWAYS, *found.values())


def _star(name: str, target: FixedTarget, ephemeris: Ephemeris, where: tuple[Observatory, date]) -> VariableStar:
    """The star of an event, at its middles as the observatory sees them."""
    observatory, night = where
    noon = datetime.combine(night, time(12), UTC)
    star = Fixed(target.ra_deg, target.dec_deg)
    events = transits(ephemeris, star, observatory.site.location, noon - AROUND, noon + 2 * AROUND)
    middles_s, duration_s = tuple(each.middle.timestamp() for each in events), ephemeris.duration_h * 3600
    is_planet = len(name.rpartition(" ")[2]) == 1
    variation = PlanetCrossing(middles_s, duration_s) if is_planet else Minimum(middles_s, duration_s)
    return VariableStar(name, target.ra_deg, target.dec_deg, variation)
