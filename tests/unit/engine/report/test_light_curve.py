"""A light curve's picture shows each point once, brighter above, and what was not seen as a limit."""

import re
from xml.etree import ElementTree

import numpy as np

from obsy.engine.report.light_curve import svg
from obsy.engine.science.ensemble import ensemble
from tests.unit.engine.science.star_fields import TARGET, StarField


def drawn(field):
    return svg(ensemble(field.tables(), field.declared(), "V", TARGET), "V1 Exa", "V")


def test_each_point_is_drawn_and_what_is_brighter_stands_above():
    picture = drawn(StarField(frames=20, shift={0: np.linspace(0.5, 0, 20)}))
    ElementTree.fromstring(picture)  # noqa: S314 - our own
    heights = [float(each) for each in re.findall(r'class="p1 m0">.*?cy="([\d.]+)"', picture)]
    assert len(heights) == 20 and heights[0] > heights[-1] + 100
    assert picture.count('class="p2 m1"') == 20


def test_what_was_not_seen_is_drawn_as_a_limit_and_has_no_mean():
    picture = drawn(StarField(frames=6, target=23.0))
    assert picture.count('class="p1 own"') == 6 and "V1 Exa, V: not seen" in picture
