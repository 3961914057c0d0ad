"""A spectrum as BeSS, the database of spectra of Be stars, and others after it take it: FITS in one dimension.

Source: the cards of BeSS's format of files as ISIS 6 and Ciboulette write them, those that STAROS' database names as
needed, and the BAA's rules for submission (2026). The format's own page was not to be had.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from astropy.io import fits

from obsy.engine.identity import plain
from obsy.engine.science.spectrum.even_steps import even_steps
from obsy.engine.science.spectrum.lamp_lines import Floats
from obsy.engine.science.spectrum.measured import MeasuredSpectrum
from obsy.engine.sky.instants import ClockTimes
from obsy.schemas.site import Location

NEEDED = {
    "CRVAL1": "the first wavelength",
    "CDELT1": "the step of wavelength",
    "CRPIX1": "the reference pixel, 1",
    "CTYPE1": "'Wavelength'",
    "CUNIT1": "'Angstrom'",
    "OBJNAME": "the star's name",
    "DATE-OBS": "the start, UTC",
    "EXPTIME": "the exposure in all, s",
    "BSS_INST": "the instrument",
    "BSS_SITE": "the site",
    "OBSERVER": "the observer",
    "BSS_VHEL": "the heliocentric correction that was applied, km/s",
}
"""Cards without which a spectrum is not taken, and what each says."""
CURES = {
    "OBSERVER": "--observer NAME",
    "BSS_SITE": "--site NAME",
    "BSS_INST": "--instrument TEXT",
    "OBJNAME": "--object NAME",
    "DATE-OBS": "headers whose DATE-OBS is proven to be UTC",
}
ROOM = 62
"""What a card holds of a text and its comment together."""
SHORTEST_A, LONGEST_A = 1_000.0, 30_000.0
"""Wavelengths in angstrom lie between; in nm or um they do not."""


@dataclass(frozen=True, slots=True)
class SpectrumObservation:
    """Who took a spectrum with what, as files of spectra say it; empty is what nobody said."""

    observer: str = ""
    instrument: str = ""
    """Telescope, spectrograph and camera in one line."""
    site: str = ""
    place: Location | None = None
    software: str = "obsy"


def as_fits(spectrum: MeasuredSpectrum, about: SpectrumObservation) -> fits.HDUList:
    """Return a spectrum on even steps of wavelength, float32, not normalised; no correction to the Sun is applied."""
    first, step, flux, _ = even_steps(spectrum.wavelength, spectrum.flux, spectrum.error)
    hdu = fits.PrimaryHDU(np.asarray(flux, dtype=np.float32))
    for key, value, comment in _cards(spectrum, about, first, step):
        said = plain(value) if isinstance(value, str) else value
        hdu.header[key] = said, comment if len(str(said)) + len(comment) < ROOM else ""
    for doubt in spectrum.doubts:
        hdu.header["COMMENT"] = plain(doubt)
    return fits.HDUList([hdu])


def _cards(
    spectrum: MeasuredSpectrum, about: SpectrumObservation, first: float, step: float
) -> list[tuple[str, object, str]]:
    total = spectrum.frames * spectrum.exposure_s
    cards: list[tuple[str, object, str]] = [
        ("CRVAL1", round(first, 6), "[Angstrom] of the first pixel, in air"),
        ("CDELT1", round(step, 9), "[Angstrom] step"),
        ("CRPIX1", 1.0, "reference pixel"),
        ("CTYPE1", "Wavelength", "axis type"),
        ("CUNIT1", "Angstrom", "wavelength unit"),
        ("OBJNAME", spectrum.target, "name of the object"),
        *([("DATE-OBS", _iso(spectrum.began), "start of the first frame, UTC")] if spectrum.began else []),
        *([("DATE-END", _iso(spectrum.ended), "end of the last frame, UTC")] if spectrum.ended else []),
        ("EXPTIME", round(total, 3), "[s] of all frames"),
        ("EXPTIME2", f"{spectrum.frames} x {spectrum.exposure_s:g} s", "frames"),
        *([("OBSERVER", about.observer, "observer")] if about.observer else []),
        *([("BSS_INST", about.instrument, "instrument")] if about.instrument else []),
        *([("BSS_SITE", about.site, "site")] if about.site else []),
        ("BSS_VHEL", 0.0, "[km/s] heliocentric correction applied: none"),
        ("BSS_COSM", "optimal extraction (Horne 1986)", "cosmic rays"),
        ("BSS_TELL", "None", "telluric lines removed"),
        ("BSS_NORM", "None", "normalisation"),
        ("BSS_ESRP", round(spectrum.resolving_power), "resolving power, measured"),
        ("SPE_RPOW", round(spectrum.resolving_power), "resolving power, measured"),
        ("VERSION", about.software, "software"),
        ("BUNIT", "relative" if spectrum.is_relative else "electron", "instrument's response divided out or not"),
    ]
    if spectrum.rms == spectrum.rms:  # noqa: PLR0124 - nan is not itself
        cards.append(("CALRMS", round(spectrum.rms, 5), "[Angstrom] of the lamp's lines"))
        cards.append(("CALLINES", spectrum.lines, "lines of the lamp"))
    if spectrum.heliocentric_km_s is not None:
        cards.append(("HELCORR", round(spectrum.heliocentric_km_s, 3), "[km/s] add to velocities; not applied"))
    if spectrum.began and spectrum.ended:
        middle = spectrum.began + (spectrum.ended - spectrum.began) / 2
        cards += [("JD-OBS", _jd(spectrum.began), "start"), ("JD-MID", _jd(middle), "middle")]
    if about.place is not None:
        at = about.place
        for key, value in (("LONG", at.longitude_deg), ("LAT", at.latitude_deg), ("ELEV", at.elevation_m)):
            cards += [(f"BSS_{key}", round(value, 5), "site"), (f"GEO_{key}", round(value, 5), "site")]
    return cards


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _jd(when: datetime) -> float:
    first, second = (float(each[0]) for each in ClockTimes.at([when]).utc)
    return round(first + second, 6)


def broken_rules(cards: Mapping[str, object], data: Floats | None) -> list[str]:
    """Return why BeSS would not take a spectrum, each with its cure; none if it would."""
    if data is None or data.ndim != 1:
        return ["it has no spectrum in one dimension in its first part"]
    broken = [
        f"{key} is missing: {what}{f' ({CURES[key]})' if key in CURES else ''}"
        for key, what in NEEDED.items()
        if str(cards.get(key, "")).strip() == ""
    ]
    first, step = cards.get("CRVAL1"), cards.get("CDELT1")
    if isinstance(first, int | float) and isinstance(step, int | float):
        last = first + step * (len(data) - 1)
        if not (step > 0 and SHORTEST_A <= first < last <= LONGEST_A):
            broken.append(f"its wavelengths go from {first:g} to {last:g}: they are angstrom, and grow")
    if not np.isfinite(data).all():
        broken.append("it has pixels without a number")
    if str(cards.get("DATE-OBS", "T")).find("T") < 0:
        broken.append("DATE-OBS says no time of day")
    long_ = [key for key in ("OBSERVER", "BSS_INST", "BSS_SITE", "OBJNAME") if len(str(cards.get(key, ""))) > 68]  # noqa: PLR2004
    return broken + [f"{key} is longer than a card holds, 68 characters" for key in long_]
