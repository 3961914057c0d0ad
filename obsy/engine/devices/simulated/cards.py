"""The header of a simulated frame: the cards that INDI's CCD drivers write, and in their order.

Source: the card list of INDI's `indiccd.cpp`, `addFITSKeywords`, and of its CCD simulator; facts only.
"""

from astropy.coordinates import Angle

from obsy.engine.devices.capture import FRAMES
from obsy.engine.devices.ports import Exposure, Pier
from obsy.engine.devices.simulated.ephemeris import airmass, horizontal, of_j2000, overhead
from obsy.engine.devices.simulated.mount import SimulatedMount
from obsy.engine.devices.simulated.picture.scene import CameraSettings
from obsy.engine.devices.simulated.state import SimulatedState
from obsy.engine.identity import SIMULATED, Card
from obsy.schemas.train import Train

LOOKING = {Pier.WEST: ("WEST", "West, looking East"), Pier.EAST: ("EAST", "East, looking West")}


def cards(
    state: SimulatedState, train: Train, mount: SimulatedMount, exposure: Exposure, shot: CameraSettings
) -> tuple[Card, ...]:
    """Return all cards after the structural ones; a light has also where the mount believes that it points."""
    began = state.clock.now().replace(tzinfo=None)
    return (
        *_instrument(state, train, exposure, shot),
        *_optics(state, train, shot),
        *(_pointing(state, mount) if FRAMES[exposure.kind] == "Light" else ()),
        ("DATE-OBS", began.isoformat(timespec="milliseconds"), "UTC start date of observation"),
        ("GAIN", shot.gain, "Gain"),
        ("OFFSET", shot.offset, "Offset"),
        *exposure.asked.cards(),
        ("COMMENT", SIMULATED, ""),
    )


def _instrument(state: SimulatedState, train: Train, exposure: Exposure, shot: CameraSettings) -> tuple[Card, ...]:
    frame, size, bayer = FRAMES[exposure.kind], train.camera.pixel, train.camera.bayer
    # As INDI's drivers do: a camera without a wheel has no FILTER card, and one that sees colours says in which order.
    colour: tuple[Card, ...] = ()
    if train.filters is not None or train.filter is not None:
        colour = (("FILTER", state.slot(train).label, "Filter"),)
    if bayer is not None:
        colour += (("XBAYROFF", 0, "X offset of Bayer array"), ("YBAYROFF", 0, "Y offset of Bayer array"))
        colour += (("BAYERPAT", bayer, "Bayer color pattern"),)
    dark: tuple[Card, ...] = (("DARKTIME", shot.seconds, "Total Dark Exposure Time (s)"),) if frame == "Dark" else ()
    return (
        ("ROWORDER", "TOP-DOWN", "Row Order"),
        ("INSTRUME", train.camera.model, "Camera Name"),
        ("TELESCOP", train.name, "Telescope name"),
        ("OBSERVER", state.parts.site.observer, "Observer name"),
        ("OBJECT", exposure.object, "Object name"),
        ("EXPTIME", shot.seconds, "Total Exposure Time (s)"),
        *dark,
        ("CCD-TEMP", round(shot.temperature_c, 3), "CCD Temperature (Celsius)"),
        ("PIXSIZE1", size, "Pixel Size 1 (microns)"),
        ("PIXSIZE2", size, "Pixel Size 2 (microns)"),
        ("XBINNING", shot.binning, "Binning factor in width"),
        ("YBINNING", shot.binning, "Binning factor in height"),
        ("XPIXSZ", size * shot.binning, "X binned pixel size in microns"),
        ("YPIXSZ", size * shot.binning, "Y binned pixel size in microns"),
        ("FRAME", frame, "Frame Type"),
        ("IMAGETYP", f"{frame} Frame", "Frame Type"),
        *colour,
        *_rotator(exposure),
    )


def _rotator(exposure: Exposure) -> tuple[Card, ...]:
    place = exposure.rotation_deg
    return () if place is None else (("ROTATANG", round(place, 3), "Rotator angle in degrees"),)


def _optics(state: SimulatedState, train: Train, shot: CameraSettings) -> tuple[Card, ...]:
    telescope = train.telescope
    focus: tuple[Card, ...] = ()
    if train.focuser is not None:
        celsius = state.timeline.value("temperature", state.now_s)
        focus = (
            ("FOCUSPOS", round(state.train(train).focus.value(state.now_s)), "Focus position in steps"),
            ("FOCUSTEM", round(celsius, 3), "Focuser temperature in degrees C"),
        )
    return (
        ("FOCALLEN", telescope.focal_length, "Focal Length (mm)"),
        ("APTDIA", telescope.aperture, "Telescope diameter (mm)"),
        *focus,
        ("SCALE", round(train.scale / train.camera.binning * shot.binning, 6), "arcsecs per pixel"),
    )


def _pointing(state: SimulatedState, mount: SimulatedMount) -> tuple[Card, ...]:
    aim, side, place = mount.pointing.aim, LOOKING.get(mount.pointing.pier), state.place
    now_s = state.now_s
    at = (aim.ra_deg, aim.dec_deg) if aim else of_j2000(*overhead(*mount.stands(), place, now_s), now_s)
    stands = horizontal(*at, place, state.now_s)
    ra, dec = Angle(at[0], "deg"), Angle(at[1], "deg")
    pier: tuple[Card, ...] = (("PIERSIDE", *side),) if side else ()
    return (
        ("SITELAT", round(place.latitude_deg, 6), "Latitude of the imaging site in degrees"),
        ("SITELONG", round(place.longitude_deg, 6), "Longitude of the imaging site in degrees"),
        ("AIRMASS", round(airmass(stands.altitude_deg), 6), "Airmass"),
        ("OBJCTAZ", round(stands.azimuth_deg, 6), "Azimuth of center of image in Degrees"),
        ("OBJCTALT", round(stands.altitude_deg, 6), "Altitude of center of image in Degrees"),
        ("OBJCTRA", ra.to_string("hourangle", sep=" ", precision=2, pad=True), "Object J2000 RA in Hours"),
        ("OBJCTDEC", dec.to_string(sep=" ", precision=2, pad=True), "Object J2000 DEC in Degrees"),
        ("RA", round(at[0], 6), "Object J2000 RA in Degrees"),
        ("DEC", round(at[1], 6), "Object J2000 DEC in Degrees"),
        *pier,
        ("EQUINOX", 2000, "Equinox"),
    )
