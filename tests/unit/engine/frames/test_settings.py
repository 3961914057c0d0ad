"""What a camera was set to, by the cards of those who write them: a conversion is no setting, nor is a guess."""

from pathlib import Path

import pytest
from astropy.io import fits

from obsy.engine.frames.fits import glance
from obsy.engine.frames.settings import gain, setting

WRITTEN = [
    ("Huntsman POCS", "CAM-GAIN", 100, "Internal units", 100),
    ("LCO site software + ORAC/BANZAI", "GAIN", "[2.01, 1.99, 2.05, 2.02]", "[electrons/count] Pixel gain", None),
    ("LCO site software + ORAC/BANZAI", "GAIN", "[3.3,3.4,3.3,3.4]", "[electrons/count] Pixel gain", None),
    ("LCO site software + ORAC/BANZAI", "GAIN", 1.4, "[electrons/count] Pixel gain", None),
    ("LCO site software + ORAC/BANZAI", "GAIN", 2.0, "[electrons/count] Pixel gain", None),
    ("LCO site software + ORAC/BANZAI", "GAIN", 2.74, "[electrons/count] Pixel gain", None),
    ("LCO site software (Sinistro MEF)", "GAIN", 0.0, "[electrons/count] Pixel gain", None),
    ("LCO FLOYDS 1-D spectrum", "GAIN", 2.3, "[electrons/count] Pixel gain", None),
    ("LCO BANZAI processed", "GAIN", 1.0, "[electrons/count] Pixel gain", None),
    ("Photometry Pipeline written", "GAIN", 1.0, "", None),
    ("INDI (KStars/Ekos 3.4, simulator)", "GAIN", 50.0, "Gain", 50),
    ("MountWizzard4 via INDI (XISF)", "GAIN", 90, "Gain", 90),
    ("Ekos/INDI + spectro script (LISA)", "GAIN", 50.0, "GAIN", 50),
    ("SAAO STE3 (foreign)", "GAIN", 1.9, "e-/ADU", None),
    ("ASIAIR Plus", "GAIN", 100, "Gain Value", 100),
    ("N.I.N.A. 3.x", "GAIN", 100, "Sensor gain", 100),
    ("Seestar S50", "GAIN", 80, "Gain Value", 80),
    ("DWARF 3", "GAIN", 60, "Gain", 60),
    ("Sequence Generator Pro 3.1", "GAIN", 120, "Camera gain", 120),
    ("APT 3.54.1", "GAIN", 120, "The gain set (if supported)", 120),
    ("DWARF II", "GAIN", 110, "Sub Gain", 110),
    ("Astro Pixel Processor 1.062", "GAIN", 0.0, "gain or ISO depending on instrument", None),
    ("Astro Pixel Processor 2.0 beta", "GAIN", 120.0, "gain or ISO depending on instrument", 120),
    ("SharpCap 4.1 (live stack)", "GAIN", 300, "", 300),
    ("iTelescope premium calibrated", "GAIN", 1.31, "gain or ISO depending on instrument", None),
    ("N.I.N.A. 1.9", "GAIN", 50, "Sensor gain", 50),
    ("N.I.N.A. 2.0", "GAIN", 26, "Sensor gain", 26),
    ("MaxIm DL 6.20 + Photon Ranch", "GAIN", 1.18, "", None),
    ("ASIAIR Plus", "GAIN", 111, "", 111),
]
"""Program, card, value, comment, and the setting that it means."""


@pytest.mark.parametrize("written", WRITTEN)
def test_the_gain_of_every_program_is_read_as_it_is_meant(
    tmp_path: Path, written: tuple[str, str, object, str, int | None]
) -> None:
    program, card, value, comment, means = written
    header = fits.Header([(card, value, comment), ("EGAIN", 1.0, "Electrons per ADU")])
    fits.PrimaryHDU(header=header).writeto(path := tmp_path / "frame.fits")
    cards = glance(path)
    assert cards is not None
    assert gain(cards) == means, program


@pytest.mark.parametrize(
    ("value", "comment", "means"),
    [
        (1.0, "", None),
        (1.0, "e-/ADU", None),
        (1, "[e/ADU]", None),
        (2.0, "Electrons per ADU", None),
        (2.0, "CCD gain (e- per ADU)", None),
        (2.0, "CCD Gain (e per ADU)", None),
        (2.0, "Gain (ADU/e-)", None),
        (2.0, "gain, electr/ADU", None),
        (1, "Gain [e-]", None),
        (2, "e-", None),
        (1, "1/e", None),
        (1, "Electronic gain", 1),
        (100, "Gain per exposure", 100),
        (1.0, "Gain", 1),
        (1, "", 1),
        (0, "Sensor gain", 0),
        (0.0, "gain or ISO depending on instrument", None),
        (20.0, "", None),
        (21.0, "", 21),
        ("100", "Gain", None),
        (True, "Gain", None),
        (False, "", None),
        (2**62, "Gain", 2**62),
        (2**63, "Gain", None),
        (-(2**63), "Gain", None),
    ],
)
def test_a_bare_gain_that_may_be_electrons_per_adu_is_unsaid(
    tmp_path: Path, value: object, comment: str, means: int | None
) -> None:
    fits.PrimaryHDU(header=fits.Header([("GAIN", value, comment)])).writeto(path := tmp_path / "frame.fits")
    assert gain(glance(path) or {}) == means


def test_a_setting_is_looked_for_where_the_first_card_holds_no_number() -> None:
    for nothing in (float("inf"), float("nan"), "100", True):
        assert setting({"OFFSET": nothing, "BLKLEVEL": 5}, "OFFSET", "BLKLEVEL") == 5, nothing
