"""Who took a transit, of what and how: what reports say beside the fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    aperture_px: float = 0.0
    """Its radius; 0 where nobody says."""
    apertures: Mapping[float, float] = field(default_factory=dict)
    """By radius, px: by how much points scatter outside of the transit, as a share; of those that were tried."""
