import pytest
from pydantic import ValidationError

from obsy.engine.declare.survey import declare
from obsy.schemas.guider import Guider
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


def test_a_guider_is_a_phd2_and_settles_as_it_says() -> None:
    plain = Guider()
    assert (plain.phd2, plain.scale) == ("localhost:4400", None)
    assert (plain.settle.below, plain.settle.lasting, plain.settle.within) == (1.5, 10.0, 60.0)
    said = Guider.model_validate({"phd2": "dome.lan:4401", "scale": "3.3 arcsec", "settle": "below 0.8 arcsec"})
    assert (said.phd2, said.scale, said.settle.below, said.settle.within) == ("dome.lan:4401", 3.3, 0.8, 60.0)


@pytest.mark.parametrize(
    "address", ["localhost", "localhost:", "localhost:0", "localhost:65536", "http://a:4400", ":1"]
)
def test_an_address_of_a_guider_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(ValidationError, match="not-understood"):
        Guider.model_validate({"phd2": address})


def test_a_plan_that_must_be_guided_is_served_by_trains_with_a_guider(root) -> None:
    train = declare(root).instruments[0].train
    plan = next(each for each in declare(root, root / "plans").plans if each.served_by(train))
    required = plan.model_copy(update={"guiding": "required"})
    assert not required.served_by(train)
    assert required.served_by(train.model_copy(update={"guider": Guider()}))
