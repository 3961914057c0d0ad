import pytest

from obsy.engine.declare.survey import declare
from obsy.schemas.train import Filter
from tests.support.equipment import club


def test_scale_and_field_follow_from_pixel_and_focal_length(root):
    train = declare(root).instruments[0].train
    assert train.scale == pytest.approx(206.265 * 13 / 800, rel=1e-5)  # 206.265 arcsec um / mm
    assert train.field == pytest.approx((0.9534, 0.9534), abs=1e-4)
    assert train.shape == (1024, 1024)


def test_the_roles_come_in_the_order_of_the_wheel(root):
    assert declare(root).instruments[0].train.roles == ("L", "R", "G", "B", "V", "Ha", "OIII")


def test_a_colour_camera_without_a_wheel_offers_a_role_of_its_own() -> None:
    colour = club().instrument("colour").train
    assert (colour.roles, colour.filters, colour.focuser) == (("OSC",), None, None)


def test_any_other_camera_without_a_wheel_is_clear_unless_its_filter_is_named() -> None:
    colour = club().instrument("colour").train
    mono = colour.model_copy(update={"camera": colour.camera.model_copy(update={"bayer": None})})
    named = mono.model_copy(update={"filter": Filter(role="V", label="Johnson V")})
    assert (mono.roles, named.roles) == (("C",), ("V",))
