"""The correction of a spectrum to the Sun: where the star is, where it was seen from, and when."""

from dataclasses import replace

from obsy.engine.frames.pointing import position
from obsy.engine.science.spectrum.measured import MeasuredSpectrum
from obsy.engine.science.spectrum.spectrum_frames import SpectrumFrame
from obsy.engine.science.spectrum.towards_sun import heliocentric_km_s
from obsy.engine.science.transit.where_taken import where_taken
from obsy.errors import FrameError, UserError
from obsy.schemas.site import Location


def place_of(frame: SpectrumFrame) -> Location | None:
    """Return where a frame was taken, as its header says; None if it does not, or contradicts itself."""
    try:
        return where_taken(frame.cards, frame.began) if frame.began else None
    except UserError:
        return None


def star_of(frame: SpectrumFrame) -> tuple[float, float] | None:
    """Return where a frame points by its header, degrees; None if it does not say."""
    try:
        ra, dec = position(frame.cards).value
    except FrameError:
        return None
    return None if ra is None or dec is None else (ra, dec)


def with_correction(
    spectrum: MeasuredSpectrum, star: tuple[float, float] | None, place: Location | None
) -> MeasuredSpectrum:
    """Return a spectrum that says its correction to the Sun, and what that lacks; its wavelengths stay as they are."""
    if spectrum.began is None or spectrum.ended is None or star is None:
        lacks = "when it was taken" if spectrum.began is None else f"where {spectrum.target} is"
        return replace(spectrum, doubts=(*spectrum.doubts, f"nobody says {lacks}: no heliocentric correction"))
    middle = spectrum.began + (spectrum.ended - spectrum.began) / 2
    doubts = spectrum.doubts
    if place is None:
        doubts = (
            *doubts,
            "nobody says where it was taken: the Earth's turning, up to 0.47 km/s, is not in the correction",
        )
    return replace(spectrum, heliocentric_km_s=heliocentric_km_s(middle, star, place), doubts=doubts)
