"""Where camera drivers keep gain and offset, and which switches they must have on: a table of facts, by driver.

Read in the sources of INDI's drivers, github.com/indilib, at the commits that stand beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from obsy.engine.devices.indi.connection import Vector

INFO, PROGRAM = "DRIVER_INFO", "DRIVER_EXEC"
Spot = tuple[str, str]
"""A property and an element of it; of a property of switches, '' for the one whose label is the number."""
ISO: Spot = ("CCD_ISO", "")


@dataclass(frozen=True, slots=True)
class CameraProfile:
    """What is particular to a family of drivers."""

    gain: Spot
    offset: Spot | None
    switches: tuple[Spot, ...] = ()
    """Those that are on while frames are taken, as far as a camera has them."""


PLAIN = CameraProfile(("CCD_GAIN", "GAIN"), ("CCD_OFFSET", "OFFSET"))
# indi: drivers/ccd/ccd_simulator.cpp, 3371faeb · indi-3rdparty: indi-qhy/qhy_ccd.cpp, 00835ed6 (older: 'Offset')
ZWO = CameraProfile(
    ("CCD_CONTROLS", "Gain"),
    ("CCD_CONTROLS", "Offset"),
    (("CCD_CAPTURE_FORMAT", "ASI_IMG_RAW16"), ("CCD_VIDEO_FORMAT", "ASI_IMG_RAW16")),
)
# indi-3rdparty: indi-asi/asi_base.cpp, 0761d02d: the elements bear the names of ZWO's own controls
TOUPTEK = CameraProfile(("CCD_CONTROLS", "Gain"), ("CCD_OFFSET", "OFFSET"))
# indi-3rdparty: indi-toupbase/indi_toupbase.cpp, 00a034da; its programs in CMakeLists.txt, 07bf2369
ATIK = CameraProfile(
    ("CCD_CONTROLS", "CONTROL_GAIN"),
    ("CCD_CONTROLS", "CONTROL_OFFSET"),
    (("CCD_CONTROL_PRESETS", "PRESET_CUSTOM"),),
)
# indi-3rdparty: indi-atik/atik_ccd.cpp, 0a22d4ee: the Horizon alone has them; other presets have a gain of their own
GPHOTO = CameraProfile(ISO, None)
# indi-3rdparty: indi-gphoto/gphoto_ccd.cpp, 0e417c2d: one switch for each ISO number, which is its label
PROFILES: Mapping[str, CameraProfile] = {
    "indi_simulator_ccd": PLAIN,
    "indi_qhy_ccd": PLAIN,
    "indi_asi_ccd": ZWO,
    "indi_asi_single_ccd": ZWO,
    "indi_atik_ccd": ATIK,
    "indi_gphoto_ccd": GPHOTO,
} | dict.fromkeys(
    (f"indi_{maker}_ccd" for maker in (
        "toupcam", "altair", "bressercam", "mallincam", "nncam", "ogmacam", "omegonprocam", "starshootg", "tscam"
    )),
    TOUPTEK,
)  # fmt: skip
"""SBIG's driver has neither gain nor offset, and so no row (indi-3rdparty: indi-sbig/sbig_ccd.cpp, 2dcfa19c)."""
ANY = (PLAIN, ZWO, ATIK, GPHOTO)


def profiles(info: Vector | None) -> tuple[CameraProfile, ...]:
    """Return the profile of a driver; of one that nobody knows, all, of which it may have any.

    info: what it tells of itself.
    """
    program = str(info.values.get(PROGRAM, "")) if info is not None else ""
    return (PROFILES[program],) if program in PROFILES else ANY


def element_of(vector: Vector | None, element: str, value: int) -> str | None:
    """Return the element of a property that stands for a setting, however its letters are written; None if none does.

    An element '' is the switch whose label is the value.
    """
    if vector is None:
        return None
    if not element:
        return next((name for name, label in vector.labels.items() if label == str(value)), None)
    return {name.lower(): name for name in vector.values}.get(element.lower())
