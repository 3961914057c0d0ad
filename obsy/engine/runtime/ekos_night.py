"""A night as EKOS's files, for people who load them by hand: a scheduler's list for each train, and its sequences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.ekos.dialects import Dialect
from obsy.engine.devices.ekos.jobs import EkosFrames, EkosTarget, levels, list_text, sequence_text
from obsy.engine.devices.indi.camera_profiles import PLAIN, PROFILES
from obsy.engine.devices.ports import Pointing
from obsy.engine.intent import Calibrate, Intent
from obsy.engine.library.master import CalibrationSet
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.request import Block
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.plan import Plan
from obsy.schemas.when import When

TOGETHER = timedelta(minutes=5)
"""Blocks of one target that follow within this time are one job: EKOS solves and focuses once for all of them."""


@dataclass(frozen=True, slots=True)
class HandJob:
    """Blocks of one train and target that EKOS takes one after another."""

    instrument: Instrument
    plan: Plan
    blocks: tuple[Block, ...]
    file: str
    """What its sequence is called."""

    @property
    def called(self) -> str:
        """Return what messages call it."""
        return f"{self.blocks[0].request.line.object} ({self.file})"

    @property
    def goals(self) -> dict[GoalLine, int]:
        """Return how many frames are to be taken of each goal: EKOS counts alike rows of a sequence as one."""
        found: dict[GoalLine, int] = {}
        for each in self.blocks:
            found[each.request.line] = found.get(each.request.line, 0) + each.count
        return found

    @property
    def limits(self) -> frozenset[str]:
        """Return the words by which plan and goals limit when it may be taken."""
        return frozenset(word for when in self._whens for word, _ in when.constraints())

    @property
    def is_dark(self) -> bool:
        """Whether the plan asks for astronomical darkness or a darker sky: the only twilight that EKOS knows."""
        return all((when.sun or DARK).below <= DARK.below for when in self._whens)

    @property
    def guided(self) -> bool:
        """Whether a guider is to hold it."""
        asked = self.plan.guiding
        return asked == "required" or (asked is None and self.instrument.train.guider is not None)

    @property
    def lowest_deg(self) -> float | None:
        """Return the lowest altitude that plan and mount allow."""
        said = [when.altitude.above for when in self._whens if when.altitude is not None]
        return max((each for each in (*said, self.instrument.mount.altitude.above) if each is not None), default=None)

    @property
    def _whens(self) -> list[When]:
        return [each.request.line.goal.when.over(self.plan.when) for each in self.blocks]


def jobs_of(wanted: Intent, observatory: Observatory) -> list[HandJob]:
    """Return a night's jobs, train by train, in the order of time."""
    plans = {plan.name: plan for plan in observatory.plans}
    found = []
    for instrument in observatory.instruments:
        mine = [
            block for block in wanted.blocks if block.request.train == instrument.name and block.request.line.follows
        ]
        for number, blocks in enumerate(_runs(mine), 1):
            plan = plans[blocks[0].request.line.plan]
            found.append(HandJob(instrument, plan, blocks, f"{instrument.name}-{number:02}-{plan.name}.esq"))
    return found


def files_of(
    wanted: Intent, observatory: Observatory, jobs: Sequence[HandJob], dialect: Dialect, out: Path
) -> dict[str, str]:
    """Return the text of each file, by its name in the folder `out`."""
    files, frames = {}, out / "frames" / wanted.night.isoformat()  # for EKOS counts what an earlier night left as done
    for train, group in groupby(jobs, key=lambda job: job.instrument.name):
        mine = list(group)
        targets = [_target(job, wanted, out) for job in mine]
        files[f"{train}.esl"] = list_text(targets, dialect)
        for job in mine:
            focuser = job.instrument.train.focuser
            minutes = round(focuser.every / 60) if focuser is not None else 0
            files[job.file] = sequence_text(_lights(job, frames), dialect, False, minutes)
    for instrument in observatory.instruments:
        sets = [each.wanted for each in wanted.actions if isinstance(each, Calibrate)]
        if series := [_calibration(each, instrument, frames) for each in sets if each.train == instrument.name]:
            files[f"{instrument.name}-calibration.esq"] = sequence_text(series, dialect)
    return files


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Yield blocks that are one job: of one object, each soon after the other, none with a time of its own."""
    run: list[Block] = []
    for block in blocks:
        if run and not _goes_on(run[-1], block):
            yield tuple(run)
            run = []
        run.append(block)
    if run:
        yield tuple(run)


def _goes_on(last: Block, block: Block) -> bool:
    lines = last.request.line, block.request.line
    is_same = lines[0].plan == lines[1].plan and lines[0].object == lines[1].object
    return is_same and not (last.fixed or block.fixed) and block.begin - last.end <= TOGETHER


def _target(job: HandJob, wanted: Intent, out: Path) -> EkosTarget:
    """The site's clock counts, as KStars reads a time without a zone."""
    first, train = job.blocks[0], job.instrument.train
    steps = {
        "Track": True,
        "Focus": train.focuser is not None,
        "Align": job.instrument.mount.centre is not None,
        "Guide": job.guided,
    }
    limits: dict[str, float | None] = {"EnforceWeather": None}  # of all jobs or none: some versions ask the last alone
    if job.lowest_deg is not None:
        limits["MinimumAltitude"] = job.lowest_deg
    if job.is_dark:
        limits["EnforceTwilight"] = None
    return EkosTarget(
        first.request.line.object,
        Pointing(first.ra_deg, first.dec_deg),
        out / job.file,
        tuple(step for step, is_taken in steps.items() if is_taken),
        start=first.begin.astimezone(ZoneInfo(job.instrument.site.timezone)).replace(tzinfo=None),
        constraints=limits,
    )


def _lights(job: HandJob, frames: Path) -> list[EkosFrames]:
    train, dither = job.instrument.train, job.plan.dither
    camera, folder = train.camera, frames / Path(job.file).stem
    every = None if dither is None else int(dither.every)
    return [
        EkosFrames(
            "light",
            line.goal.exposure,
            count,
            line.object,
            folder / line.key,
            camera.size,
            _label(job.instrument, line.filter),
            camera.binning,
            camera.temperature,
            _levels(job.instrument),
            every,
        )
        for line, count in job.goals.items()
    ]


def _calibration(wanted: CalibrationSet, instrument: Instrument, frames: Path) -> EkosFrames:
    camera = instrument.train.camera
    called = "-".join(filter(None, (wanted.kind, wanted.filter, f"{wanted.exposure_s:g}s")))
    return EkosFrames(
        wanted.kind,
        wanted.exposure_s,
        wanted.count,
        wanted.kind,
        frames / f"{instrument.name}-calibration" / called,
        camera.size,
        _label(instrument, wanted.filter) if wanted.filter is not None else "",
        camera.binning,
        camera.temperature,
        _levels(instrument),
    )


def _label(instrument: Instrument, role: str) -> str:
    """What the wheel calls a role; nothing without a wheel."""
    labels = {slot.role: slot.label for slot in instrument.train.slots}
    return labels[role] if instrument.train.filters is not None else ""


def _levels(instrument: Instrument) -> dict[str, dict[str, int]]:
    camera = instrument.train.camera
    driver = camera.device.driver if camera.device is not None else None
    return levels(PROFILES.get(driver or "", PLAIN), camera.gain, camera.offset)
