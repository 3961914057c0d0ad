"""What a header says of a light's measures."""

from dataclasses import asdict

from obsy.engine.identity import Card
from obsy.engine.reduce.orders import Measures

MEASURE_CARDS = {
    "background_adu": ("SKYLEVEL", "[adu] median background"),
    "noise_adu": ("NOISE", "[adu] of a background pixel"),
    "stars": ("NSTARS", "stars found"),
    "fwhm_px": ("FWHMPX", "[px] median star width"),
    "fwhm_arcsec": ("FWHM", "[arcsec] median star width"),
    "eccentricity": ("ECCENTR", "median star eccentricity"),
    "hfr_px": ("HFR", "[px] median half-flux radius"),
    "saturated": ("SATURATE", "share of full pixels"),
    "zero_point": ("ZEROPT", "[mag] VT of 1 adu/s"),
    "zero_point_error": ("ZEROPTER", "[mag]"),
    "zero_point_stars": ("ZEROPTN", "stars that the zero point rests on"),
    "matched": ("NMATCHED", "catalogue stars matched"),
    "solution_rms_px": ("SOLVERMS", "[px] of matched stars"),
    "target_adu": ("TARGFLUX", "[adu] star at the target, radius 1 FWHM"),
    "target_error_adu": ("TARGFERR", "[adu]"),
    "electrons_per_adu": ("ELECADU", "[e/adu] as declared"),
}


def measured(measures: Measures) -> tuple[Card, ...]:
    """Return the cards of what could be measured."""
    made = {name: value for name, value in asdict(measures).items() if value is not None}
    return tuple((MEASURE_CARDS[name][0], value, MEASURE_CARDS[name][1]) for name, value in made.items())
