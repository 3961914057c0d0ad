"""A whole file of orbits in the Minor Planet Center's form (MPCORB.DAT): a million lines, read as columns."""

from pathlib import Path
from typing import NamedTuple

from obsy.engine.importing.orbits import unpacked_day
from obsy.errors import UserError

ENDS_AT = 103
"""Characters that a line has at least: up to its semi-major axis."""
COLUMNS = {
    "mean_anomaly": (26, 35), "argument": (37, 46), "node": (48, 57), "inclination": (59, 68),
    "eccentricity": (70, 79), "semi_major_axis": (92, 103),
}  # fmt: skip
"""Source: "Export format for minor-planet orbits", Minor Planet Center."""


class FiledOrbit(NamedTuple):
    """A line of the file; degrees and au."""

    name: str
    epoch: str
    """The date, TT, at which the elements hold."""
    mean_anomaly: float
    argument: float
    node: float
    inclination: float
    eccentricity: float
    semi_major_axis: float


def filed_orbits(path: Path) -> list[FiledOrbit]:
    """Return the orbits of a file; its head and lines that are cut are passed over.

    Raises UserError if it cannot be read, or has no orbit.
    """
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as fault:
        raise UserError(f"'{path}' cannot be read: {fault.strerror or fault}") from None
    found = [each for line in text.splitlines() if (each := _orbit(line)) is not None]
    if not found:
        raise UserError(f"'{path}' holds no orbit in the form of the Minor Planet Center: give its MPCORB.DAT")
    return found


def _orbit(line: str) -> FiledOrbit | None:
    if len(line) < ENDS_AT:
        return None
    try:
        numbers = [float(line[begin:end]) for begin, end in COLUMNS.values()]
    except ValueError:
        return None
    epoch = unpacked_day(line[20:25])
    return FiledOrbit(line[166:194].strip() or line[:7].strip(), epoch, *numbers) if epoch else None
