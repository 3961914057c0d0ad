"""Who took a transit, of what and how: what reports say beside the fit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransitObservation:
    """What reports say beside the fit; 'na' where nobody says."""

    star: str
    planet: str
    """With its star, as `HAT-P-32 b`."""
    observer: str = "na"
    """Code at the AAVSO."""
    filter: str = "na"
    binning: str = "1x1"
    software: str = "obsy"
    comparison_stars: tuple[tuple[float, float], ...] = ()
    """Places of the comparison stars on the chip, px."""
    notes: str = "na"
