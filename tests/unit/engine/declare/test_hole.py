"""Holes as other programs spell them are known by their name, and nothing else is taken for one."""

import pytest

from obsy.engine.declare import hole
from obsy.engine.declare.compose import nodes
from obsy.engine.declare.written import Origin


@pytest.mark.parametrize("said", ["{{ ra }}", "{ra}", "<ra>", "%ra%", "$(ra)", "${ra}"])
def test_a_hole_is_known_where_it_stands(said: str) -> None:
    line = f"target: {{ra: {said}}}"
    assert hole.at(line, line.index(said)) == "ra"
    assert hole.at(line, 0) == hole.at(line.replace(said, "1 h"), 13) == ""


@pytest.mark.parametrize(
    ("said", "name"), [("{ra}", "ra"), ("{{ ra }}", "ra"), ("{b}", ""), ("{ra: 1}", ""), ("ra", "")]
)
def test_braces_without_quotes_are_a_hole_if_they_hold_a_known_name_alone(said: str, name: str) -> None:
    (node,) = nodes(said, Origin("x.yaml"))
    assert hole.bare(node, {"ra", "dec"}) == name
