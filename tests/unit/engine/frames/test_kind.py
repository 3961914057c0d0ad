"""A file made of two exposures is a stack; one of one exposure is none."""

from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.kind import COUNTS, combined, kind_said
from obsy.engine.frames.repair import Repair


def test_two_exposures_are_a_stack_and_one_is_none() -> None:
    for key in COUNTS:
        assert combined({key: 2}) == f"{key} 2"
        assert not combined({key: 1})


def test_only_of_a_program_that_keeps_the_kind_in_field_is_it_read_there() -> None:
    said = {"IMAGETYP": "Light Frame", "FIELD": "Dark Field"}
    assert kind_said(said) == (FrameKind.LIGHT, "")
    assert kind_said({**said, "CREATOR": "POCS 0.7"}) == (FrameKind.DARK, Repair.KIND_BY_FIELD)


def test_light_of_a_lamp_whose_wavelengths_are_known_is_an_arc() -> None:
    spelt = ("arc", "ARC", "Comparison", "comp", "Neon lamp", "ArcFrame", "lamp")
    assert {said: kind_said({"IMAGETYP": said}).value for said in spelt} == dict.fromkeys(spelt, FrameKind.ARC)


def test_a_lamp_that_lights_a_flat_makes_a_flat() -> None:
    assert kind_said({"IMAGETYP": "Lamp Flat"}).value is FrameKind.FLAT
