"""A night on the simulated observatory, in virtual time: nothing but Python."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from obsy.engine.declare.catalogue import CatalogueObject, deep_sky
from obsy.engine.declare.equipment import SafetyEquipment, read_equipment
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.devices.simulated.mischief import Mischief
from obsy.engine.devices.simulated.parts import Extended, MovingObject, Parts
from obsy.engine.devices.simulated.picture.diffuse import SHAPES
from obsy.engine.devices.simulated.picture.faint import MEMBERS
from obsy.engine.devices.simulated.state import HardwareRecord
from obsy.engine.devices.simulated.world import World
from obsy.engine.devices.sources.stuck import watched
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.reduce.work import pointed, star_width
from obsy.engine.runtime.guard.guard import Guard
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.runtime.guard.wire import Wire
from obsy.engine.runtime.guarded import sequenced
from obsy.engine.runtime.planner import Planner
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.varying_sky import variables
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.sequencer.bounded import bounded
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.catalogue import cone, separation_deg
from obsy.engine.sky.grid import Grid
from obsy.schemas.scenario import Scenario
from obsy.schemas.target import Asteroid, Comet, Satellite

FAINTEST_DRAWN = 12.5
"""A magnitude; nebulae are drawn, however faint they are said to be."""
NEARBY_DEG = 3.0
COMET_MAG, ASTEROID_MAG, SATELLITE_MAG = 9.0, 10.5, 3.0
"""How bright a body is drawn; a plan does not say."""


async def nothing() -> None:
    """Do nothing: no rehearsal outlives its guard."""


DRAWN = {*SHAPES, *MEMBERS}
GLOWING = DRAWN - {"galaxy", "globular", "open-cluster"}


@asynccontextmanager
async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Reached]]:
    """The roofs of a simulated site as they were left, once all that moved rests; none if none ever moved."""
    data_root, loop = DataRoot(folder), asyncio.get_running_loop()
    if not data_root.world.exists() or not isinstance(loop, VirtualLoop):
        yield {}
        return
    moved = HardwareRecord.read(data_root.world).moved()
    at_rest = datetime.fromtimestamp(max([each.end_s for each in moved], default=0.0), UTC)
    clock = VirtualClock(at_rest + timedelta(seconds=1), loop)
    nothing = Scenario.model_validate({"kind": "scenario", "name": "nothing", "seed": 0})
    with ThreadPoolExecutor(1) as pool:
        made = World(bare(equipment, data_root, nothing, at_rest.date()), clock, pool)
        yield reached(equipment, made, clock, clock.now() + timedelta(hours=1))


def reached(equipment: SafetyEquipment, made: World, clock: Clock, ends: datetime) -> dict[str, Reached]:
    """Return the roofs of a simulated site; their guard gives up closing one when the rehearsal `ends`."""
    return {
        roof.name: Reached(
            clock=clock,
            enclosure=made.enclosures[roof.name],
            mounts={each.name: made.mounts[each.name] for each in equipment.mounts_of(roof.name)},
            weather={
                each.name: watched(made.weather[each.name], each.stuck) for each in equipment.inputs_of(roof.name)
            },
            ends=ends,
        )
        for roof in equipment.enclosures
    }


SETTLING = timedelta(minutes=45)
"""Before dusk a rehearsal begins this much earlier than its calibration takes: cooling, downloads, verdicts."""


def run(setup: NightSetup) -> None:
    """Play the night through, from where its journal ends or from an afternoon that leaves time to calibrate."""
    loop, scenario = VirtualLoop(), setup.observatory.scenario(setup.asked.scenario or "clear")
    setup.processing.settled().result()  # a rehearsal can wait for it: there is no roof over it
    clock = VirtualClock(_resume(setup) if setup.before.begun else _begin(setup.planner, setup.tally()), loop)

    made = world(setup, scenario, clock)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        guard = Guarding.of(setup, made, clock)
        devices = ports(setup, made, clock, guard.line)
        runner.run(perform(setup, made, devices, guard, Mischief(made, clock, loop, setup.journal)))


@dataclass(frozen=True)
class Guarding:
    """A guard and a night's line to it on the virtual clock: all but process and socket is as on a real night."""

    guard: Guard
    line: GuardLine

    @classmethod
    def of(cls, setup: NightSetup, made: World, clock: Clock) -> "Guarding":
        """Return the guard of the roofs of a world that stands already."""
        equipment = read_equipment(setup.asked.root, setup.observatory.site.name)
        stands = _Standing(made, clock, setup.planner.night.end)
        guard = Guard(equipment, setup.data_root.folder, stands)

        async def dial() -> Wire:
            return guard.connect()

        return cls(guard, GuardLine(dial))


@dataclass(frozen=True)
class _Standing:
    made: World
    clock: Clock
    ends: datetime

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Reached]]:
        yield reached(equipment, self.made, self.clock, self.ends)


async def perform(
    setup: NightSetup, made: World, devices: Mapping[str, Ports], guarding: Guarding, mischief: Mischief
) -> None:
    """Play the night on a world in which mischief is done."""
    beside = [asyncio.ensure_future(each) for each in (guarding.guard.run(), guarding.line.run(), mischief.go_on())]
    try:
        await play(setup, devices, made.state.parts.scenario.seed)
    finally:
        for each in beside:
            each.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


def world(setup: NightSetup, scenario: Scenario, clock: Clock, trace: Path | None = None) -> World:
    """Return the simulated hardware of a night; `trace`: where all that it does is written down."""
    observatory, conditions = setup.observatory, setup.planner.conditions
    parts = replace(
        bare(observatory, setup.data_root, scenario, setup.asked.day),
        trains=tuple(each.train for each in observatory.instruments),
        extended=_extended(conditions),
        moving_objects=_moving_objects(observatory, conditions),
        variables=variables(observatory, setup.asked.day),
        dusk=setup.planner.night.dusk,
        trace=trace,
        interlock=trace is None,
    )
    return World(parts, clock, setup.pool)


