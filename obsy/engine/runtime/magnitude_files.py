"""The files of a night's magnitudes: what was measured, and what the AAVSO takes of it."""

from dataclasses import dataclass
from pathlib import Path

import obsy
from obsy.engine.disk import write_whole
from obsy.engine.report.light_curve import svg
from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.aavso_rules import faults
from obsy.engine.science.magnitude_table import magnitude_table
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.report_filter import catalogue_band
from obsy.errors import UserError

TABLE, PICTURE, REPORT = ".ecsv", ".svg", "-aavso.txt"


@dataclass(frozen=True, slots=True)
class MagnitudeFiles:
    """What was written, and what of an earlier time was renamed."""

    written: tuple[Path, ...]
    withdrawn: tuple[Path, ...]
    """By their new names: nobody is to send what a later result does not bear."""


def write_magnitudes(stem: Path, night: NightMagnitudes, code: str | None) -> MagnitudeFiles:
    """Write each filter's files, each whole or not at all; a report for the AAVSO too, if an observer's code is said.

    stem: what all their names begin with. A report of earlier that is refused now, and any file of a filter that
    cannot be measured now, is renamed. Raises UserError if the AAVSO would refuse a report, or the disk refuses.
    """
    texts: dict[Path, str] = {}
    stale = [_path(stem, name, kind) for name in night.unmeasured for kind in (TABLE, PICTURE, REPORT)]
    for one in night.filters:
        has_points = bool(len(one.found.curve))
        if has_points:
            texts[_path(stem, one.name, TABLE)] = magnitude_table(
                one.found, night.comparison, catalogue_band(one.filter)
            )
            texts[_path(stem, one.name, PICTURE)] = svg(one.found, night.comparison.of, one.filter)
        stale += [] if has_points else [_path(stem, one.name, TABLE), _path(stem, one.name, PICTURE)]
        if one.refusal:
            stale.append(_path(stem, one.name, REPORT))
        elif code is not None:
            path = _path(stem, one.name, REPORT)
            texts[path] = _report(one, night, code, path.name)
    try:
        withdrawn = tuple(_renamed(path) for path in stale if path.exists())
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
    except OSError as fault:
        raise UserError(f"'{stem.parent}' cannot be written into: {fault.strerror or fault}") from None
    return MagnitudeFiles(tuple(texts), withdrawn)


def _path(stem: Path, name: str, kind: str) -> Path:
    return stem.with_name(f"{stem.name}-{name.replace(' by ', '-')}{kind}")


def _renamed(path: Path) -> Path:
    return path.replace(path.with_name(f"{path.stem}-withdrawn{path.suffix}"))


def _report(one: FilterNight, night: NightMagnitudes, code: str, name: str) -> str:
    about = ReportAbout(code, one.filter, catalogue_band(one.filter), f"obsy {obsy.__version__}")
    text = aavso_extended(one.found, night.comparison, about)
    if wrong := faults(text, name):
        raise UserError("the AAVSO would refuse the report: " + "; ".join(map(str, wrong)))
    return text
