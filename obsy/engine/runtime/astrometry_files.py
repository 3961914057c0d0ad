"""The files of a night's positions: the table, the picture, and what the Minor Planet Center takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from obsy.engine.report.moving import svg
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
from obsy.engine.science.astrometry.position_table import position_table

TABLE, PICTURE, REPORT = "-astrometry.ecsv", "-astrometry.svg", "-ades"


def write_positions(stem: Path, found: MovingTarget, about: dict[str, Any], reports: Mapping[str, str]) -> ReportFiles:
    """Write them, each whole or not at all; stem: what all their names begin with; reports: by what names end with.

    What of an earlier time this does not bear is renamed. Raises UserError if the disk refuses.
    """
    table, picture = (stem.with_name(stem.name + kind) for kind in (TABLE, PICTURE))
    texts = {stem.with_name(f"{stem.name}{REPORT}{end}"): text for end, text in reports.items()}
    if found.positions:
        texts |= {table: position_table(found, about), picture: svg(found, about["target"])}
    earlier = sorted(stem.parent.glob(f"{stem.name}{REPORT}*"))
    stale = [each for each in (table, picture, *earlier) if each not in texts and "-withdrawn" not in each.name]
    return write_reports(stem.parent, texts, stale)
