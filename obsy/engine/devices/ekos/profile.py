"""The EKOS profile: rows in KStars' own database, since it offers no other way in without a window."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from obsy.engine.devices.indi.camera_profiles import PLAIN, CameraProfile
from obsy.schemas.address import ServerAddress


@dataclass(frozen=True, slots=True)
class EkosEquipment:
    """One optical train, part by part."""

    mount: str
    camera: str
    wheel: str | None
    focuser: str | None
    aperture_mm: float
    focal_mm: float
    columns: int
    rows: int
    """Of the sensor, before binning."""
    late_s: float
    """So long after an exposure its file may come: the declared download and patience."""
    labels: Mapping[str, str]
    """What the wheel calls each role."""
    drivers: Mapping[str, str] = field(default_factory=dict)
    """What KStars calls the driver of a device, where that is not the device's name."""
    settings: CameraProfile = PLAIN
    """Where the camera's driver keeps gain and offset."""


PROFILE = "obsy"
_MODULES = 7
"""Primary, capture, focus, mount, guide, align and dark library each ask which train they use."""


def write_profile(database: Path, equipment: EkosEquipment, server: ServerAddress) -> None:
    """Puts the profile, its drivers, its telescope and its train into userdb.sqlite, in place of an earlier one.

    KStars must have made the file, so that the tables are those of its version, and must not be running.
    """
    with closing(sqlite3.connect(database)) as connection, connection:
        _forget(connection)
        profile = _insert(
            connection,
            "profile",
            {"name": PROFILE, "host": server.host, "port": server.port, "autoconnect": 1, "guidertype": 0,
             "indihub": 0, "portselector": 0},
        )  # fmt: skip
        for device, role in _drivers(equipment):
            label = equipment.drivers.get(device, device)
            _insert(connection, "driver", {"label": label, "role": role, "profile": profile})
        _insert(connection, "telescope", _telescope(equipment))
        train = _insert(connection, "opticaltrains", {"profile": profile, **_train(equipment)})
        chosen = {str(module): train for module in range(_MODULES)}
        _insert(connection, "profilesettings", {"profile": profile, "settings": json.dumps(chosen)})


def _drivers(equipment: EkosEquipment) -> list[tuple[str, str]]:
    drivers = [(equipment.mount, "Mount"), (equipment.camera, "CCD")]
    if equipment.focuser is not None:
        drivers.append((equipment.focuser, "Focuser"))
    if equipment.wheel not in (None, equipment.camera):
        drivers.append((str(equipment.wheel), "Filter"))
    return drivers


def _telescope(equipment: EkosEquipment) -> dict[str, object]:
    return {
        "Vendor": PROFILE,
        "Model": "Telescope",
        "Type": "Refractor",
        "Aperture": equipment.aperture_mm,
        "FocalLength": equipment.focal_mm,
    }


def _train(equipment: EkosEquipment) -> dict[str, object]:
    ratio = equipment.focal_mm / equipment.aperture_mm
    scope = f"{PROFILE} Telescope {equipment.focal_mm:g}@F/{ratio:.1f}"  # as KStars labels it
    parts = {
        "mount": equipment.mount,
        "camera": equipment.camera,
        "filterwheel": equipment.wheel or "--",
        "focuser": equipment.focuser or "--",
    }
    none = dict.fromkeys(("dustcap", "lightbox", "rotator", "guider"), "--")
    return {"name": "Primary", "scope": scope, "reducer": 1.0, **parts, **none}


def _forget(connection: sqlite3.Connection) -> None:
    old = connection.execute("SELECT id FROM profile WHERE name = ?", (PROFILE,)).fetchall()
    for table in ("driver", "opticaltrains", "profilesettings"):
        connection.executemany(f"DELETE FROM {table} WHERE profile = ?", old)
    connection.executemany("DELETE FROM profile WHERE id = ?", old)
    connection.execute("DELETE FROM telescope WHERE Vendor = ?", (PROFILE,))


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> int:
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(row.values()))
    return int(cursor.lastrowid or 0)
