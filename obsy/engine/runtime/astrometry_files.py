"""The files of a night's positions: the table and the picture."""

from pathlib import Path
from typing import Any

from obsy.engine.report.moving import svg
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
from obsy.engine.science.astrometry.position_table import position_table

TABLE, PICTURE, REPORT = "-astrometry.ecsv", "-astrometry.svg", "-ades.psv"


def write_positions(stem: Path, found: MovingTarget, about: dict[str, Any], report: str | None) -> ReportFiles:
    """Write them, each whole or not at all; stem: what all their names begin with; report: for the MPC, if any.

    What of an earlier time this does not bear is renamed. Raises UserError if the disk refuses.
    """
    table, picture, ades = (stem.with_name(stem.name + kind) for kind in (TABLE, PICTURE, REPORT))
    if not found.positions:
        return write_reports(stem.parent, {}, (table, picture, ades))
    texts = {table: position_table(found, about), picture: svg(found, about["target"])}
    if report is not None:
        texts[ades] = report
    return write_reports(stem.parent, texts, () if report is not None else (ades,))
