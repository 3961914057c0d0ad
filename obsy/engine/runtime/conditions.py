"""From what is declared to what tonight's sky offers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from astropy.time import Time

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import AsteroidTarget, CometTarget, FixedTarget, SolarSystemTarget, Target
from obsy.engine.schedule.conditions import DARK, ObservingConditions
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.sequencer.focus import FOCUS_EXPOSURE_S, FOCUS_MEASURED_S, FOCUS_MOVE_S, FOCUS_SAMPLES
from obsy.engine.sky.body import Body, Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.location import Location
from obsy.engine.sky.orbit import Ellipse, Orbit
from obsy.engine.sky.solar_system import BodyName, SolarSystemBody
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.transit import Ephemeris
from obsy.engine.sky.twilight import Night, night
from obsy.schemas.site import Site

STEP_S = 60.0


def location(site: Site) -> Location:
    """Where the site stands."""
    return Location(site.latitude, site.longitude, site.elevation)


def tonight(observatory: Observatory, day: date) -> Night:
    """The night, dark as the least demanding plan needs it, and as safety asks before a roof opens.

    In the polar night it is dark from noon to noon.
    """
    limits = [DARK.below, *_darkness(observatory)]
    found = night(
        day, observatory.site.timezone, location(observatory.site), min(max(limits), observatory.safety.sun.roof.below)
    )
    if not found.dark:
        return found
    # Whole seconds: the night's clock counts milliseconds, and dusk must not be a microsecond away from itself.
    dusk, dawn = found.dusk or found.dark[0].start, found.dawn or found.dark[-1].end
    return replace(found, dusk=dusk.replace(microsecond=0), dawn=dawn.replace(microsecond=0))


def conditions(observatory: Observatory, tonight: Night) -> ObservingConditions:
    """Every plan's target over the night, a minute at a time."""
    where = location(observatory.site)
    grid = Grid.over(tonight.dusk or tonight.start, tonight.dawn or tonight.end, STEP_S)
    bodies = {plan.name: body(observatory.target(plan)) for plan in observatory.plans}
    followed = dict(zip(bodies, tracks(list(bodies.values()), grid, where), strict=True))
    return ObservingConditions(
        grid, where, skyline(observatory), followed, dict(planets(observatory)), observatory.safety.sun.roof
    )


def body(target: Target) -> Body:
    """A resolved target as the sky knows it."""
    match target:
        case FixedTarget(ra_deg=ra, dec_deg=dec):
            return Fixed(ra, dec)
        case CometTarget() as e:
            shape = (e.inclination_deg, e.node_deg, e.argument_deg)
            return Orbit(e.q_au, e.eccentricity, *shape, perihelion_mjd=_tdb_mjd(e.perihelion))
        case AsteroidTarget() as m:
            shape = (m.inclination_deg, m.node_deg, m.argument_deg)
            return Ellipse(m.a_au, m.eccentricity, *shape, m.mean_anomaly_deg, _tdb_mjd(m.epoch)).orbit()
        case SolarSystemTarget(body=name):
            return SolarSystemBody(cast(BodyName, name))


def overheads(instrument: Instrument) -> Overheads:
    """What moving about costs with a train on its mount."""
    mount, train = instrument.mount, instrument.train
    each_s = FOCUS_MOVE_S + FOCUS_EXPOSURE_S + train.camera.download + FOCUS_MEASURED_S
    german = mount.meridian if mount.type == "german-equatorial" else None
    return Overheads(
        slew_deg_s=mount.slew,
        settle_s=mount.settle,
        filter_s=train.filters.change if train.filters is not None else 0.0,
        download_s=train.camera.download,
        focus_s=FOCUS_SAMPLES * each_s if train.focuser is not None else 0.0,
        flip_s=german.flip if german else 0.0,
        past_meridian_s=german.past if german else None,
    )


def _darkness(observatory: Observatory) -> Iterator[float]:
    for plan in observatory.plans:
        for goal in plan.want:
            sun = goal.when.over(plan.when).sun
            if sun is not None:
                yield sun.below


def skyline(observatory: Observatory) -> Skyline:
    """Return the measured horizon; a flat one if none was measured."""
    points = [(p.azimuth, p.altitude) for p in observatory.horizon.points] if observatory.horizon else [(0.0, 0.0)]
    return Skyline.through(points)


def planets(observatory: Observatory) -> Iterator[tuple[str, tuple[Fixed, dict[str, Ephemeris]]]]:
    """Yield every plan whose target has transiting planets, with the star and them by letter."""
    for plan in observatory.plans:
        target = observatory.target(plan)
        if isinstance(target, FixedTarget) and target.planets:
            ephemerides = {
                letter: Ephemeris(each.epoch_bjd_tdb, each.period_d, each.duration_h)
                for letter, each in target.planets.items()
            }
            yield plan.name, (Fixed(target.ra_deg, target.dec_deg), ephemerides)


def _tdb_mjd(moment: datetime) -> float:
    return float(Time(moment).tdb.mjd)
