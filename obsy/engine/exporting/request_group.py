"""A request group for an Observatory Control System, such as that of Las Cumbres Observatory."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting.wanted import name_of, place_of, series, unsaid
from obsy.schemas.plan import Plan

LONGEST_NAME = 50
"""Of a group, because frames bear it. Source: the portal's own limits, as for the air mass (1 to 25)."""
MOST_AIRMASS = 25.0
SEMESTERS = (2, 8)
"""The months in which those of Las Cumbres Observatory begin; a window lies in one of them."""


def as_ocs(entries: Sequence[Entry[Plan]], declared: Declared, today: date) -> tuple[str, list[str]]:
    """Return a group with a request for each target; proposal and instrument are left for whoever sends it."""
    requests = [_request(entry, today) for entry in entries]
    name = name_of(entries[0])
    group = {"name": name[:LONGEST_NAME], "proposal": "", "ipp_value": 1.0}
    is_whole = _is_whole(entries, declared)
    operator = "SINGLE" if len(requests) == 1 else "AND" if is_whole else "MANY"
    group |= {"operator": operator, "observation_type": "NORMAL"}
    known = ("when: airmass", "when: dates", "when: moon", *(["together"] if is_whole else []))
    told = list(dict.fromkeys(each for entry in entries for each in unsaid(entry, known)))
    told += [f"its name is cut to {LONGEST_NAME} characters"] if len(name) > LONGEST_NAME else []
    told += (
        ["AND is for all of its requests within the window: that it be one night nobody says"]
        if operator == "AND"
        else []
    )
    told += ["its window does not lie in one semester: part it"] if any(map(_too_long, requests)) else []
    if any(entry.document.when.dates is None or None in entry.document.when.dates.span() for entry in entries):
        window = requests[0]["windows"][0]
        told.append(f"of its window, 'dates' does not say both ends: it is {window['start']} to {window['end']}")
    told.append("'proposal', 'instrument_type' and the filters' names are those of the portal: fill them in")
    return json.dumps({**group, "requests": requests}, indent=2, ensure_ascii=False) + "\n", told


def _is_whole(entries: Sequence[Entry[Plan]], declared: Declared) -> bool:
    """Return whether these plans are all of those that count only together; a request is had whole anyway."""
    of = {each.document.bond for each in entries}
    every = [each for each in declared.of(Plan) if each.document.bond in of]
    return None not in of and len(of) == 1 and len(every) == len(entries)


def _too_long(request: dict[str, Any]) -> bool:
    first, last = (datetime.fromisoformat(request["windows"][0][key]) for key in ("start", "end"))
    return last > _semester_end(first)


def _semester_end(start: datetime) -> datetime:
    days = (
        start.replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)
        for year in (start.year, start.year + 1)
        for month in SEMESTERS
    )
    return next(day for day in days if day > start)


def _request(entry: Entry[Plan], today: date) -> dict[str, Any]:
    name, place = place_of(entry, "An OCS")
    taken = [
        {"exposure_time": one.exposure_s, "exposure_count": one.count, "optical_elements": {"filter": one.filter}}
        for one in series(entry, "An OCS")
    ]
    target = {"type": "ICRS", "name": name, "ra": round(place.ra_deg, 6), "dec": round(place.dec_deg, 6), "epoch": 2000}
    limits = {"constraints": _constraints(entry.document), "instrument_configs": taken}
    configuration = {"type": "EXPOSE", "instrument_type": "", "target": target, **limits}
    configuration |= {"acquisition_config": {}, "guiding_config": {}}
    windows = [_window(entry.document, today)]
    return {"location": {"telescope_class": ""}, "configurations": [configuration], "windows": windows}


def _constraints(plan: Plan) -> dict[str, float]:
    air, moon = plan.when.airmass, plan.when.moon
    found = {"max_airmass": min(air.below, MOST_AIRMASS)} if air is not None and air.below is not None else {}
    if moon is not None and moon.farther_than is not None:
        found["min_lunar_distance"] = moon.farther_than
    if moon is not None and moon.fainter_than is not None:
        found["max_lunar_phase"] = moon.fainter_than / 100
    return found


def _window(plan: Plan, today: date) -> dict[str, str]:
    """Return when it may be taken: from today to the end of its semester if nothing is said."""
    first, last = plan.when.dates.span() if plan.when.dates is not None else (None, None)
    start = first or datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001 - written as UTC
    end = last or _semester_end(start)
    return {key: f"{moment:%Y-%m-%d %H:%M:%S}" for key, moment in (("start", start), ("end", end))}
