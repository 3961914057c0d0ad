"""Which KStars is installed."""

import os
import re
import subprocess

from obsy.errors import DeviceError

_PATIENCE_S = 20.0


def kstars_version(program: str = "kstars") -> tuple[int, int, int]:
    """The version of the installed KStars, or of this program; raises DeviceError if there is none."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    try:
        said = subprocess.run(
            [program, "--version"], env=environment, capture_output=True, timeout=_PATIENCE_S, check=False
        )
    except (FileNotFoundError, PermissionError):
        if program != "kstars":
            raise DeviceError(f"the KStars that runs cannot be asked its version: {program} cannot be run") from None
        raise DeviceError("KStars is not installed; scripts/real-parts.sh installs it") from None
    except subprocess.TimeoutExpired:
        raise DeviceError(f"KStars did not tell its version within {_PATIENCE_S:g} s") from None
    return read_version(said.stdout.decode(errors="replace"))


def read_version(said: str) -> tuple[int, int, int]:
    """The version in what `kstars --version` prints, such as 'kstars 3.6.2 Stable', among lines of its libraries."""
    match = re.search(r"^kstars +(\d+)\.(\d+)\.(\d+)\b", said, re.MULTILINE | re.ASCII)
    if match is None:
        raise DeviceError(f"KStars was asked its version and answered {said.strip()!r}")
    return int(match.group(1)), int(match.group(2)), int(match.group(3))
