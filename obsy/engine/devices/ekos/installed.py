"""Which KStars is installed, and which templates speak its dialect."""

import os
import re
import subprocess

from obsy.errors import DeviceError

TEMPLATES = {(3, 6, 2): "ekos/3.6.2"}
"""Versions whose dialect has been run. Elsewhere an element too new may double a job, one missing is inherited."""

_PATIENCE_S = 20.0


def kstars_version() -> tuple[int, int, int]:
    """The version of the installed KStars; raises DeviceError if there is none."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    try:
        said = subprocess.run(
            ["kstars", "--version"], env=environment, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except FileNotFoundError:
        raise DeviceError("KStars is not installed; scripts/real-parts.sh installs it") from None
    except subprocess.TimeoutExpired:
        raise DeviceError(f"KStars did not tell its version within {_PATIENCE_S:g} s") from None
    return read_version(said.stdout)


def read_version(said: str) -> tuple[int, int, int]:
    """The version in what `kstars --version` prints, such as 'kstars 3.6.2 Stable'."""
    match = re.search(r"\b(\d+)\.(\d+)\.(\d+)\b", said)
    if match is None:
        raise DeviceError(f"KStars was asked its version and answered {said.strip()!r}")
    return int(match.group(1)), int(match.group(2)), int(match.group(3))


def templates_for(version: tuple[int, int, int]) -> str:
    """The folder of templates for a version; raises DeviceError for one whose dialect obsy has not been tried on."""
    if version not in TEMPLATES:
        known = ", ".join(".".join(map(str, each)) for each in TEMPLATES)
        raise DeviceError(
            f"KStars {'.'.join(map(str, version))} is installed, but obsy writes schedules for {known} only; "
            "install that version, or run the night with obsy's own sequencer"
        )
    return TEMPLATES[version]
