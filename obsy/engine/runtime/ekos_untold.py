"""What a night that is loaded by hand does not tell EKOS: what its version cannot say, and what no version can."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from obsy.engine.devices.ekos.dialects import RUN, Dialect, said
from obsy.engine.intent import Calibrate, Intent
from obsy.engine.runtime.ekos_night import HandJob

BEFORE_DAWN = timedelta(minutes=30)
"""So long before dawn EKOS ends a job that minds twilight, as its option stands at first."""
SAID = ("sun", "altitude", "dates")
"""Words of `when` that a list says, or that choosing the night settles."""


def untold(wanted: Intent, jobs: Sequence[HandJob], dialect: Dialect) -> list[str]:
    """Return it, a line each: what concerns a job, then what concerns the list."""
    found = [line for job in jobs for line in _of_job(job, dialect, wanted)]
    left = dict.fromkeys(each.request.line.plan for each in wanted.blocks if not each.request.line.follows)
    found += [f"{plan} is left out: EKOS tracks the stars, and stands or waits for nothing that flies" for plan in left]
    return list(dict.fromkeys((*found, *_of_list(wanted, jobs, dialect))))


def _of_job(job: HandJob, dialect: Dialect, wanted: Intent) -> Iterator[str]:
    first, last = job.blocks[0], job.blocks[-1]
    if first.ra_rate or first.dec_rate:
        pace = (first.ra_rate**2 + first.dec_rate**2) ** 0.5
        yield f"{job.called} moves by {pace:.0f} arcsec an hour: EKOS points where it is first, and follows the stars"
    if any(block.fixed for block in job.blocks):
        yield f"{job.called} has a time of its own: EKOS is told when to begin, and not when it has to end"
    if not job.is_dark:
        yield f"{job.called} may be taken in twilight: EKOS, which knows full darkness alone, is told none"
    elif wanted.dawn is not None and wanted.dawn - last.end < BEFORE_DAWN:
        yield f"{job.called} ends less than 30 min before dawn: set the scheduler's 'pre-dawn' to 0, or EKOS cuts it"
    if job.plan.dither is not None:
        yield from _of_dither(job, dialect)


def _of_dither(job: HandJob, dialect: Dialect) -> Iterator[str]:
    if "GuideDitherPerJob" not in dialect.knows:
        yield f"{job.called}: after how many frames to dither (3.6.9 and later); set it in the guide module"
    yield f"{job.called}: by how many pixels to dither; set it in the guide module"


def _of_list(wanted: Intent, jobs: Sequence[HandJob], dialect: Dialect) -> Iterator[str]:
    if not jobs:
        return
    if words := sorted({word for job in jobs for word in job.limits if word not in SAID}):
        yield f"{', '.join(words)}: the times were chosen by them, and EKOS does not mind them; see to what begins late"
    turns = Counter((job.instrument.name, job.blocks[0].request.line.object) for job in jobs)
    if names := sorted({name for (_, name), times in turns.items() if times > 1}):
        yield f"{', '.join(names)}: EKOS warns of a target that comes twice; each turn has folders of its own"
    yield "start and shutdown (roof, mount, cap): as your scheduler is set; look at it before you start the list"
    yield "where it is: the files name this folder by its whole path, for themselves and for the frames"
    yield "the profile and the optical train: choose them in EKOS before you load the list"
    shared = [job.instrument.mount.name for job in jobs]
    trains = {(job.instrument.mount.name, job.instrument.name) for job in jobs}
    if len(trains) > len(set(shared)):
        yield "trains on one mount have a list each, and EKOS runs one list: load them one after another"
    if any(isinstance(action, Calibrate) for action in wanted.actions):
        yield "calibration: load '…-calibration.esq' in the capture module, in the dark, and light the panel for flats"
    yield from _of_version(jobs, dialect)


def _of_version(jobs: Sequence[HandJob], dialect: Dialect) -> Iterator[str]:
    if "EnforceWeather" not in dialect.knows:
        yield f"weather: KStars {dialect} reads none from a list, and its own option is off at first: switch it on"
    if any(job.lowest_deg is not None for job in jobs) and dialect.version >= (3, 6, 9):
        yield "a list with a lowest altitude also switches the altitude limits of the mount module on"
    if "PlaceholderFormat" not in dialect.knows:
        yield f"names of files: KStars {dialect} has its own (placeholders: 3.6.3 and later); folders say plan and goal"
    else:
        yield "plan and goal: no placeholder says them, so the folders of the frames do"
    if dialect.version != RUN:
        yield f"these files follow what KStars {dialect} reads; loaded they were in {said(RUN)} alone"
