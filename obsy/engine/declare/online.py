"""Targets that a service is asked for, and the file that keeps what it answered."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.orbits import orbit
from obsy.engine.disk import write_whole
from obsy.errors import UserError
from obsy.schemas.catalogue import Catalogue, CatalogueEntry

JPL = "https://ssd-api.jpl.nasa.gov/sbdb.api"
"""JPL's Small-Body Database: asteroids and comets. Source: its API's manual, version 1.3."""
WAIT_S = 20.0
FILE = Path("library") / "looked-up.yaml"
NAME = "looked-up"
NOTICE = "# Written by 'obsy target NAME --online'; commit it. What stands here wins over the names that obsy knows."
_SMALL_BODY = re.compile(r"\(?\d+\)?( \w.*)?|\d+[PDI]\b.*|[CPDXAI]/.*", re.IGNORECASE)


def ask(name: str, today: date, jpl: str = JPL) -> CatalogueEntry | None:
    """Return what JPL's Small-Body Database or SIMBAD knows by a name; None if neither does.

    What looks like an asteroid or a comet is asked of JPL first, all else of SIMBAD (and NED and VizieR) first.
    Raise UserError if a service does not answer.
    """
    small = _SMALL_BODY.fullmatch(name) is not None or orbit(name) is not None
    if small:
        return _small_body(name, today, jpl) or _place(name, today)
    return _place(name, today) or _small_body(name, today, jpl)


def keep(declared: Declared, name: str, found: CatalogueEntry) -> Path:
    """Write an answer beside those that were kept before, and return the file."""
    before = [each.document for each in declared.of(Catalogue) if each.document.name == NAME]
    targets = {**(before[0].targets if before else {}), name: found}
    lines = [NOTICE, "kind: catalogue", f"name: {NAME}", "targets:"]
    for said, entry in targets.items():
        told = json.dumps(entry.target.said(), ensure_ascii=False)
        lines += [f"  {json.dumps(said, ensure_ascii=False)}:", f"    target: {told}", f"    source: {entry.source}"]
    write_whole(declared.root / FILE, ("\n".join(lines) + "\n").encode())
    return declared.root / FILE


def _place(name: str, today: date) -> CatalogueEntry | None:
    from astropy.coordinates.name_resolve import NameResolveError, get_icrs_coordinates  # noqa: PLC0415 - slow

    try:
        found = get_icrs_coordinates(name)
    except NameResolveError as refusal:
        if "Unable to find coordinates" in str(refusal):
            return None
        raise UserError(f"SIMBAD's name resolver does not answer: {refusal}") from None
    place = {"ra": f"{found.ra.deg:.6f} deg", "dec": f"{found.dec.deg:.6f} deg"}
    return CatalogueEntry.model_validate({"target": place, "source": f"SIMBAD, NED or VizieR by Sesame, {today}"})


def _small_body(name: str, today: date, jpl: str) -> CatalogueEntry | None:
    told = _answer(f"{jpl}?sstr={quote(name.strip('()'))}&full-prec=true")
    if "orbit" not in told:
        return None
    orbiting = told["orbit"]
    elements = {each["name"]: each["value"] for each in orbiting["elements"]}
    said: dict[str, Any] = {"eccentricity": float(elements["e"]), "inclination": f"{elements['i']} deg"}
    said |= {"node": f"{elements['om']} deg", "argument": f"{elements['w']} deg"}
    said["epoch"] = f"{_day(orbiting['epoch'])} TT"
    if str(told["object"]["kind"]).startswith("c"):
        said |= {"perihelion": f"{_day(elements['tp'])} TT", "distance": f"{elements['q']} au"}
    else:
        said |= {"semi_major_axis": f"{elements['a']} au"}
        said["mean_anomaly"] = f"{elements['ma']} deg"
    source = f"JPL Small-Body Database, {told['object']['fullname']}, epoch {_day(orbiting['epoch'])}, {today}"
    return CatalogueEntry.model_validate({"target": said, "source": source})


def _day(julian: str) -> str:
    """Return a Julian date as a day with its part: 2026-11-27.1779."""
    days = float(julian) - 2451544.5
    whole = datetime(2000, 1, 1) + timedelta(days=int(days // 1))  # noqa: DTZ001 - a calendar's day
    part = f"{days % 1:.5f}".rstrip("0")[1:]
    return f"{whole:%Y-%m-%d}{part if part != '.' else ''}"


def _answer(url: str) -> dict[str, Any]:
    try:
        with urlopen(url, timeout=WAIT_S) as answer:  # noqa: S310 - the address is written above
            found = json.load(answer)
    except HTTPError as refusal:
        if refusal.code in {300, 400, 404}:  # several bodies, or none
            return {}
        raise UserError(f"JPL's Small-Body Database refuses: {refusal}") from None
    except (URLError, TimeoutError, OSError, ValueError) as refusal:
        raise UserError(f"JPL's Small-Body Database does not answer: {refusal}") from None
    return found if isinstance(found, dict) else {}
