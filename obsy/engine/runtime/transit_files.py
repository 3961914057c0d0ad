"""The files of a fitted transit: what was found, and what others take of it."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from obsy.engine.report import transit_conditions, transit_fit
from obsy.engine.runtime.report_files import ReportFiles, write_reports
from obsy.engine.science.transit.aavso import aavso_exoplanet
from obsy.engine.science.transit.as_json import shape
from obsy.engine.science.transit.columns import etd, exoclock
from obsy.engine.science.transit.coverage import TransitResult
from obsy.engine.science.transit.curve import MeasuredCurve
from obsy.engine.science.transit.fit import TransitFit
from obsy.engine.science.transit.observation import TransitObservation
from obsy.engine.science.transit.posterior import SampledTransit
from obsy.moments import night_of

_J2000 = 2_451_545.0
_ALWAYS = "-transit.json", "-transit.svg", "-conditions.svg"
_REPORTS = "-aavso.txt", "-exoclock.txt", "-etd.txt"


def transit_stem(taken: MeasuredCurve, planet: str) -> str:
    """Return what the names of its files begin with: the night, by the Sun where the place is known, and the planet.

    A curve whose night nobody says needs a usable point.
    """
    return f"{taken.night or _night(taken)}-{in_a_name(planet)}"


def in_a_name(planet: str) -> str:
    """Return a planet as the name of a file has it."""
    return re.sub(r"[^\w.+-]+", "-", planet)


def _night(taken: MeasuredCurve) -> date:
    began = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=float(taken.curve.ordered().bjd_tdb[0]) - _J2000)
    return night_of(began, taken.place.longitude_deg if taken.place else 0.0)


def write_transit(
    stem: Path, fit: TransitFit, told: TransitResult, about: TransitObservation, drawn: SampledTransit | None = None
) -> ReportFiles:
    """Write every number and two pictures, and the reports unless they are refused; each file whole or not at all.

    stem: what all their names begin with. drawn: what was sampled, if it was. A report of earlier that is not written
    now is renamed. Raises UserError if the disk refuses.
    """
    numbers = json.dumps(shape(fit, told, about, drawn), indent=2, ensure_ascii=False) + "\n"
    always = numbers, transit_fit.svg(fit, told), transit_conditions.svg(fit, told, about)
    reports = aavso_exoplanet(fit, about), exoclock(fit), etd(fit)
    texts: list[tuple[str, str | None]] = [*zip(_ALWAYS, always, strict=True)]
    texts += [] if told.refusal else zip(_REPORTS, reports, strict=True)
    return _replaced(stem, {end: text for end, text in texts if text is not None})


def withdraw_transit(stem: Path) -> tuple[Path, ...]:
    """Rename all that stands of an earlier fit, since there is none now, and return the new names.

    Raises UserError if the disk refuses.
    """
    return _replaced(stem, {}).withdrawn


def _replaced(stem: Path, texts: dict[str, str]) -> ReportFiles:
    paths = {end: stem.with_name(stem.name + end) for end in (*_ALWAYS, *_REPORTS)}
    stale = (path for end, path in paths.items() if end not in texts)
    return write_reports(stem.parent, {paths[end]: text for end, text in texts.items()}, stale)
