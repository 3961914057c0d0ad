"""The picture of coefficients shows each star once: those that count on their line, those that do not by name."""

import re
from xml.etree import ElementTree

import pytest

from obsy.engine.report.colour_lines import svg
from tests.unit.engine.science.standard_fields import ColouredField
from tests.unit.engine.science.test_transformation import told


@pytest.fixture(scope="module")
def picture():
    _, found = told(ColouredField(wrong={7: 0.5}))
    return svg(tuple(found.values()), "newton", "M67, chart X1STD")


def test_every_coefficient_has_a_panel_with_its_line(picture):
    drawn = ElementTree.fromstring(picture)  # noqa: S314 - our own
    titles = [each.text for each in drawn.iter() if each.get("class") == "title"]
    assert [each.split()[0] for each in titles] == ["Tbv", "Tb_bv", "Tv_bv"]
    assert "of 59 stars: B-b against B-V" in titles[1] and picture.count('class="highest"') == 3


def test_a_star_that_lies_off_is_named_and_drawn_apart_from_the_others(picture):
    assert picture.count('class="p1 m0"') == 59 + 59 + 60
    assert picture.count('class="p2 m3"') == picture.count(">S07</text>") == 2 and "do not count (2)" in picture


def test_a_line_that_rises_is_drawn_rising_and_one_that_falls_falling(picture):
    paths = re.findall(r'class="highest" d="([^"]+)"', picture)
    ends = [[float(y) for _, y in re.findall(r"([\d.]+),([\d.]+)", path)] for path in paths]
    assert [left > right for left, right in ends] == [True, True, False]
