"""Measure the light of every star, and of the target's place, for the table that light curves are made of."""

from dataclasses import replace

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from obsy.engine.reduce.asterism import nearest
from obsy.engine.reduce.blends import neighbours
from obsy.engine.reduce.by_psf import by_psf
from obsy.engine.reduce.close_stars import peaks, with_peaks
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.mid_exposure import MidExposure, mid_exposure
from obsy.engine.reduce.orders import LightOrder
from obsy.engine.reduce.plane import pixels, touched
from obsy.engine.reduce.star_light import Rings, Sums, rings, sums
from obsy.engine.reduce.star_noise import ccd_error
from obsy.engine.reduce.star_places import MATCH_PX, StarPlaces, in_frame, star_places
from obsy.engine.reduce.star_table import FAINTEST, PSF, Flag, Observation, StarTable
from obsy.engine.reduce.star_ways import WayLight
from obsy.engine.sky.catalogue import CatalogueStars
from obsy.engine.sky.scintillation import scintillation
from obsy.schemas.pipeline import Photometry

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def run(light: LightFrame, settings: Photometry) -> LightFrame:
    """The light with its table of stars; without one where it was not placed, or no star's width is known."""
    fwhm, plane = light.measures.fwhm_px, light.plane
    if fwhm is None or plane is None or light.stars is None or light.shapes is None:
        return light
    listed = in_frame(light, plane)
    places = star_places(light, plane, listed)
    is_shaped = settings.method == "psf" or (settings.method == "auto" and _is_blended(light, plane, settings))
    between = np.zeros(len(places.x), dtype=bool)
    if is_shaped:
        sky = light.measures.background_adu or 0.0, light.measures.noise_adu or 0.0
        places, between = with_peaks(places, peaks(light.counts, light.full, sky, fwhm), fwhm)
    ring = settings.inner * fwhm, settings.outer * fwhm
    widths = [each for each in settings.also if each <= settings.inner and each != settings.aperture]
    adu = rings(light.counts, places.x, places.y, ring)
    when = _when(light, plane)
    twinkling = _twinkling(light, when)
    far = max((settings.aperture, *widths)) * fwhm + fwhm / 2
    beside = neighbours(light.counts, (places.x, places.y), adu, (far, fwhm))

    def within(radius: float) -> WayLight:
        return _within(light, places, adu, radius, (twinkling, beside.away <= radius + fwhm / 2))

    own = within(settings.aperture * fwhm)
    shaped = {}
    if is_shaped:
        fitted = by_psf(light, places, (adu, beside, between), own, ring)
        if fitted is not None:
            error = np.hypot(fitted.flux_error, np.maximum(fitted.flux, 0.0) * twinkling)
            shaped = {PSF: fitted._replace(flux_error=error)}
    ra, dec = plane.wcs_pix2world(np.column_stack([places.x, places.y]), 0).T
    table = StarTable(
        x=places.x,
        y=places.y,
        ra=ra,
        dec=dec,
        **own._asdict(),
        sky=adu.level * light.order.optics.conversion,
        fwhm=places.fwhm,
        star=_names(listed, plane, places),
        observation=replace(_observation(light, settings, ring, when), scintillation=twinkling),
        ways={f"{each:g}": within(each * fwhm) for each in sorted(widths)} | shaped,
    )
    return replace(light, table=table)


def _is_blended(light: LightFrame, plane: WCS, settings: Photometry) -> bool:
    """Whether a neighbour's light lies in the target's aperture."""
    fwhm, aim = light.measures.fwhm_px or 0.0, light.order.aim
    if aim is None:
        return False
    x, y = (np.array([float(each)]) for each in plane.all_world2pix(*aim, 0))
    sky = rings(light.counts, x, y, (settings.inner * fwhm, settings.outer * fwhm))
    beside = neighbours(light.counts, (x, y), sky, (settings.aperture * fwhm + fwhm / 2, fwhm))
    return bool(np.isfinite(beside.away).any())


