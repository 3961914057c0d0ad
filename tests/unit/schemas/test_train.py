import pytest

from obsy.engine.declare import declare


def test_scale_and_field_follow_from_pixel_and_focal_length(root):
    train = declare(root).train
    assert train.scale == pytest.approx(206.265 * 13 / 800, rel=1e-5)  # 206.265 arcsec um / mm
    assert train.field == pytest.approx((0.9534, 0.9534), abs=1e-4)
    assert train.shape == (1024, 1024)


def test_the_roles_come_in_the_order_of_the_wheel(root):
    assert declare(root).train.roles == ("L", "R", "G", "B", "V", "Ha", "OIII")