def bare(site: Observatory | SafetyEquipment, data_root: DataRoot, scenario: Scenario, night: date) -> Parts:
    """Return what stands at a site, without trains, and nothing in the sky but stars."""
    return Parts(
        site=site.site,
        enclosures=site.enclosures,
        mounts=site.mounts,
        weather=site.weather,
        scenario=scenario,
        night=night,
        incoming=data_root.incoming,
        scratch=data_root.scratch,
        state=data_root.world,
        stars=cone,
    )


def ports(setup: NightSetup, made: World, clock: Clock, line: GuardLine) -> dict[str, Ports]:
    """Return the simulated hardware as the night sees it, by enclosure."""
    observatory, ends = setup.observatory, setup.planner.night.end
    trains = {}
    for each in observatory.instruments:
        by = made.trains[each.name]
        trains[each.name] = bounded(
            ImagingDevices(
                each.train,
                by.camera,
                by.wheel,
                by.focuser,
                by.panel,
                star_width,
                pointed,
                setup.pool,
                by.guider,
                by.rotator,
            )
        )
    found = {}
    for roof in observatory.enclosures:
        bare = {each.name: made.mounts[each.name] for each in observatory.mounts if each.enclosure == roof.name}
        keeper = line.keeper(roof.name, clock, nothing, ends)
        found[roof.name] = sequenced(setup, clock, keeper, bare, trains)
    return found


def _extended(conditions: ObservingConditions) -> tuple[Extended, ...]:
    """Everything that is more than a point near a target of tonight."""
    drawn = [each for each in deep_sky() if each.kind in DRAWN and each.major_arcmin is not None and _shows(each)]
    ra, dec, major = np.array([(each.ra_deg, each.dec_deg, each.major_arcmin) for each in drawn]).T
    near, reach_deg = np.zeros(len(drawn), dtype=bool), NEARBY_DEG + major / 60
    for track in conditions.tracks.values():
        near |= separation_deg(ra, dec, float(track.ra_deg[0]), float(track.dec_deg[0])) < reach_deg
    return tuple(_ellipse(each) for each, is_near in zip(drawn, near, strict=True) if is_near)


def _ellipse(thing: CatalogueObject) -> Extended:
    major = thing.major_arcmin or 0.0
    minor, angle = thing.minor_arcmin or major, thing.position_angle_deg or 0.0
    mag = thing.mag if thing.mag is not None else _guess(thing)
    return Extended(thing.name, thing.kind, thing.ra_deg, thing.dec_deg, major, minor, angle, mag)


def _shows(thing: CatalogueObject) -> bool:
    """Return whether a simulated camera draws it: of the thousands of faint galaxies it draws none."""
    return thing.kind in GLOWING or (thing.mag is not None and thing.mag <= FAINTEST_DRAWN)


def _guess(thing: CatalogueObject) -> float:
    """A magnitude for what has none in the table: as bright as 23.5 mag in each square arcsecond of its ellipse."""
    area = np.pi / 4 * (thing.major_arcmin or 1.0) * (thing.minor_arcmin or thing.major_arcmin or 1.0) * 3600
    return float(23.5 - 2.5 * np.log10(area))


def _moving_objects(observatory: Observatory, conditions: ObservingConditions) -> tuple[MovingObject, ...]:
    """The moving targets, where their ephemerides say."""
    found = []
    for plan in observatory.plans:
        target, track = observatory.target(plan), conditions.tracks[plan.name]
        at_s = track.grid.seconds + track.grid.start.timestamp()
        match target:
            case Comet():
                found.append(MovingObject("comet", COMET_MAG, at_s, track.ra_deg, track.dec_deg))
            case Asteroid():
                found.append(MovingObject("asteroid", ASTEROID_MAG, at_s, track.ra_deg, track.dec_deg))
            case Satellite():
                fine = Grid.over(track.grid.start, track.grid.end, 1.0)
                places = coordinates(target, fine, conditions.place)
                at_s = fine.seconds + fine.start.timestamp()
                found.append(MovingObject("asteroid", SATELLITE_MAG, at_s, *places))
    return tuple(found)


def _resume(setup: NightSetup) -> datetime:
    """Where the journal ends, but after the last frame: none has the time, or the name, of one that was kept.

    And after what was begun since, as by a start that closed the roof and then failed: what has begun cannot be ahead.
    """
    ends = [capture.began + timedelta(seconds=max(capture.exposure_s, 1.0)) for capture in setup.archived()]
    begun = (datetime.fromtimestamp(each.begin_s, UTC) for each in HardwareRecord.read(setup.data_root.world).moved())
    tonight = [when for when in begun if when < setup.planner.night.end]
    return max([*ends, *tonight, *([setup.before.last] if setup.before.last else [])])


def _begin(planner: Planner, known: Tally) -> datetime:
    """Early enough for the calibration that is lacking, and not before noon."""
    night, taking_s = planner.night, defaultdict[str, float](float)
    for each in planner.lacking(known, night.start):  # the trains take theirs side by side
        download_s = planner.observatory.instrument(each.train).train.camera.download
        taking_s[each.train] += each.count * (each.exposure_s + download_s)
    begin = (night.dusk or night.start) - timedelta(seconds=max(taking_s.values(), default=0.0)) - SETTLING
    return max(night.start, begin).replace(microsecond=0)
