"""The files of a night's magnitudes: what was measured, and what societies take of it."""

import re
from dataclasses import replace
from glob import escape
from pathlib import Path

from obsy.engine.report.light_curve import svg
from obsy.engine.runtime.observer_code import signed_by
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.runtime.report_forms import FORMS, ReportForm
from obsy.engine.science.binned import in_points_of, point_of
from obsy.engine.science.magnitude_table import magnitude_table
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from obsy.engine.science.others_points import OthersPoints
from obsy.engine.science.report_filter import catalogue_band
from obsy.errors import UserError

TABLE, PICTURE = ".ecsv", ".svg"
WAY = "+"
"""What precedes, in a name, how a file was made otherwise than a night's page makes it."""


def write_magnitudes(  # noqa: PLR0913, PLR0917  whose they are, and in which form
    stem: Path,
    night: NightMagnitudes,
    code: str | None,
    form: str = "aavso",
    others: OthersPoints | None = None,
    is_page: bool = False,
) -> ReportFiles:
    """Write each filter's files, each whole or not at all; a report in a form too, if an observer's code is said.

    stem: what all their names begin with. others: points that are drawn beside the own ones. A report of earlier that
    is refused now, or that says something else than one of now would, and any file of a filter that cannot be measured
    now, is renamed; so is one of the form that was made another way, as of other points, once one of now is written.
    is_page: a night's page asks, which replaces no report that was made another way, and lets who signed the one that
    stands sign the next. Raises UserError if the society would refuse a report, or the disk refuses.
    """
    texts: dict[Path, str] = {}
    kinds = TABLE, PICTURE, *(each.suffix for each in FORMS.values())
    stale = [path for name in night.unmeasured for kind in kinds for path in _of_any_way(stem, name, kind)]
    replaced: list[Path] = []
    kept: list[Path] = []
    for one in night.filters:
        has_points = bool(len(one.found.curve))
        if has_points:
            band = catalogue_band(one.filter)
            texts[_path(stem, one, TABLE)] = magnitude_table(one.found, night.comparison, band)
            texts[_path(stem, one, PICTURE)] = svg(one.found, night.comparison.of, one.filter, others)
        else:
            stale += [path for kind in (TABLE, PICTURE) for path in _of_any_way(stem, one.name, kind)]
        for name, each in FORMS.items():
            path, standing = _path(stem, one, each.suffix), _of_any_way(stem, one.name, each.suffix)
            gone = standing if one.refusal else [was for was in standing if not _stands(was, one, night, each)]
            beside = [was for was in standing if was not in gone and was != path]
            signs = code or (signed_by(path, each.signed) if is_page else None)
            if not one.refusal and signs is not None and name == form and not (is_page and beside):
                texts[path] = each.write(one, night, signs, path.name)
                replaced += beside
            elif name == form and not one.refusal:
                kept += beside
            stale += [was for was in gone if was not in texts]
    return replace(write_reports(stem.parent, texts, stale, replaced), kept=tuple(kept))


def _path(stem: Path, one: FilterNight, kind: str) -> Path:
    return _named(stem, one.name, one.way and WAY + one.way, kind)


def _named(stem: Path, name: str, way: str, kind: str) -> Path:
    return stem.with_name(f"{stem.name}-{name.replace(' by ', '-')}{way}{kind}")


def _of_any_way(stem: Path, name: str, kind: str) -> list[Path]:
    """Return those files of a filter that stand, in whichever way they were made."""
    usual = _named(stem, name, "", kind)
    begins = usual.name.removesuffix(kind)
    return [*filter(Path.exists, [usual]), *sorted(usual.parent.glob(f"{escape(begins + WAY)}*{escape(kind)}"))]


def _stands(path: Path, one: FilterNight, night: NightMagnitudes, form: ReportForm) -> bool:
    """Tell whether nothing of now speaks against a report: it says the same, or of other points than one knows."""
    way = path.name.removesuffix(form.suffix).partition(WAY)[2]
    if way == one.way:
        return _says_the_same(path, one, night, form)
    if one.way or not (bins := re.fullmatch(r"bin(\d+|[\d.]+ ?s)", way)):
        return True
    return _says_the_same(path, in_points_of(one, point_of(bins[1])), night, form)


def _says_the_same(path: Path, one: FilterNight, night: NightMagnitudes, form: ReportForm) -> bool:
    """Tell whether a report that stands is what its observer would report now, whichever obsy wrote it."""
    try:
        was = path.read_bytes().decode()
        now = form.write(one, night, form.signer(was), path.name)
    except (OSError, UnicodeDecodeError, UserError):  # there is none, it is no report, or none can be made
        return False
    return form.numbers(was) == form.numbers(now)
