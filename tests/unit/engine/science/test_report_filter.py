"""A filter is reported under the AAVSO's name only where nobody has to guess which one it is."""

import pytest

from obsy.engine.science.report_filter import aavso_filter, catalogue_band, transit_filter
from obsy.errors import UserError


@pytest.mark.parametrize(
    ("role", "roles", "said", "name"),
    [
        ("V", ("L", "R", "G", "B", "V"), None, "V"),
        ("Rc", ("V", "Rc"), None, "R"),
        ("B", ("B", "V", "R"), None, "B"),
        ("B", ("L", "R", "G", "B"), "tb", "TB"),
        ("L", ("L",), "CV", "CV"),
    ],
)
def test_what_is_sure_or_said_has_a_name(role, roles, said, name):
    assert aavso_filter(role, roles, said) == name


@pytest.mark.parametrize(("role", "roles", "cure"), [
    ("B", ("L", "R", "G", "B"), "--filter B=TB"),
    ("R", ("L", "R", "G", "B", "V"), "--filter R=TR"),
    ("L", ("L",), "--filter L=CV"),
])  # fmt: skip
def test_a_filter_of_pictures_is_asked_for(role, roles, cure):
    with pytest.raises(UserError, match=cure):
        aavso_filter(role, roles)


def test_what_the_aavso_does_not_know_is_refused():
    with pytest.raises(UserError, match="no filter 'Lum'"):
        aavso_filter("L", ("L",), "Lum")


def test_unfiltered_light_is_compared_with_v_and_narrow_bands_with_nothing():
    assert [catalogue_band(each) for each in ("CV", "TG", "TB", "CR", "V")] == ["V", "V", "B", "R", "V"]
    with pytest.raises(UserError, match="HA"):
        catalogue_band("HA")


@pytest.mark.parametrize(
    ("role", "roles", "theirs"),
    [("Ha", ["Ha", "R", "G"], "HA"), ("V", [], "V"), ("Rc", [], "R"), ("R", ["V", "R"], "R"), ("R", ["G", "R"], "na")],
)
def test_a_transit_is_reported_in_the_filter_that_its_train_tells_and_in_none_where_nobody_can(role, roles, theirs):
    assert transit_filter(role, roles) == theirs
