"""The files of a night's magnitudes: what was measured, and what the AAVSO takes of it."""

from pathlib import Path

import obsy
from obsy.engine.report.light_curve import svg
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
from obsy.engine.science.aavso_rules import faults
from obsy.engine.science.magnitude_table import magnitude_table
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.report_filter import catalogue_band
from obsy.errors import UserError

TABLE, PICTURE, REPORT = ".ecsv", ".svg", "-aavso.txt"
_SIGNED, _MADE_BY = "#OBSCODE=", "#SOFTWARE="


def write_magnitudes(stem: Path, night: NightMagnitudes, code: str | None) -> ReportFiles:
    """Write each filter's files, each whole or not at all; a report for the AAVSO too, if an observer's code is said.

    stem: what all their names begin with. A report of earlier that is refused now, or that says something else
    than one of now would, and any file of a filter that cannot be measured now, is renamed. Raises UserError if the
    AAVSO would refuse a report, or the disk refuses.
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
        path = _path(stem, one.name, REPORT)
        if not one.refusal and code is not None:
            texts[path] = _report(one, night, code, path.name)
        elif one.refusal or not _says_the_same(path, one, night):
            stale.append(path)
    return write_reports(stem.parent, texts, stale)


def _path(stem: Path, name: str, kind: str) -> Path:
    return stem.with_name(f"{stem.name}-{name.replace(' by ', '-')}{kind}")


def _says_the_same(path: Path, one: FilterNight, night: NightMagnitudes) -> bool:
    """Tell whether a report that stands is what its observer would report now, whichever obsy wrote it."""
    try:
        was = path.read_bytes().decode()
        code = next((line.removeprefix(_SIGNED) for line in was.splitlines() if line.startswith(_SIGNED)), "")
        now = _report(one, night, code, path.name)
    except (OSError, UnicodeDecodeError, UserError):  # there is none, it is no report, or none can be made
        return False
    return _numbers(was) == _numbers(now)


def _numbers(report: str) -> list[str]:
    return [line for line in report.splitlines() if not line.startswith(_MADE_BY)]


def _report(one: FilterNight, night: NightMagnitudes, code: str, name: str) -> str:
    about = ReportAbout(code, one.filter, catalogue_band(one.filter), f"obsy {obsy.__version__}", one.terms)
    text = aavso_extended(one.found, night.comparison, about)
    if wrong := faults(text, name):
        raise UserError("the AAVSO would refuse the report: " + "; ".join(map(str, wrong)))
    return text
