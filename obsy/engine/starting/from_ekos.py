"""The equipment of an EKOS profile, from KStars' own database."""

import configparser
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from obsy.diagnostics import did_you_mean
from obsy.engine.devices.ekos.database import copied
from obsy.engine.starting.found import FoundAnswers, number, sound
from obsy.errors import UserError

DATABASE, SETTINGS = Path(".local/share/kstars/userdb.sqlite"), Path(".config/kstarsrc")
"""Below the home of whoever runs KStars."""
SHIPPED, NOTHING = "Simulators", "--"
ROLES = {"CCD": "camera", "Filter": "wheel", "Dome": "roof"} | {
    each: each.lower() for each in ("Mount", "Focuser", "Weather")
}
TRAIN = {"mount": "mount", "camera": "camera", "focuser": "focuser", "filterwheel": "wheel"}
SCOPE = re.compile(r"\s([\d.]+)@F/([\d.]+)\s*$")
"""How KStars calls a telescope: 'Vendor Model 800@F/4.0'."""
Row = Mapping[str, Any]


def from_ekos(database: Path, profile: str | None = None, settings: Path | None = None) -> FoundAnswers:
    """Return what a profile answers; `database` is copied first, and never written.

    profile: its name; where several are there it must be said, but for the one that KStars ships.
    settings: KStars' kstarsrc, which has the place. Raise UserError if there is no such database or profile.
    """
    with copied(database) as rows:
        chosen = _profile(rows("SELECT * FROM profile"), profile, database)
        parts = {ROLES[each["role"]]: each["label"] for each in _of(rows, "driver", chosen) if each["role"] in ROLES}
        train, remarks = _train(_of(rows, "opticaltrains", chosen), _of(rows, "profilesettings", chosen))
        parts |= {ours: train[theirs] for theirs, ours in TRAIN.items() if train.get(theirs) not in {None, "", NOTHING}}
        wheel = rows("SELECT Color FROM filter WHERE Vendor = ? ORDER BY id", parts.get("wheel"))
    answers = dict(_optics(train)) | (dict(_place(settings)) if settings is not None else {})
    answers |= {"camera": parts["camera"]} if "camera" in parts else {}
    unknown = "KStars keeps no size of a sensor and no time zone by name: say '--size', '--pixel' and '--timezone'"
    return sound(parts, [str(each["Color"]) for each in wheel if each["Color"]], answers, [*remarks, unknown])


def _of(rows: Any, table: str, profile: Row) -> list[Row]:
    found: list[Row] = rows(f"SELECT * FROM {table} WHERE profile = ? ORDER BY id", profile["id"])  # noqa: S608
    return found


def _profile(every: list[Row], name: str | None, database: Path) -> Row:
    named = {str(each["name"]): each for each in every}
    own = [each for each in named if each != SHIPPED] or list(named)
    if name is None and len(own) == 1:
        return named[own[0]]
    if name not in named:
        found = f"no profile '{name}'" if name else "several profiles"
        mend = did_you_mean(name or "", named, f"say '--profile' with one of {', '.join(named) or 'none'}")
        raise UserError(f"{database} has {found}: {mend}")
    return named[name]


def _train(trains: list[Row], settings: list[Row]) -> tuple[Row, list[str]]:
    """Return the optical train that a profile uses first, {} if it has none, and what is left aside."""
    try:
        first = json.loads(settings[0]["settings"])["0"] if settings else None
    except (ValueError, KeyError, TypeError):
        first = None
    chosen = next((each for each in trains if each["id"] == first), trains[0] if trains else {})
    others = ", ".join(str(each["name"]) for each in trains if each is not chosen)
    return chosen, [f"one train is taken, '{chosen['name']}', and not {others}"] if others else []


def _optics(train: Row) -> Iterator[tuple[str, str]]:
    if match := SCOPE.search(train.get("scope") or ""):
        focal, ratio = float(match[1]), float(match[2])
        yield "focal-length", number(focal * float(train.get("reducer") or 1.0), "mm")
        if ratio:
            yield "aperture", number(round(focal / ratio), "mm")


def _place(settings: Path) -> Iterator[tuple[str, str]]:
    """Yield where KStars stands."""
    reader = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        reader.read_string("[top]\n" + settings.read_text(encoding="utf-8"))
        place = reader["Location"]
        yield "latitude", number(float(place["Latitude"]), "deg")
        yield "longitude", number(float(place["Longitude"]), "deg")
        yield "elevation", number(float(place["Elevation"]), "m")
    except (OSError, ValueError, KeyError, TypeError, configparser.Error):
        return  # then it keeps its default
