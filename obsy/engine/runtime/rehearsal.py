"""A night on the simulated observatory, in virtual time."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta

from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.night.tally import Tally
from obsy.engine.runtime import simulated
from obsy.engine.runtime.planner import Planner
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup

SETTLING = timedelta(minutes=45)
"""Before dusk a rehearsal begins this much earlier than its calibration takes: cooling, downloads, verdicts."""


def run(setup: NightSetup) -> None:
    """Play the night through, from where its journal ends or from an afternoon that leaves time to calibrate."""
    planner, pool, loop = setup.planner, setup.pool, VirtualLoop()
    scenario = setup.observatory.scenario(setup.asked.scenario or "clear")
    setup.processing.settled().result()  # a rehearsal can wait for it: there is no roof over it
    clock = VirtualClock(_resume(setup) if setup.before.begun else _begin(planner, setup.tally()), loop)

    def log(event: Event) -> None:
        setup.journal.write(clock.now(), event)

    day, data_root = setup.asked.day, setup.data_root
    parts = simulated.Rehearsal(setup.observatory, scenario, day, data_root, planner.conditions)
    ports = simulated.ports(simulated.world(parts, clock, pool), setup.observatory, clock, pool, log)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(play(setup, ports, scenario.seed))


def _resume(setup: NightSetup) -> datetime:
    """Where the journal ends, but after the last frame: none is taken in the time of one that was kept."""
    ends = [capture.began + timedelta(seconds=capture.exposure_s) for capture in setup.archived()]
    return max([*ends, *([setup.before.last] if setup.before.last else [])])


def _begin(planner: Planner, known: Tally) -> datetime:
    """Early enough for the calibration that is lacking, and not before noon."""
    night, taking_s = planner.night, defaultdict[str, float](float)
    for each in planner.lacking(known, night.start):  # the trains take theirs side by side
        download_s = planner.observatory.instrument(each.train).train.camera.download
        taking_s[each.train] += each.count * (each.exposure_s + download_s)
    begin = (night.dusk or night.start) - timedelta(seconds=max(taking_s.values(), default=0.0)) - SETTLING
    return max(night.start, begin).replace(microsecond=0)
