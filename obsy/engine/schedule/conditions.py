"""What tonight's sky offers to every plan, worked out from what is declared, and what stands in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

import numpy as np

from obsy.engine.declare.observatory import Observatory, Wanted
from obsy.engine.declare.target import Ephemeris, FixedTarget, Target
from obsy.engine.schedule.request import Reason
from obsy.engine.schedule.shares import Shares
from obsy.engine.sky.body import Body, Fixed
from obsy.engine.sky.constraints import Limit, allowed, allows, declared, reason, why_not, word
from obsy.engine.sky.flyover import Flyovers, flyovers
from obsy.engine.sky.grid import Floats, Grid, Mask, Window
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.instants import ClockTimes
from obsy.engine.sky.moonlight import NARROW, darkness, shielded
from obsy.engine.sky.orbit import Orbit, asteroid
from obsy.engine.sky.track import Track
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.transit import phase
from obsy.engine.sky.twilight import Night, night
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.sun import DARK, Sun
from obsy.schemas.horizon import Horizon
from obsy.schemas.plan import Plan
from obsy.schemas.policy import SunHeightLimit, SunLimits
from obsy.schemas.reserved import Loc, reserved
from obsy.schemas.site import Location, Site
from obsy.schemas.target import Asteroid, Comet, OverGround, Planet, Satellite
from obsy.schemas.value import Value
from obsy.schemas.when import When

Limits = Sequence[Constraint]


@dataclass(frozen=True, eq=False)
class GoalSky:
    """What holds of a goal with a train all night, whatever the hour and whatever is done of it."""

    plan: Plan
    """The version of it that says so."""
    place: Location
    track: Track
    moonlight: Floats
    """(times,)."""
    limits: tuple[Limit, ...]
    """None where no train serves it."""
    free: Mask
    """(times,)."""
    never: Reason | None
    """Why nothing of it can be had, if its sky is not even asked."""

    @cached_property
    def kept(self) -> Sequence[Mask]:
        """Where each of its limits is kept; (times,)."""
        return [allows(each, self.track) for each in self.limits]

    @cached_property
    def flyovers(self) -> Flyovers:
        """Tonight's, of a satellite."""
        satellite, grid = self.plan.target, self.track.grid
        assert isinstance(satellite, Satellite)  # noqa: S101
        return flyovers(satellite, self.limits, Window(grid.start, grid.end), self.place)


@dataclass(frozen=True, eq=False)
class ObservingConditions:
    """Worked out once a night."""

    grid: Grid
    place: Location
    skyline: Skyline
    tracks: dict[str, Track]
    """By plan."""
    events: dict[str, tuple[Fixed, dict[str, Ephemeris]]]
    """By plan: the star, and what recurs there by letter or name."""
    roof: SunHeightLimit = SunLimits().roof
    """How low the Sun must be before a roof opens, whatever a plan says."""
    value: Value = Value.model_construct()
    """What makes one night better than another."""
    reserved: Mapping[str, tuple[Loc, ...]] = field(default_factory=dict)
    """By plan: where it says what this version does not carry out yet; `rule` and its name, if one asks for it."""
    shares: Shares = Shares()
    """What groups are to have of the time."""
    sky_mag: float = Site.model_fields["sky"].default
    """How dark the zenith is without the Moon, V magnitudes per square arcsecond."""
    downtime: tuple[Downtime, ...] = ()
    """Of the site."""
    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    """By plan: how an alert wants it."""
    tiles: dict[tuple[str, str, int, int], Track] = field(default_factory=dict)
    """By plan, instrument, column and row: what has been asked for so far of mosaics."""
    known: dict[tuple[str, str, str], GoalSky] = field(default_factory=dict, init=False, repr=False)
    """By plan, goal and instrument: what has been asked for so far, so that a night that is planned anew asks once."""

    @cached_property
    def _darkness(self) -> dict[str, Floats]:
        return {
            plan: darkness(
                each.altitude_deg,
                each.moon_separation_deg,
                each.moon_altitude_deg,
                each.moon_illuminated_percent,
                self.sky_mag,
            )
            for plan, each in self.tracks.items()
        }

    def moonlight(self, plan: str, role: str) -> Floats:
        """Return what share of the sky's light at a plan's target is the Moon's, as it counts in a filter; (times,)."""
        dark = self._darkness[plan]
        return np.asarray(1.0 - (shielded(dark) if role.lower() in NARROW else dark))


def free(when: When, track: Track, conditions: ObservingConditions, reach: Limits) -> Mask:
    """Where everything that is declared and everything that is built allows it; (times,).

    reach: what the mount keeps.
    """
    return allowed(limits(when, conditions, reach), track)


def limits(when: When, conditions: ObservingConditions, reach: Limits) -> tuple[Limit, ...]:
    """Return all that is declared, and all that is built, as limits on when a target may be taken.

    `sky/openings.py` says from which second to which they are all kept, and which of them ends it.
    """
    return _dark(when, conditions), conditions.skyline, *declared(when), *conditions.downtime, *reach


def refusal(limits: Sequence[Limit], kept: Sequence[Mask], ahead: Mask) -> Reason:
    """What stands in the way most of the time `ahead`.

    limits: as `limits` says them; kept: where each of them is kept, (times,).
    ahead: (times,), what is left of the night.
    """
    (sun, skyline, *others), rest = limits, "" if ahead.all() else ", for what is left of the night"
    dark = ahead & kept[0]
    if not dark.any():
        return Reason("never-dark", reason(sun) + rest)
    clear = dark & kept[1]
    if not clear.any():
        horizon = "below the horizon" if skyline == FLAT else "behind the measured horizon"
        return Reason("below-horizon", f"it stays {horizon} while it is dark{rest}")
    guilty = why_not(others, kept[2:], clear)
    if guilty is None:
        return Reason("never-together", f"what it asks for never holds all at once{rest}")
    return Reason(word(guilty), reason(guilty) + rest)


