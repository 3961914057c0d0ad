"""What each night was worth by each scheduler, kept in a file if there is one, a line a night."""

import json
from pathlib import Path


class Scores:
    """Values and seconds of a processor by seed and scheduler."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.values: dict[tuple[int, str], float] = {}
        self.seconds: dict[tuple[int, str], float] = {}
        for line in file.read_text("utf-8").splitlines() if file is not None and file.exists() else ():
            said = json.loads(line)
            self._add(said["seed"], said["by"], said["value"], said["cpu_s"])

    def keep(self, seed: int, by: str, value: float, cpu_s: float) -> None:
        """Add a night, and write it down."""
        self._add(seed, by, value, cpu_s)
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"seed": seed, "by": by, "value": value, "cpu_s": cpu_s}) + "\n")

    def _add(self, seed: int, by: str, value: float, cpu_s: float) -> None:
        self.values[seed, by], self.seconds[seed, by] = value, cpu_s
