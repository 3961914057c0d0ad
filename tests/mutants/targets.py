"""The modules that decide, and the tests that answer for each."""

from collections.abc import Iterator
from pathlib import Path

ENGINE = "tests/unit/engine/"
FRAMES = ENGINE + "frames/"
ALPACA = ENGINE + "devices/alpaca/"
INDI = ENGINE + "devices/indi/"
PROCESSING = ENGINE + "processing/"
REPLAY = ENGINE + "replay/"
ACTIVITIES = ENGINE + "night/activities/"
SCHEDULE = ENGINE + "schedule/"
CONSTRAINTS = "tests/unit/schemas/constraints/"
ALL_CONSTRAINTS = (
    ENGINE + "sky/test_constraints.py",
    CONSTRAINTS + "test_bounds.py",
    CONSTRAINTS + "test_laws.py",
    ENGINE + "sky/test_openings.py",
    ENGINE + "declare/sense/test_visibility.py",
)
ROOMS = ("library", "replay", "safety", "schedule")
"""Where the tests of a whole room answer for each of its modules; elsewhere a module's own do."""
IN_THREADS_OF_A_LIBRARY = {"obsy/engine/devices/indi/client.py"}
"""What runs in threads that Python did not begin is not traced: its tests count as reaching each line."""
TARGETS: dict[str, tuple[str, ...]] = {
    "obsy/units.py": (),
    "obsy/cli/known_planet.py": (),
    "obsy/engine/runtime/observer_code.py": (),
    "obsy/cli/said_orbit.py": (),
    "obsy/engine/declare/history.py": (),
    "obsy/engine/declare/overrides.py": (ENGINE + "safety/test_overriding.py",),
    "obsy/engine/declare/servers.py": (ENGINE + "declare/test_equipment.py",),
    "obsy/engine/devices/alpaca/answer.py": (),
    "obsy/engine/devices/alpaca/camera.py": (),
    "obsy/engine/devices/alpaca/cooler.py": (),
    "obsy/engine/devices/alpaca/device.py": (ALPACA + "test_camera.py",),
    "obsy/engine/devices/alpaca/dome.py": (),
    "obsy/engine/devices/alpaca/errand.py": (),
    "obsy/engine/devices/alpaca/fits.py": (ALPACA + "test_image.py",),
    "obsy/engine/devices/alpaca/focuser.py": (),
    "obsy/engine/devices/alpaca/image.py": (),
    "obsy/engine/devices/alpaca/line.py": (ALPACA + "test_device.py", ALPACA + "test_errand.py"),
    "obsy/engine/devices/alpaca/mount.py": (),
    "obsy/engine/devices/alpaca/offer.py": (),
    "obsy/engine/devices/alpaca/panel.py": (),
    "obsy/engine/devices/alpaca/weather.py": (),
    "obsy/engine/devices/alpaca/wheel.py": (ALPACA + "test_camera.py",),
    "obsy/engine/devices/ekos/block.py": (),
    "obsy/engine/devices/ekos/dialects.py": (),
    "obsy/engine/devices/ekos/executor.py": (),
    "obsy/engine/devices/ekos/jobs.py": (ENGINE + "devices/ekos/test_levels.py",),
    "obsy/engine/devices/ekos/scheduler.py": (),
    "obsy/engine/devices/indi/camera.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/children.py": (),
    "obsy/engine/devices/indi/client.py": (INDI + "test_watched.py",),
    "obsy/engine/devices/indi/cooler.py": (INDI + "test_camera.py",),
    "obsy/engine/devices/indi/device.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/enclosure.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/focuser.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/glance.py": (),
    "obsy/engine/devices/indi/kept.py": (INDI + "test_server.py",),
    "obsy/engine/devices/indi/motions.py": (INDI + "test_roll_off.py",),
    "obsy/engine/devices/indi/mount.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/panel.py": (INDI + "test_ready.py",),
    "obsy/engine/devices/indi/pulse.py": (),
    "obsy/engine/devices/indi/roll_off.py": (INDI + "test_motions.py",),
    "obsy/engine/devices/indi/server.py": (INDI + "test_kept.py",),
    "obsy/engine/devices/indi/watched.py": (),
    "obsy/engine/devices/indi/weather.py": (),
    "obsy/engine/devices/indi/wheel.py": (INDI + "test_ready.py",),
    "obsy/engine/events/event.py": (),
    "obsy/engine/fold.py": (),
    "obsy/engine/frames/archived.py": (),
    "obsy/engine/frames/check.py": (),
    "obsy/engine/frames/copy.py": (
        FRAMES + "test_ingest.py",
        FRAMES + "test_packed.py",
        FRAMES + "test_quarantine.py",
        FRAMES + "test_archived.py",
    ),
    "obsy/engine/frames/dialects.py": (FRAMES + "test_fact.py",),
    "obsy/engine/frames/fact.py": (FRAMES + "test_words.py",),
    "obsy/engine/frames/header.py": (FRAMES + "test_dialects.py", FRAMES + "test_fact.py", FRAMES + "test_words.py"),
    "obsy/engine/frames/ingest.py": (FRAMES + "test_packed.py",),
    "obsy/engine/frames/kind.py": (FRAMES + "test_dialects.py", FRAMES + "test_header.py"),
    "obsy/engine/frames/name.py": (),
    "obsy/engine/frames/packed.py": (),
    "obsy/engine/frames/pointing.py": (FRAMES + "test_dialects.py", FRAMES + "test_header.py"),
    "obsy/engine/frames/quarantine.py": (),
    "obsy/engine/frames/settings.py": (),
    "obsy/engine/frames/start.py": (
        FRAMES + "test_dialects.py",
        FRAMES + "test_header.py",
        FRAMES + "test_contradiction.py",
    ),
    "obsy/engine/frames/watch.py": (),
    "obsy/engine/identity.py": (),
    "obsy/engine/intent.py": (),
    "obsy/engine/library/fitness.py": (),
    "obsy/engine/library/master.py": (
        ENGINE + "library/test_match.py",
        ENGINE + "library/test_fitness.py",
        ENGINE + "reduce/test_masters.py",
    ),
    "obsy/engine/library/match.py": (),
    "obsy/engine/night/activities/calibrate.py": (),
    "obsy/engine/night/activities/close.py": (ACTIVITIES + "test_roof.py",),
    "obsy/engine/night/activities/finish.py": (),
    "obsy/engine/night/activities/observe.py": (ACTIVITIES + "test_mounts.py",),
    "obsy/engine/night/activities/open.py": (ACTIVITIES + "test_roof.py",),
    "obsy/engine/night/context.py": (),
    "obsy/engine/night/loop.py": (),
    "obsy/engine/night/machine.py": (),
    "obsy/engine/night/supervisor.py": (),
    "obsy/engine/night/tally.py": (),
    "obsy/engine/night/together.py": (),
    "obsy/engine/night_record.py": (ENGINE + "test_fold.py",),
    "obsy/engine/processing/anew.py": (PROCESSING + "test_requests.py", PROCESSING + "test_processing.py"),
    "obsy/engine/processing/arrivals.py": (),
    "obsy/engine/processing/intake.py": (PROCESSING + "test_arrivals.py", PROCESSING + "test_old_files.py"),
    "obsy/engine/processing/jobs.py": (PROCESSING + "test_processing.py", PROCESSING + "test_requests.py"),
    "obsy/engine/processing/processing.py": (),
    "obsy/engine/processing/rebuild.py": ("tests/unit/cli/test_rebuild.py",),
    "obsy/engine/processing/requests.py": (PROCESSING + "test_processing.py", PROCESSING + "test_jobs.py"),
    "obsy/engine/processing/rules.py": (PROCESSING + "test_processing.py", PROCESSING + "test_jobs.py"),
    "obsy/engine/processing/sidecar.py": (PROCESSING + "test_rebuild.py",),
    "obsy/engine/processing/workers.py": (),
    "obsy/engine/progress.py": (),
    "obsy/engine/reduce/alike.py": (ENGINE + "reduce/test_common_stars.py",),
    "obsy/engine/reduce/combine.py": (),
    "obsy/engine/reduce/common_stars.py": (),
    "obsy/engine/reduce/grade.py": (),
    "obsy/engine/reduce/grids.py": (),
    "obsy/engine/reduce/masters.py": ("tests/unit/engine/reduce/test_work.py",),
    "obsy/engine/reduce/noise.py": (ENGINE + "reduce/test_combine.py",),
    "obsy/engine/reduce/plain_cards.py": (),
    "obsy/engine/reduce/around.py": (),
    "obsy/engine/reduce/stack_cards.py": (),
    "obsy/engine/reduce/star_light.py": (),
    "obsy/engine/reduce/star_noise.py": (ENGINE + "reduce/test_star_light.py",),
    "obsy/engine/reduce/wcs_cards.py": (),
    "obsy/engine/replay/audit.py": (),
    "obsy/engine/replay/compare.py": (),
    "obsy/engine/replay/evidence.py": (),
    "obsy/engine/replay/rules.py": (REPLAY + "test_compare.py",),
    "obsy/engine/runtime/guard/begin.py": (),
    "obsy/engine/runtime/guard/board.py": (),
    "obsy/engine/runtime/guard/calls.py": (),
    "obsy/engine/runtime/guard/claims.py": (),
    "obsy/engine/runtime/guard/ending.py": (),
    "obsy/engine/runtime/guard/line.py": (),
    "obsy/engine/runtime/guard/open_roofs.py": (),
    "obsy/engine/runtime/guard/process.py": (),
    "obsy/engine/runtime/guard/reached.py": (),
    "obsy/engine/runtime/guard/rehearsal.py": (),
    "obsy/engine/runtime/guard/release.py": (),
    "obsy/engine/runtime/guard/remote.py": (),
    "obsy/engine/runtime/guard/service.py": (),
    "obsy/engine/runtime/guard/start.py": (),
    "obsy/engine/runtime/guard/memory.py": (),
    "obsy/engine/runtime/guard/wire.py": (),
    "obsy/engine/runtime/server_lines.py": (),
    "obsy/engine/runtime/planner.py": (),
    "obsy/engine/runtime/seeking.py": (),
    "obsy/engine/runtime/session.py": (),
    "obsy/engine/runtime/why/halving.py": (),
    "obsy/engine/runtime/why/next_event.py": (),
    "obsy/engine/runtime/why/wider.py": ("tests/unit/engine/runtime/why/test_wider_tonight.py",),
    "obsy/engine/runtime/why/widest.py": (),
    "obsy/engine/safety/asking.py": (),
    "obsy/engine/safety/audience.py": (),
    "obsy/engine/safety/beneath.py": (),
    "obsy/engine/safety/closing.py": (),
    "obsy/engine/safety/daylight.py": (),
    "obsy/engine/safety/evidence.py": (REPLAY + "test_evidence.py",),
    "obsy/engine/safety/guard.py": (),
    "obsy/engine/safety/judging.py": (),
    "obsy/engine/safety/keeper.py": (),
    "obsy/engine/safety/lease.py": (),
    "obsy/engine/safety/limits.py": (),
    "obsy/engine/safety/lock.py": (),
    "obsy/engine/safety/monitor.py": (),
    "obsy/engine/safety/moving.py": (),
    "obsy/engine/safety/opening.py": (),
    "obsy/engine/safety/overdue.py": (),
    "obsy/engine/safety/overriding.py": (),
    "obsy/engine/safety/packing.py": (REPLAY + "test_evidence.py",),
    "obsy/engine/safety/reckoning.py": (),
    "obsy/engine/safety/rounds.py": ("tests/unit/engine/safety/test_keeper.py",),
    "obsy/engine/safety/seeing.py": (),
    "obsy/engine/safety/shelter.py": (),
    "obsy/engine/safety/sightings.py": (),
    "obsy/engine/safety/steady.py": (),
    "obsy/engine/safety/sun.py": (),
    "obsy/engine/safety/verdict.py": (),
    "obsy/engine/safety/watching.py": (),
    "obsy/engine/schedule/annealing.py": (),
    "obsy/engine/schedule/at_most.py": (),
    "obsy/engine/schedule/better.py": (),
    "obsy/engine/schedule/bound/bound.py": (),
    "obsy/engine/schedule/bound/path.py": (SCHEDULE + "bound/test_bound.py",),
    "obsy/engine/schedule/bound/spans.py": (
        SCHEDULE + "bound/test_spans.py",
        SCHEDULE + "bound/test_adds.py",
        SCHEDULE + "bound/test_cells.py",
        SCHEDULE + "bound/test_night_spans.py",
        SCHEDULE + "bound/test_time_prices.py",
    ),
    "obsy/engine/schedule/bound/stakes.py": (SCHEDULE + "bound/test_stakes.py", SCHEDULE + "bound/test_bound.py"),
    "obsy/engine/schedule/bound/time_prices.py": (
        SCHEDULE + "bound/test_tight_prices.py",
        SCHEDULE + "bound/test_time_prices.py",
    ),
    "obsy/engine/schedule/bound/visits.py": (SCHEDULE + "bound/test_visits.py", SCHEDULE + "bound/test_bound.py"),
    "obsy/engine/schedule/bound/ways.py": (SCHEDULE + "bound/test_ways.py", SCHEDULE + "bound/test_bound.py"),
    "obsy/engine/schedule/candidates.py": (),
    "obsy/engine/schedule/chances.py": (),
    "obsy/engine/schedule/claims.py": (),
    "obsy/engine/schedule/conditions.py": (SCHEDULE + "test_candidates.py",),
    "obsy/engine/schedule/course.py": (SCHEDULE + "test_order.py",),
    "obsy/engine/schedule/cover.py": (ENGINE + "report/test_transits.py",),
    "obsy/engine/schedule/filling.py": (SCHEDULE + "test_tonight.py", SCHEDULE + "test_merit_bounds.py"),
    "obsy/engine/schedule/fit.py": (),
    "obsy/engine/schedule/forgotten.py": (),
    "obsy/engine/schedule/goal_line.py": (),
    "obsy/engine/schedule/hindsight.py": (),
    "obsy/engine/schedule/learned.py": (SCHEDULE + "test_estimates.py",),
    "obsy/engine/schedule/leeway.py": (),
    "obsy/engine/schedule/merit_bounds.py": (),
    "obsy/engine/schedule/moves.py": (),
    "obsy/engine/schedule/meanwhile.py": (),
    "obsy/engine/schedule/night_numbers.py": (SCHEDULE + "test_course.py", SCHEDULE + "test_order.py"),
    "obsy/engine/schedule/order.py": (SCHEDULE + "test_meanwhile.py",),
    "obsy/engine/schedule/overheads.py": (),
    "obsy/engine/schedule/patience.py": (),
    "obsy/engine/schedule/pier.py": (),
    "obsy/engine/schedule/request.py": (),
    "obsy/engine/schedule/room.py": (),
    "obsy/engine/schedule/rules_between.py": (),
    "obsy/engine/schedule/shares.py": (),
    "obsy/engine/schedule/timings.py": (SCHEDULE + "test_learned.py",),
    "obsy/engine/schedule/tonight.py": (),
    "obsy/engine/schedule/transfer.py": (),
    "obsy/engine/schedule/value.py": (SCHEDULE + "test_merit.py", SCHEDULE + "test_candidates.py"),
    "obsy/engine/schedule/whole_worth.py": (),
    "obsy/engine/science/aavso_extended.py": (),
    "obsy/engine/science/beyond_photons.py": (),
    "obsy/engine/science/check_star.py": ("tests/unit/engine/science/test_ensemble.py",),
    "obsy/engine/science/comparison_stars.py": ("tests/unit/engine/science/test_ensemble.py",),
    "obsy/engine/science/ensemble.py": (),
    "obsy/engine/science/transit/aavso.py": (),
    "obsy/engine/science/transit/coverage.py": (),
    "obsy/engine/science/transit/fit.py": (),
    "obsy/engine/science/transit/flat_fielded.py": (),
    "obsy/engine/science/transit/folder_frames.py": (),
    "obsy/engine/science/transit/noise.py": (ENGINE + "science/transit/test_fit.py",),
    "obsy/engine/science/transit/parameters.py": (),
    "obsy/engine/science/transit/read_curve.py": (),
    "obsy/engine/science/transit/relative.py": (),
    "obsy/engine/science/transit/saturation.py": (),
    "obsy/engine/science/transit/text_table.py": (),
    "obsy/engine/science/zero_points.py": (),
    "obsy/engine/sequencer/bounded.py": (),
    "obsy/engine/sequencer/centring.py": (),
    "obsy/engine/sequencer/dithering.py": (ENGINE + "sequencer/test_guiding.py",),
    "obsy/engine/sequencer/focus.py": (ENGINE + "sequencer/test_sequencer.py",),
    "obsy/engine/sequencer/focus_due.py": (ENGINE + "sequencer/test_focus.py", ENGINE + "sequencer/test_sequencer.py"),
    "obsy/engine/sequencer/guiding.py": (),
    "obsy/engine/sequencer/sequencer.py": (
        ENGINE + "sequencer/test_sequencer.py",
        ENGINE + "sequencer/test_guiding.py",
        ENGINE + "sequencer/test_focus.py",
    ),
    "obsy/engine/sequencer/setting_up.py": (
        ENGINE + "sequencer/test_sequencer.py",
        ENGINE + "schedule/test_overheads.py",
    ),
    "obsy/engine/sky/openings.py": (),
    "obsy/schemas/constraints/airmass.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/altitude.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/constraint.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/dates.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/downtime.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/hour_angle.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/meridian.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/meridian_zone.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/moon.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/phase.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/season.py": ALL_CONSTRAINTS,
    "obsy/schemas/constraints/sun.py": ALL_CONSTRAINTS,
}
"""Each module with the tests that answer for it besides its own and its room's."""
LEFT_OUT = {
    "obsy/engine/runtime/guard/guard.py": "its tests play guards on the wall's time: a fault costs half a minute",
    "obsy/engine/runtime/guard/units.py": "it decides nothing: it is text",
}
"""Why a module of the rooms that own the roof, or judge a night again, is none of them."""
OWN_THE_ROOF = ("obsy/engine/safety", "obsy/engine/runtime/guard", "obsy/engine/replay")

