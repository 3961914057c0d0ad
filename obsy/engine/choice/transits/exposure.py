"""How long a star with a planet is best exposed, in which filter, and how far out of focus."""

from math import pi, sqrt
from typing import NamedTuple

from obsy.engine.choice.ranking import HOST_ROLES, first
from obsy.engine.declare.sense.brightness import electrons, peak, sky_electrons, well
from obsy.schemas.train import Train

LADDER_S = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0)
"""Exposures that are suggested."""
SHORT_S = 10.0
"""In shorter ones the camera's pauses take over: then defocus is suggested besides."""
UNKNOWN_S = 60.0
"""Where nobody knows the star's light."""
IN_A_CONTACT = 10
"""So many frames at least shall fall into an ingress, which tells the time."""
DEFOCUSED_S = 30.0
"""A star that is spread out is exposed for so long at most: a longer one would need a larger disc, and more sky."""
SHARP_ARCSEC = 2.0
"""The width of a star in a good night, when it fills its pixel soonest."""
FILLED = 0.5
"""The share of a full pixel that is meant: above it cameras bend, and seeing may get better."""
UNEVEN = 2.0
"""A star out of focus is a ring with bright knots: its brightest pixel has so many times the mean. A judgement."""


class Defocus(NamedTuple):
    """How a star is spread so that it may be exposed longer."""

    exposure_s: float
    disc_px: float
    """How wide, binned pixels."""
    shift_mm: float
    """How far the camera must be from the focus for that."""


class TransitExposure(NamedTuple):
    """What is suggested for a star."""

    role: str
    exposure_s: float
    filled: float | None
    """The share of a full pixel that the brightest one gets; None where nobody knows."""
    defocus: Defocus | None = None
    """What would be better; what must be, where even a second fills the brightest pixel in focus."""
    is_in_focus: bool = True

    @property
    def disc_px(self) -> float:
        """Return how wide the star must be spread, binned pixels; 0 in focus."""
        return 0.0 if self.is_in_focus or self.defocus is None else self.defocus.disc_px


def suggested(train: Train, mag: float | None, contact_s: float, sky_mag: float) -> TransitExposure:
    """Return the longest exposure with ten frames in an ingress that leaves the brightest pixel half empty in focus.

    obsy focuses by itself, so a star is asked to be spread only where even a second fills it.
    mag: V; None where nobody knows. contact_s: how long the ingress lasts. sky_mag: mag/arcsec2.
    """
    role = first(train.roles, *HOST_ROLES)
    most_s = _longest(contact_s / IN_A_CONTACT)
    light = electrons(train, role, mag) if mag is not None else None
    sky = sky_electrons(train, role, sky_mag)
    if light is None or sky is None:
        return TransitExposure(role, min(most_s, UNKNOWN_S), None)
    full, in_peak = well(train), light * peak(train.scale, SHARP_ARCSEC) + sky
    exposure_s = _longest(min(most_s, FILLED * full / in_peak))
    if min(most_s, SHORT_S) <= exposure_s:
        return TransitExposure(role, exposure_s, in_peak * exposure_s / full)
    spread = _defocus(train, light, sky, min(most_s, DEFOCUSED_S))
    if in_peak * exposure_s <= FILLED * full:
        return TransitExposure(role, exposure_s, in_peak * exposure_s / full, spread)
    filled = (UNEVEN * light / (pi / 4 * spread.disc_px**2) + sky) * spread.exposure_s / full
    return TransitExposure(role, spread.exposure_s, filled, spread, is_in_focus=False)


def _defocus(train: Train, light: float, sky: float, exposure_s: float) -> Defocus:
    """Return the disc on which the brightest pixel is half full; light of the star, sky of a pixel: electrons a second.

    From a telescope of focal ratio N, a disc of the width d lies N d away from the focus.
    """
    half = FILLED * well(train)
    disc_px = 2 * sqrt(UNEVEN * light * exposure_s / (pi * max(half - sky * exposure_s, half / 10)))
    edge_mm = train.camera.pixel * train.camera.binning / 1000
    ratio = train.telescope.focal_length / train.telescope.aperture
    return Defocus(exposure_s, disc_px, disc_px * edge_mm * ratio)


def _longest(most_s: float) -> float:
    return max((each for each in LADDER_S if each <= most_s), default=LADDER_S[0])
