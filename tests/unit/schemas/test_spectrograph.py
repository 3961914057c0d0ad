from obsy.schemas.spectrograph import Spectrograph
from obsy.schemas.train import Train
from tests.support.equipment import club
from tests.unit.schemas.test_promises import told

SLIT = {"entrance": "slit", "dispersion": "0.1 nm/px", "centre": "656.3 nm", "lamp": "Ne"}


def spectrographic(said: dict[str, object]) -> Train:
    mono = club().instrument("colour").train
    return mono.model_copy(update={"spectrograph": Spectrograph.model_validate(said)})


def test_wavelengths_are_kept_in_angstrom_whichever_unit_they_are_written_in() -> None:
    one = Spectrograph.model_validate(SLIT)
    other = Spectrograph.model_validate({**SLIT, "dispersion": "1 angstrom/px", "centre": "6563 angstrom"})
    assert one == other
    assert (one.dispersion, one.centre, one.red, one.lamp) == (1.0, 6563.0, "right", ("Ne",))


def test_a_spectrograph_offers_a_role_of_its_own_so_that_no_picture_is_taken_with_it() -> None:
    assert spectrographic(SLIT).roles == ("spectrum",)


def test_a_slit_has_a_lamp_and_a_grating_before_the_camera_has_none() -> None:
    slit, bare = {**SLIT}, {**SLIT, "entrance": "slitless"}
    del slit["lamp"]
    assert told(Spectrograph, slit)[2] == "add 'lamp: [Ne, Ar]', or say 'entrance: slitless'"
    assert told(Spectrograph, bare)[2] == "remove 'lamp', or say 'entrance: slit'"
