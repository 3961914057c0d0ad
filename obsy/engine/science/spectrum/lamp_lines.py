"""The lines of lamps whose wavelengths are known: those that ship with obsy, or a list of one's own."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from obsy.errors import UserError
from obsy.schemas.spectrograph import Element

Floats = NDArray[np.float64]
SHIPPED = Path(__file__).with_name("lamp_lines.csv")
ELEMENTS: tuple[str, ...] = get_args(Element)
MIXED = {"relco": ("He", "Ne", "Ar")}
"""What lamps are called that hold several elements: a Relco SC480 is a starter of fluorescent tubes."""


@dataclass(frozen=True, slots=True)
class LampLines:
    """Lines of a lamp by wavelength."""

    angstrom: Floats
    """In air, growing."""
    strength: Floats
    """Roughly, and of one element: they only rank lines."""
    called: str

    def within(self, low: float, high: float) -> "LampLines":
        """Return those between two wavelengths, angstrom."""
        inside = (self.angstrom >= low) & (self.angstrom <= high)
        return LampLines(self.angstrom[inside], self.strength[inside], self.called)


def lamp_lines(said: str | Collection[str]) -> LampLines:
    """Return the lines of elements, of 'NeAr', 'relco', or of a file with lines of 'angstrom[,strength]'.

    Raises UserError if it is neither, or if a file is not understood.
    """
    elements = _elements(said) if isinstance(said, str) else tuple(said)
    if not elements:
        assert isinstance(said, str)
        return _of_file(Path(said))
    rows = [(wave, strength) for element, wave, strength in _shipped() if element in elements]
    return _lines(rows, "+".join(elements))


@cache
def _shipped() -> tuple[tuple[str, float, float], ...]:
    text = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple((row["element"], float(row["angstrom"]), float(row["strength"])) for row in csv.DictReader(text))


def _elements(said: str) -> tuple[str, ...]:
    """Return the elements that a word names, such as 'Ne', 'NeAr', 'Ne,Ar' or 'relco'; none if it names none."""
    plain = said.replace(",", "").replace("+", "").replace("-", "").replace(" ", "").lower()
    if plain in MIXED:
        return MIXED[plain]
    pairs = [plain[at : at + 2].capitalize() for at in range(0, len(plain), 2)]
    return tuple(dict.fromkeys(pairs)) if pairs and all(pair in ELEMENTS for pair in pairs) else ()


def _of_file(path: Path) -> LampLines:
    if not path.is_file():
        known = f"{', '.join(ELEMENTS)}, several of them such as 'NeAr', or {', '.join(MIXED)}"
        raise UserError(f"'{path}' is no lamp and no file: say {known}, or a file with a wavelength in angstrom a line")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        parts = line.split("#")[0].replace(",", " ").split()
        try:
            if parts:
                rows.append((float(parts[0]), float(parts[1]) if len(parts) > 1 else 1.0))
        except ValueError:
            told = f"'{line.strip()}' is no line of 'angstrom' or 'angstrom,strength'"
            raise UserError(f"{path}:{number}: {told}") from None
    return _lines(rows, path.stem)


def _lines(rows: Iterable[tuple[float, float]], called: str) -> LampLines:
    made = np.array(sorted(rows), dtype=float).reshape(-1, 2)
    if not np.isfinite(made).all() or (made[:, 0] <= 0).any():
        raise UserError(f"the lamp '{called}' has a wavelength that is none: write angstrom, above 0")
    return LampLines(made[:, 0], made[:, 1], called)
