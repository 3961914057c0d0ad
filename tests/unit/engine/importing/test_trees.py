"""What no reader asks for is told, whatever stands in a file."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.trees import Part, tree_of_json, tree_of_xml
from obsy.engine.importing.wish import Wish
from obsy.errors import UserError
from tests.support.effort import examples

KEYS = st.sampled_from("abcdef")
TREES = st.dictionaries(
    KEYS, st.recursive(st.integers(1, 9), lambda inner: st.dictionaries(KEYS, inner) | st.lists(inner))
)


def leaves(value: object, at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The names that lead to each number."""
    if isinstance(value, dict):
        return {each for key, inner in value.items() for each in leaves(inner, (*at, key))}
    return {each for inner in value for each in leaves(inner, at)} if isinstance(value, list) else {at}


@settings(max_examples=examples(60), deadline=None)
@given(TREES, st.sets(KEYS))
def test_all_that_nobody_asked_for_is_told_and_nothing_else(tree: dict[str, object], asked: set[str]) -> None:
    root = Part(tree)
    for key in asked & set(tree):
        assert root[key].value == tree[key]
    told = {names for names, _ in root.unasked(())}
    left = {names for names in leaves(tree) if names[0] not in asked}
    assert all(any(names[: len(each)] == each for each in told) for names in left)
    inside = {names[1:] for names in leaves(tree) if names[0] in asked} - {()}
    assert all(any(names[: len(each)] == each for names in left | inside) for each in told)


def test_what_an_attribute_switches_off_asks_for_nothing() -> None:
    root = tree_of_xml("<a><on enabled='true'>5</on><off enabled='false'>6</off><b c='7'/></a>", "list")
    assert list(root.unasked(())) == [(("on",), "5"), (("b", "c"), "7")]
    assert (root["on"].number, root["b"]["@c"].text) == (5, "7")
    assert list(root.unasked(())) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "<SchedulerList><Job><Name>spot</Name><Constraints><Constraint value='3'>MinimumHeat</Constraint>"
            "</Constraints></Job></SchedulerList>",
            "the constraint MinimumHeat 3",
        ),
        (
            "<SequenceQueue><Job><TargetName>spot</TargetName><Exposure>1</Exposure><Count>1</Count><Properties>"
            "<PropertyVector name='CCD_COOLER_POWER'><OneElement name='CCD_COOLER_VALUE'>70</OneElement>"
            "</PropertyVector></Properties></Job><RefocusEveryN enabled='true'>60</RefocusEveryN></SequenceQueue>",
            "CCD_COOLER_POWER.CCD_COOLER_VALUE 70; RefocusEveryN 60",
        ),
        ('{"targets": [{"star_name": "SS Cyg", "campaign": 812}]}', "campaign 812"),
        (
            '{"$type": "NINA.x", "Target": {"TargetName": "spot", "InputCoordinates": {"RAHours": 1, "DecDegrees": 3}},'
            ' "Items": [{"$type": "NINA.CoolCamera", "Temperature": -15}]}',
            "the instruction CoolCamera; Temperature -15",
        ),
    ],
    ids=["ekos list", "ekos sequence", "aavso", "nina"],
)
def test_words_that_an_importer_has_never_heard_of_are_told(text: str, told: str) -> None:
    source = GivenFile(Path("list"), text)
    (wish,) = [each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish)]
    assert "; ".join(wish.lost).endswith(told) or told in wish.lost


def test_two_places_of_one_name_are_two_targets() -> None:
    one = '{{"target": {{"name": "field", "ra": {}, "dec": 5}}, "instrument_configs": []}}'
    source = GivenFile(Path("list"), f'{{"requests": [{{"configurations": [{one.format(10)}, {one.format(12)}]}}]}}')
    found = [each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish)]
    assert [each.target["ra"] for each in found] == ["00h40m00.00s", "00h48m00.00s"]


@pytest.mark.parametrize(
    "text",
    [
        '{"$type": "NINA.x", "Target": {"TargetName": "spot", "PositionAngle": 0.0,'
        ' "InputCoordinates": {"RAHours": 1}}}',
        "<RTML><Request><Target><Name>spot</Name><PositionAngle>0</PositionAngle></Target></Request></RTML>",
        '[{"ExposurePlans": [], "Targets": [{"Name": "spot", "Rotation": 0}]}]',
        "name,pa\nspot,0\n",
    ],
    ids=["nina", "rtml", "target scheduler", "table"],
)
def test_a_position_angle_of_zero_is_one(text: str) -> None:
    source = GivenFile(Path("list"), text)
    (wish,) = [each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish)]
    assert wish.more["angle"] == "0 deg"


def test_json_that_is_too_deep_is_refused() -> None:
    with pytest.raises(UserError, match="list: too deep"):
        tree_of_json("[" * 300 + "]" * 300, "list")
