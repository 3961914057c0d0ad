"""How dark the limb of a star is, by its temperature and the colour of a filter.

Source of the law: Claret 2004, A&A 428, 1001 (ATLAS models, solar abundance, log g 4.5, turbulence 2 km/s), whose four
coefficients of u', g', r', i' and z' were brought to the two of the square law by least squares between 0.05 and 1 of
the cosine. Other filters lie between these by their wavelength.
"""

import numpy as np

from obsy.engine.science.transit.model import LimbDarkening
from obsy.errors import UserError

TABLE_ERROR = 0.08
"""One standard deviation of each coefficient: models of several authors, and what a filter's edges change."""
WAVELENGTHS_NM = 355.0, 475.0, 622.0, 763.0, 905.0
"""Of u', g', r', i' and z'."""
TEMPERATURES_K = 3500, 4000, 4500, 5000, 5500, 6000, 6500, 7000, 7500, 8000
LINEAR = (
    (0.508, 0.496, 0.500, 0.385, 0.261),
    (0.771, 0.757, 0.595, 0.466, 0.357),
    (1.124, 0.954, 0.692, 0.541, 0.450),
    (1.101, 0.798, 0.579, 0.465, 0.389),
    (0.933, 0.653, 0.470, 0.382, 0.320),
    (0.709, 0.542, 0.385, 0.312, 0.258),
    (0.528, 0.471, 0.334, 0.265, 0.214),
    (0.416, 0.425, 0.301, 0.233, 0.182),
    (0.359, 0.382, 0.273, 0.208, 0.157),
    (0.350, 0.354, 0.259, 0.198, 0.146),
)
SQUARE = (
    (0.246, 0.271, 0.246, 0.239, 0.289),
    (-0.019, 0.020, 0.144, 0.177, 0.199),
    (-0.324, -0.119, 0.059, 0.107, 0.128),
    (-0.259, 0.027, 0.139, 0.153, 0.162),
    (-0.066, 0.138, 0.205, 0.200, 0.198),
    (0.132, 0.204, 0.241, 0.229, 0.222),
    (0.248, 0.231, 0.248, 0.236, 0.229),
    (0.291, 0.246, 0.250, 0.237, 0.230),
    (0.296, 0.268, 0.255, 0.238, 0.228),
    (0.265, 0.286, 0.255, 0.232, 0.218),
)
"""By temperature, a row each, and by wavelength."""
FILTERS_NM = {
    "U": 365, "B": 440, "V": 550, "R": 640, "I": 790, "SU": 355, "SG": 475, "SR": 622, "SI": 763, "SZ": 905,
    "TB": 450, "TG": 530, "TR": 620, "CV": 600, "CR": 600, "CBB": 650, "HA": 656, "Y": 550, "STB": 467, "STY": 547,
}  # fmt: skip
"""By the AAVSO's name of a filter."""


def tabled_limb(temperature_k: float, filter_name: str) -> LimbDarkening:
    """Return the square law of a star in a filter. Raises UserError if the table does not reach there."""
    if not TEMPERATURES_K[0] <= temperature_k <= TEMPERATURES_K[-1]:
        reach = f"{TEMPERATURES_K[0]} to {TEMPERATURES_K[-1]} K"
        raise UserError(f"limb darkening is known of stars of {reach}: of {temperature_k:g} K say it, as '0.35, 0.25'")
    if filter_name not in FILTERS_NM:
        known = ", ".join(FILTERS_NM)
        raise UserError(f"limb darkening in the filter '{filter_name}' is not known: say one of {known} by '--filter'")
    linear, square = (_at(np.array(table), temperature_k, FILTERS_NM[filter_name]) for table in (LINEAR, SQUARE))
    return LimbDarkening(linear, square)


def _at(table: np.ndarray, temperature_k: float, wavelength_nm: float) -> float:
    """Return a value between the entries of a table, (temperatures, wavelengths), straight along both."""
    by_temperature = [np.interp(wavelength_nm, WAVELENGTHS_NM, row) for row in table]
    return float(np.interp(temperature_k, TEMPERATURES_K, by_temperature))