def _within(light: LightFrame, places: StarPlaces, adu: Rings, radius: float, about: tuple[float, Mask]) -> WayLight:
    """The light within a radius, pixels; about: by which share it scatters in air, and who has a neighbour there."""
    twinkling, beside = about
    gain = light.order.optics.conversion
    found = sums(light.counts, light.full, (places.x, places.y), radius, adu.level)
    flux = found.flux * gain
    error = ccd_error(flux, adu.times(gain), np.pi * radius**2, light.order.optics.read_noise_e)
    error = np.hypot(error, np.maximum(flux, 0.0) * twinkling)
    return WayLight(flux, error, _flags(found, flux, error) | np.where(beside, int(Flag.BLENDED), 0))


def _when(light: LightFrame, plane: WCS) -> MidExposure | None:
    order = light.order
    if order.place is None:
        return None
    return mid_exposure(order.frame.taken_at, light.exposure_s, order.aim or touched(plane), order.place)


def _twinkling(light: LightFrame, when: MidExposure | None) -> float:
    """By which share of itself each star's light scatters in the air; 0 where what that rests on is not known."""
    aperture_mm, place = light.order.optics.aperture_mm, light.order.place
    if aperture_mm is None or place is None or when is None or light.exposure_s <= 0 or not np.isfinite(when.airmass):
        return 0.0
    return scintillation(aperture_mm, light.exposure_s, when.airmass, place.elevation_m)


def _flags(found: Sums, flux: Floats, error: Floats) -> NDArray[np.int64]:
    """What is doubtful about each star by itself; one whose sky is not known is a hole."""
    unknown = found.hole | ~np.isfinite(flux)
    with np.errstate(invalid="ignore"):
        faint = ~(flux >= FAINTEST * error)
    told = (Flag.SATURATED, found.full), (Flag.EDGE, found.outside), (Flag.HOLE, unknown), (Flag.FAINT, faint)
    flags = np.zeros(len(flux), dtype=np.int64)
    for flag, marked in told:
        flags[marked] |= int(flag)
    return flags


def _names(listed: CatalogueStars, plane: WCS, places: StarPlaces) -> NDArray[np.str_]:
    """What the catalogue calls each star: Tycho-2 as it is shipped has no numbers, so by its place at J2000.0."""
    expected = np.nan_to_num(pixels(plane, listed.ra_deg, listed.dec_deg), nan=-1e9)
    mine, theirs = nearest(np.column_stack([places.x, places.y]), expected, MATCH_PX)
    names = np.full(len(places.x), "", dtype="<U32")
    for star, place in zip(mine, theirs, strict=True):
        names[star] = designation(float(listed.ra_deg[place]), float(listed.dec_deg[place]))
    return names


def designation(ra_deg: float, dec_deg: float) -> str:
    """Return how a star is called by its place, cut and not rounded. Source: IAU, Specifications for designations."""
    tenths, arcsec = int(ra_deg % 360 / 15 * 36000), int(abs(dec_deg) * 3600)
    hours, minutes = f"{tenths // 36000:02d}{tenths // 600 % 60:02d}", f"{tenths // 10 % 60:02d}.{tenths % 10}"
    degrees = f"{'-' if dec_deg < 0 else '+'}{arcsec // 3600:02d}{arcsec // 60 % 60:02d}{arcsec % 60:02d}"
    return f"TYC2 J{hours}{minutes}{degrees}"


def _observation(
    light: LightFrame, settings: Photometry, ring: tuple[float, float], when: MidExposure | None
) -> Observation:
    order: LightOrder = light.order
    frame = order.frame
    known = when is not None and bool(np.isfinite(when.airmass))
    return Observation(
        frame=order.sha256,
        exposure_s=light.exposure_s,
        aperture_px=settings.aperture * (light.measures.fwhm_px or 0.0),
        aperture_fwhm=settings.aperture,
        method=settings.method,
        annulus_px=ring,
        gain=order.optics.conversion,
        filter=frame.filter,
        train=frame.train,
        plan=frame.plan,
        object=frame.object,
        jd_utc=when.jd_utc if when else None,
        hjd_utc=when.hjd_utc if when else None,
        bjd_tdb=when.bjd_tdb if when else None,
        airmass=when.airmass if when and known else None,
        target=order.aim,
    )
