"""A list and a sequence of every part that EKOS knows, in each dialect that obsy writes."""

from datetime import datetime
from pathlib import Path

from obsy.engine.devices.ekos.dialects import Dialect, dialect_of
from obsy.engine.devices.ekos.jobs import EkosFrames, EkosTarget, list_text, sequence_text
from obsy.engine.devices.ports import Pointing

VERSIONS = ["3.6.2", "3.6.3", "3.6.4", "3.6.6", "3.6.7", "3.6.8", "3.6.9", "3.7.0", "3.7.3", "3.7.5", "3.7.6", "3.8.0"]
"""The first of each dialect."""
LIMITS = {"MinimumAltitude": 35.0, "MoonSeparation": 60.0, "EnforceWeather": None}
NAME, FOLDER, SIZE = "M 31 & <friends>", Path("/frames"), (6248, 4176)
TARGETS = [
    EkosTarget(NAME, Pointing(10.6847083, 41.26875), Path("/plans/01-m31-L.esq")),
    EkosTarget(
        "NGC 253",
        Pointing(11.888, -25.28822),
        Path("/plans/02 ngc-253.esq"),
        steps=("Track", "Focus", "Align", "Guide"),
        start=datetime(2026, 12, 17, 21, 30),  # noqa: DTZ001 - the site's clock
        constraints={**LIMITS, "EnforceTwilight": None},
    ),
]
LEVELS = {"CCD_CONTROLS": {"Gain": 100, "Offset": 10}}
SERIES = [
    EkosFrames("light", 180.0, 20, NAME, FOLDER / "01", SIZE, "Luminance", 1, -10.0, LEVELS, dither=3),
    EkosFrames("light", 0.5, 5, NAME, FOLDER / "01", SIZE, "Red", 2, dither=0),
    EkosFrames("bias", 0.0, 50, "bias", FOLDER / "bias", SIZE, levels=LEVELS),
    EkosFrames("dark", 180.0, 20, "dark", FOLDER / "dark", SIZE, temperature_c=-10.0),
    EkosFrames("flat", 3.0, 20, "flat", FOLDER / "flat", SIZE, "Luminance"),
]


def dialect(version: str) -> Dialect:
    major, minor, patch = map(int, version.split("."))
    return dialect_of((major, minor, patch))


def written(version: str, *, driven: bool) -> dict[str, str]:
    """Return the text of each file by its name."""
    spoken = dialect(version)
    return {
        "schedule.esl": list_text(TARGETS, spoken, "obsy" if driven else None),
        "sequence.esq": sequence_text(SERIES, spoken, driven, refocus_min=0 if driven else 60),
    }
