"""Write a whole night for EKOS, to be loaded by hand."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.errors import DeviceError, UserError

if TYPE_CHECKING:
    from obsy.engine.devices.ekos.dialects import Dialect
    from obsy.engine.runtime.ekos_night import HandJob


def export_night(plans: Path, site: str | None, night: str | None, out: Path, version: str | None) -> dict[str, Any]:
    """Write the lists and sequences of a night into a folder, and return what there is and what they do not tell.

    Nothing is overwritten. Raise UserError if nothing can be written.
    """
    from obsy.cli.apply import which_night
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.disk import write_whole
    from obsy.engine.runtime.ekos_night import files_of, jobs_of
    from obsy.engine.runtime.ekos_untold import untold
    from obsy.engine.runtime.planner import standing

    dialect = _dialect(version)
    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    day = which_night(night, observatory, simulate=False, dry_run=True)
    wanted = standing(observatory, root, day, simulate=False).intent()
    jobs = jobs_of(wanted, observatory)
    files = files_of(wanted, observatory, jobs, dialect, out.resolve())
    if not files:
        raise UserError(f"the night of {day} has nothing to do: 'obsy apply --dry-run --night {day}' says why")
    if there := [name for name in files if (out / name).exists()]:
        raise UserError(f"'{out / there[0]}' is there already: name another folder, or remove it")
    try:
        for name, text in files.items():
            write_whole(out / name, text.encode())
    except OSError as fault:
        raise UserError(
            f"the night cannot be written in '{out}' ({fault.strerror or fault}): name another folder"
        ) from None
    return _shape(day, dialect, out, files, jobs) | {"told": untold(wanted, jobs, dialect)}


def page(told: dict[str, Any]) -> str:
    """Return what a person reads of it."""
    lines = [f"The night of {told['night']} for KStars {told['ekos']}, in {told['folder']}:", ""]
    for job in told["jobs"]:
        frames = ", ".join(f"{each['count']} × {each['exposure_s']:g} s {each['filter']}" for each in job["frames"])
        lines.append(f"  {job['start']}  {job['object']}: {frames}  ({job['list']}, {job['sequence']})")
    lines += [f"  {name}" for name in told["files"] if name.endswith("-calibration.esq")]
    return "\n".join([*lines, "", "Not told to EKOS:", *(f"  {each}" for each in told["told"])])


def _dialect(version: str | None) -> "Dialect":
    """Return the dialect of a version that a person wrote, or of the KStars that is installed."""
    from obsy.engine.devices.ekos.dialects import KNOWN, dialect_of
    from obsy.engine.devices.ekos.installed import kstars_version

    if version is not None:
        match = re.fullmatch(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?", version, re.ASCII)
        if match is None:
            raise click.BadParameter(f"'{version}' is no version; write it as 3.7.6", param_hint="--ekos")
        asked = int(match[1]), int(match[2]), int(match[3] or 0)
    else:
        try:
            asked = kstars_version()
        except DeviceError as error:
            raise UserError(f"{error}; or say for which it is, with '--ekos 3.7.6' ({KNOWN})") from None
    try:
        return dialect_of(asked)
    except DeviceError as error:
        raise UserError(str(error)) from None


def _shape(day: date, dialect: "Dialect", out: Path, files: dict[str, str], jobs: "list[HandJob]") -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    listed = [
        {
            "list": f"{job.instrument.name}.esl",
            "sequence": job.file,
            "object": job.blocks[0].request.line.object,
            "plan": job.plan.name,
            "start": f"{job.blocks[0].begin.astimezone(ZoneInfo(job.instrument.site.timezone)):%Y-%m-%d %H:%M}",
            "frames": [
                {"goal": line.key, "filter": line.filter, "exposure_s": line.goal.exposure, "count": count}
                for line, count in job.goals.items()
            ],
        }
        for job in jobs
    ]
    return {"night": day.isoformat(), "ekos": str(dialect), "folder": str(out), "files": list(files), "jobs": listed}