def _dark(when: When, conditions: ObservingConditions) -> Sun:
    """Return how dark it must be: as the plan asks, but never lighter than safety lets a roof open."""
    return Sun.model_construct(below=min((when.sun or DARK).below, conditions.roof.below))


STEP_S = 60.0
FLAT = Skyline.through([(0.0, 0.0)])


def observing_night(observatory: Observatory, day: date) -> Night:
    """The night, dark as the least demanding plan needs it, and as safety asks before a roof opens.

    In the polar night it is dark from noon to noon.
    """
    limits = [DARK.below, *_darkness(observatory)]
    found = night(day, observatory.site.location, min(max(limits), observatory.safety.sun.roof.below))
    if not found.dark:
        return found
    # Whole seconds inside the night: its clock counts milliseconds, and at dusk the Sun must be low enough already.
    dusk, dawn = found.dusk or found.dark[0].start, found.dawn or found.dark[-1].end
    return replace(
        found, dusk=(dusk + timedelta(microseconds=999_999)).replace(microsecond=0), dawn=dawn.replace(microsecond=0)
    )


def observing_conditions(observatory: Observatory, tonight: Night, step_s: float = STEP_S) -> ObservingConditions:
    """Every plan's target over the night, a minute at a time unless another step is asked for."""
    where = observatory.site.location
    grid = Grid.over(tonight.dusk or tonight.start, tonight.dawn or tonight.end, step_s)
    bodies = {plan.name: body(observatory.target(plan)) for plan in observatory.plans}
    followed = dict(zip(bodies, tracks(list(bodies.values()), grid, where), strict=True))
    recurring = dict(events(observatory))
    for plan in (each for each in observatory.plans if each.name in recurring and _asks_for_a_phase(each)):
        star, mine = recurring[plan.name]
        phases = {name: phase(each, star, where, grid) for name, each in mine.items()}
        followed[plan.name] = replace(followed[plan.name], phases=phases)
    return ObservingConditions(
        grid,
        where,
        skyline(observatory),
        followed,
        recurring,
        observatory.safety.sun.roof,
        observatory.value,
        dict(_reserved(observatory)),
        Shares.of(observatory),
        observatory.site.sky,
        observatory.site.downtime,
        observatory.wanted,
    )


def joined_conditions(before: ObservingConditions, observatory: Observatory, tonight: Night) -> ObservingConditions:
    """Return a night's conditions with the plans that were added since: the others are not followed anew."""
    new = tuple(plan for plan in observatory.plans if plan.name not in before.tracks)
    found = observing_conditions(replace(observatory, plans=new), tonight)
    return replace(
        before,
        tracks={**before.tracks, **found.tracks},
        events={**before.events, **found.events},
        reserved=dict(_reserved(observatory)),
        shares=Shares.of(observatory),
        wanted=observatory.wanted,
    )


def _reserved(observatory: Observatory) -> Iterator[tuple[str, tuple[Loc, ...]]]:
    for plan in observatory.plans:
        rule = observatory.asked_by.get(plan.name) if plan.name not in observatory.wanted else None
        if found := (*([("rule", rule)] if rule else []), *reserved(plan)):
            yield plan.name, found


def body(target: Target) -> Body:
    """Return a resolved target as something that can be followed."""
    match target:
        case FixedTarget(ra_deg=ra, dec_deg=dec, motion_mas=motion):
            return Fixed(ra, dec, *(motion or ()))
        case Comet() as e:
            epoch = None if e.epoch is None else _tdb_mjd(e.epoch)
            return Orbit(e.distance, e.eccentricity, e.inclination, e.node, e.argument, _tdb_mjd(e.perihelion), epoch)
        case Asteroid() as e:
            angles = (e.inclination, e.node, e.argument)
            return asteroid(e.semi_major_axis, e.eccentricity, angles, e.mean_anomaly, _tdb_mjd(e.epoch))
        case Planet() | OverGround() | Satellite():
            return target


def _darkness(observatory: Observatory) -> Iterator[float]:
    for plan in observatory.plans:
        for goal in plan.want:
            sun = goal.when.over(plan.when).sun
            if sun is not None:
                yield sun.below


def skyline(observatory: Observatory) -> Skyline:
    """Return the measured horizon; a flat one if none was measured."""
    return FLAT if observatory.horizon is None else skyline_of(observatory.horizon)


def skyline_of(horizon: Horizon) -> Skyline:
    """Return a measured horizon as the sky knows it."""
    points = horizon.points
    ceiling = [(p.azimuth, 90.0 if p.ceiling is None else p.ceiling) for p in points]
    is_open = all(p.ceiling is None for p in points)
    return Skyline.through(((p.azimuth, p.altitude) for p in points), () if is_open else ceiling)


def events(observatory: Observatory) -> Iterator[tuple[str, tuple[Fixed, dict[str, Ephemeris]]]]:
    """Yield every plan at whose target something recurs, with the star and what it is by letter or name."""
    for plan in observatory.plans:
        target = observatory.target(plan)
        if isinstance(target, FixedTarget) and target.events:
            yield plan.name, (Fixed(target.ra_deg, target.dec_deg), dict(target.events))


def _asks_for_a_phase(plan: Plan) -> bool:
    return plan.when.phase is not None or any(goal.when.phase is not None for goal in plan.want)


@lru_cache(maxsize=1024)
def _tdb_mjd(moment: datetime) -> float:
    """Return the date of an epoch: that of one is that of most elements in a catalogue."""
    return float(ClockTimes.at([moment]).tdb.mjd[0])
