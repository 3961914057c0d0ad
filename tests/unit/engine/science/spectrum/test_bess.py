import numpy as np

from obsy.engine.science.spectrum.bess import broken_rules

FINE = {
    "CRVAL1": 5800.0,
    "CDELT1": 1.6,
    "CRPIX1": 1,
    "CTYPE1": "Wavelength",
    "CUNIT1": "Angstrom",
    "OBJNAME": "gam Cas",
    "DATE-OBS": "2026-08-01T22:00:00",
    "EXPTIME": 600.0,
    "BSS_INST": "C8 + LISA",
    "BSS_SITE": "Nerpio",
    "OBSERVER": "pana",
    "BSS_VHEL": 0.0,
}
LIGHT = np.ones(800)


def test_a_spectrum_with_every_card_is_taken() -> None:
    assert broken_rules(FINE, LIGHT) == []


def test_each_card_that_is_missing_or_empty_is_named_with_how_to_say_it() -> None:
    for key in FINE:
        for without in ({each: value for each, value in FINE.items() if each != key}, FINE | {key: " "}):
            assert [each for each in broken_rules(without, LIGHT) if each.startswith(f"{key} is missing")], key
    assert broken_rules(FINE | {"OBSERVER": ""}, LIGHT) == ["OBSERVER is missing: the observer (--observer NAME)"]


def test_wavelengths_that_are_no_angstrom_or_turn_back_are_told() -> None:
    for wrong in ({"CRVAL1": 580.0, "CDELT1": 0.16}, {"CDELT1": -1.6}, {"CRVAL1": 29_000.0}):
        assert "they are angstrom, and grow" in broken_rules(FINE | wrong, LIGHT)[0]


def test_what_is_no_spectrum_is_told() -> None:
    assert broken_rules(FINE, None) == broken_rules(FINE, np.ones((3, 3)))
    assert broken_rules(FINE, np.array([1.0, np.nan])) == ["it has pixels without a number"]
    assert broken_rules(FINE | {"DATE-OBS": "2026-08-01"}, LIGHT) == ["DATE-OBS says no time of day"]
    assert broken_rules(FINE | {"BSS_INST": "x" * 69}, LIGHT) == ["BSS_INST is longer than a card holds, 68 characters"]