HEAVY = (
    "numpy",
    "scipy.optimize",
    "astropy.io.fits",
    "astropy.units",
    "astropy.time",
    "astropy.utils.iers",
    "pydantic",
    "hypothesis",
    "pytest",
)
"""Loaded once; each trial forks from here and loads obsy itself anew."""


def mirror(module: str) -> Path:
    """The test file of a module: `obsy/engine/intent.py` is answered for by `tests/unit/engine/test_intent.py`."""
    path = Path(module)
    return Path("tests/unit", *path.parts[1:-1], f"test_{path.name}")


def answering(root: Path, module: str) -> list[str]:
    """The tests that answer for a module: of its own file, of its room if that is among `ROOMS`, and those above."""
    own = mirror(module)
    room = [Path(ENGINE, name) for name in ROOMS if Path(ENGINE, name) in own.parents]
    return [str(path) for path in (own, *room, *map(Path, TARGETS[module])) if (root / path).exists()]


def nearest(root: Path, module: str) -> list[str]:
    """The tests of a module's own file and those named above: asked first, and shown what it does while it loads."""
    own = mirror(module)
    return [str(own), *TARGETS[module]] if (root / own).exists() else answering(root, module)


def roomy(root: Path, module: str) -> bool:
    """Whether tests of a module's room answer for it besides the nearest."""
    return set(answering(root, module)) > set(nearest(root, module))


def missing(root: Path) -> Iterator[str]:
    """Each path that is named here and does not exist, and each module without a test."""
    for module, extras in TARGETS.items():
        yield from (path for path in (module, *extras) if not (root / path).exists())
        if not answering(root, module):
            yield f"a test of {module}"
