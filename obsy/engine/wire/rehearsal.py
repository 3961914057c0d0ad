"""A night on the simulated observatory, in virtual time."""

import asyncio
from datetime import datetime, timedelta

from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.night.book import Book
from obsy.engine.wire import simulated
from obsy.engine.wire.planner import Planner
from obsy.engine.wire.scene import Scene
from obsy.engine.wire.session import play

SETTLING = timedelta(minutes=45)
"""Before dusk a rehearsal begins this much earlier than its calibration takes: cooling, downloads, verdicts."""


def run(scene: Scene) -> None:
    """Play the night through, from where its journal ends or from an afternoon that leaves time to calibrate."""
    planner, pool, loop = scene.planner, scene.pool, VirtualLoop()
    scenario = scene.observatory.scenario(scene.asked.scenario or "clear")
    scene.darkroom.settled().result()  # a rehearsal can wait for it: there is no roof over it
    clock = VirtualClock(_resume(scene) if scene.before.begun else _begin(planner, scene.book()), loop)

    def log(event: str, **facts: object) -> None:
        scene.journal.write(clock.now(), event, facts)

    day, realm = scene.asked.day, scene.realm
    parts = simulated.Rehearsal(scene.observatory, planner.train, scenario, day, realm, planner.skies)
    ports = simulated.ports(simulated.world(parts, clock, pool), planner.train, clock, pool, log)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(play(scene, ports, scenario.seed))


def _resume(scene: Scene) -> datetime:
    """Where the journal ends, but after the last frame: none is taken in the time of one that was kept."""
    ends = [shot.began + timedelta(seconds=shot.exposure_s) for shot in scene.archived()]
    return max([*ends, *([scene.before.last] if scene.before.last else [])])


def _begin(planner: Planner, known: Book) -> datetime:
    """Early enough for the calibration that is lacking, and not before noon."""
    night = planner.night
    download_s = planner.train.camera.download
    taking_s = sum(each.count * (each.exposure_s + download_s) for each in planner.lacking(known, night.start))
    begin = (night.dusk or night.start) - timedelta(seconds=taking_s) - SETTLING
    return max(night.start, begin).replace(microsecond=0)
