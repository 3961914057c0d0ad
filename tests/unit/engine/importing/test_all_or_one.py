"""Requests of a group that belong together stay together as plans, or it is told that they do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Leftover, Wish


def request(name: str, start: str = "2026-12-01T00:00:00", kind: str = "ICRS") -> dict[str, Any]:
    taken = [{"exposure_time": 30, "exposure_count": 2, "optical_elements": {"filter": "V"}}]
    one = {
        "type": "EXPOSE",
        "target": {"type": kind, "name": name, "ra": 35.0, "dec": 42.0},
        "instrument_configs": taken,
    }
    return {"configurations": [one], "windows": [{"start": start, "end": "2026-12-09T00:00:00"}]}


def group(operator: str, *requests: dict[str, Any], name: str = "Two Fields") -> dict[str, Any]:
    return {"name": name, "operator": operator, "requests": list(requests)}


def read(*groups: dict[str, Any]) -> tuple[list[Wish], list[str]]:
    source = GivenFile(Path("groups.json"), json.dumps(list(groups)))
    found = list(all_told(reader_of(source, None), source))
    return [each for each in found if isinstance(each, Wish)], [
        each.found for each in found if isinstance(each, Leftover)
    ]


ONE, OTHER = request("star-1"), request("star-2")


def test_all_of_a_group_is_one_night_together() -> None:
    wishes, told = read(group("AND", ONE, OTHER))
    assert [each.more for each in wishes] == [{"together": "one night of two-fields"}] * 2
    assert told == [] and all(each.lost == () for each in wishes)


def test_one_of_a_group_is_one_a_night_and_what_that_loses_is_told() -> None:
    wishes, _ = read(group("ONEOF", ONE, OTHER))
    assert [each.more for each in wishes] == [{"choose": "1 a night of two-fields"}] * 2
    assert wishes[0].lost == ("that one of 'Two Fields' is enough (ONEOF): one a night, each in the end",)


@pytest.mark.parametrize("said", [group("SINGLE", ONE), group("MANY", ONE, OTHER), group("AND", ONE)])
def test_what_binds_nothing_says_nothing(said: dict[str, Any]) -> None:
    wishes, told = read(said)
    assert all(each.more == {} and each.lost == () for each in wishes) and told == []


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (request("star-2", "2026-12-05T00:00:00"), "their windows differ, and 'together' is of one night"),
        (request("star-2", kind="ORBITAL_ELEMENTS"), "not all of them become plans"),
    ],
)
def test_what_plans_cannot_say_is_told(other: dict[str, Any], why: str) -> None:
    wishes, told = read(group("AND", ONE, other))
    assert all(each.more == {} for each in wishes)
    assert f"not carried over: that 'Two Fields' is for all of its requests or none (AND): {why}" in told


def test_two_groups_of_one_name_stay_two() -> None:
    wishes, _ = read(group("AND", ONE, OTHER), group("AND", request("star-3"), request("star-4")))
    assert [each.more["together"][-12:] for each in wishes[1:3]] == ["f two-fields", "two-fields-2"]


def test_an_operator_that_nobody_knows_is_told() -> None:
    assert read(group("XOR", ONE, OTHER))[1] == ["not carried over: operator XOR"]
