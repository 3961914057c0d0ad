"""The files of a night's magnitudes: what was measured, and what societies take of it."""

from pathlib import Path

from obsy.engine.report.light_curve import svg
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.runtime.report_forms import FORMS, ReportForm
from obsy.engine.science.magnitude_table import magnitude_table
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.others_points import OthersPoints
from obsy.engine.science.report_filter import catalogue_band
from obsy.errors import UserError

TABLE, PICTURE = ".ecsv", ".svg"


def write_magnitudes(
    stem: Path, night: NightMagnitudes, code: str | None, form: str = "aavso", others: OthersPoints | None = None
) -> ReportFiles:
    """Write each filter's files, each whole or not at all; a report in a form too, if an observer's code is said.

    stem: what all their names begin with. others: points that are drawn beside the own ones. A report of earlier that
    is refused now, or that says something else than one of now would, and any file of a filter that cannot be measured
    now, is renamed. Raises UserError if the society would refuse a report, or the disk refuses.
    """
    texts: dict[Path, str] = {}
    kinds = TABLE, PICTURE, *(each.suffix for each in FORMS.values())
    stale = [_path(stem, name, kind) for name in night.unmeasured for kind in kinds]
    for one in night.filters:
        has_points = bool(len(one.found.curve))
        if has_points:
            band = catalogue_band(one.filter)
            texts[_path(stem, one.name, TABLE)] = magnitude_table(one.found, night.comparison, band)
            texts[_path(stem, one.name, PICTURE)] = svg(one.found, night.comparison.of, one.filter, others)
        stale += [] if has_points else [_path(stem, one.name, TABLE), _path(stem, one.name, PICTURE)]
        for name, each in FORMS.items():
            path = _path(stem, one.name, each.suffix)
            if not one.refusal and code is not None and name == form:
                texts[path] = each.write(one, night, code, path.name)
            elif one.refusal or not _says_the_same(path, one, night, each):
                stale.append(path)
    return write_reports(stem.parent, texts, stale)


def _path(stem: Path, name: str, kind: str) -> Path:
    return stem.with_name(f"{stem.name}-{name.replace(' by ', '-')}{kind}")


def _says_the_same(path: Path, one: FilterNight, night: NightMagnitudes, form: ReportForm) -> bool:
    """Tell whether a report that stands is what its observer would report now, whichever obsy wrote it."""
    try:
        was = path.read_bytes().decode()
        now = form.write(one, night, form.signer(was), path.name)
    except (OSError, UnicodeDecodeError, UserError):  # there is none, it is no report, or none can be made
        return False
    return form.numbers(was) == form.numbers(now)
