"""How far a night was from its best: weather is no fault, and what is lost adds up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.night_record import Capture, Span
from obsy.engine.schedule.candidates import NO_TRAIN
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.hindsight import Hindsight, NightAsItWas, hindsight, mask_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate, Reason
from obsy.engine.schedule.tonight import WEIGHTS, tonight
from obsy.engine.sky.grid import Grid, Window
from tests.support.effort import examples
from tests.support.equipment import one

Ask = Callable[..., Candidate]
LAW = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class Night:
    """What is asked for, the mount, and the night as it was planned."""

    asked: list[Candidate]
    place: Timeline

    @cached_property
    def planned(self) -> tuple[Block, ...]:
        return tonight(self.asked, [self.place]).blocks

    def frames(self) -> list[Capture]:
        """Every frame of the plan."""
        each_s = self.place.costs["newton"].download_s + 180.0
        return [
            Capture(
                Path("a.fits"),
                "newton",
                "light",
                "L",
                180.0,
                block.start + timedelta(seconds=number * each_s),
                block.request.line.plan,
                block.request.line.key,
            )
            for block in self.planned
            for number in range(block.count)
        ]

    def back(
        self, accepted: Sequence[Capture], rejected: Sequence[Capture] = (), unsafe: Sequence[Span] = ()
    ) -> Hindsight:
        """The mount is at work around each frame."""
        busy = [Span(each.began - timedelta(minutes=3), each.began + timedelta(minutes=4)) for each in accepted]
        waste = [Span(each.began, each.began + timedelta(seconds=180)) for each in rejected]
        was = NightAsItWas(accepted, {"newton": unsafe}, {"newton": waste}, {"newton": busy})
        found = hindsight(self.asked, [self.place], was, WEIGHTS, steps=200)
        assert found is not None
        return found


@pytest.fixture
def night(ask: Ask, grid: Grid, overheads: Overheads) -> Night:
    return Night([ask("m31", count=60), ask("m33", count=60, priority=3, ra_deg=40.0)], one(grid, overheads))


def test_a_night_that_went_as_planned_reached_its_best(night: Night) -> None:
    found = night.back(night.frames())
    assert found.share_percent == pytest.approx(100.0, abs=0.5)


def test_what_was_not_taken_although_it_was_safe_is_lost_to_idleness(night: Night) -> None:
    frames = night.frames()
    found = night.back(frames[: len(frames) // 2])
    assert found.share_percent < 60
    assert max(found.lost, key=lambda name: found.lost[name]) == "idle"
    assert sum(found.lost.values()) == pytest.approx(found.best - found.value)


def test_the_weather_is_no_fault(night: Night) -> None:
    frames = night.frames()
    half, grid = frames[: len(frames) // 2], night.place.grid
    cloud = Span(half[-1].began + timedelta(seconds=182), grid.end)
    clouded = night.back(half, unsafe=[cloud])
    assert clouded.share_percent > 95
    assert clouded.best < night.back(half).best


@pytest.mark.long
def test_frames_that_do_not_count_cost_what_could_have_been_had_meanwhile(night: Night) -> None:
    full = replace(night, asked=[replace(each, request=replace(each.request, count=100)) for each in night.asked])
    frames = full.frames()
    found = full.back(frames[:60], rejected=frames[60:])
    assert found.lost["rejected"] > 0.9 * (found.best - found.value)
    assert night.back(night.frames()[:60], night.frames()[60:]).lost["idle"] > 0.0, (
        "there were hours to take them again"
    )


def test_a_goal_that_gave_way_after_rejections_was_not_idle(night: Night) -> None:
    alone = replace(night, asked=night.asked[:1])
    frames = alone.frames()
    busy = {"newton": [Span(each.began, each.began + timedelta(minutes=4)) for each in frames[:20]]}
    waited = {("m31", None): [Span(frames[20].began, night.place.grid.end)]}
    was = NightAsItWas(frames[:20], {"newton": ()}, {"newton": ()}, busy, waited)
    found = hindsight(alone.asked, [night.place], was, WEIGHTS, steps=200)
    assert found is not None
    assert found.lost["rejected"] > found.lost["idle"]


def test_of_an_event_that_a_cloud_cut_the_rest_could_be_had(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    event = ask("xo-6", count=40, fixed=Window(grid.at(60), grid.at(60 + 122)))
    night = Night([event], one(grid, overheads))
    whole = night.back(night.frames())
    cut = night.back(night.frames()[:20], unsafe=[Span(grid.at(120), grid.at(140))])
    assert whole.share_percent == pytest.approx(100.0)
    assert 0 < cut.best < whole.best
    assert cut.share_percent < 100


def test_of_nothing_that_could_be_had_nothing_is_said(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("m31", free=np.zeros(grid.count, dtype=bool))]
    was = NightAsItWas([], {"newton": ()}, {"newton": ()}, {"newton": ()})
    assert hindsight(asked, [one(grid, overheads)], was, WEIGHTS, steps=200) is None


@pytest.mark.slow
@pytest.mark.once
@LAW
@given(keep=st.lists(st.booleans(), min_size=20, max_size=20), start=st.integers(0, 100), length=st.integers(0, 60))
def test_what_is_lost_adds_up_and_nothing_passes_the_best(
    short: Night, keep: list[bool], start: int, length: int
) -> None:
    frames, grid = short.frames(), short.place.grid
    sky = Span(grid.at(start), grid.at(min(start + length, 120)))
    accepted = [each for number, each in enumerate(frames) if keep[number % 20]]
    rejected = [each for number, each in enumerate(frames) if not keep[number % 20]]
    found = short.back(accepted, rejected, [sky])
    assert 0.0 <= found.share_percent <= 100.0
    assert all(points >= 0.0 for points in found.lost.values())
    assert sum(found.lost.values()) == pytest.approx(found.best - found.value)


def test_a_mask_holds_the_instants_of_its_spans(grid: Grid) -> None:
    spans = [Span(grid.at(3), grid.at(5)), Span(grid.at(5) + timedelta(seconds=1), grid.at(6))]
    assert np.flatnonzero(mask_of(spans, grid)).tolist() == [3, 4]


def test_of_a_large_night_the_rules_must_do(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[object] = []

    def better(found: object, *_: object) -> object:
        searched.append(found)
        return found

    monkeypatch.setattr("obsy.engine.schedule.hindsight.better", better)
    small = night.back(night.frames())
    assert len(searched) == 3
    monkeypatch.setattr("obsy.engine.schedule.tonight.MOST", 0)
    assert night.back(night.frames()) == small
    assert len(searched) == 3


@pytest.fixture
def short(ask: Ask, grid: Grid, overheads: Overheads) -> Night:
    """Two hours of a night."""
    few, asked = Grid(grid.start, 60.0, 121), [ask("m31", count=10), ask("m33", count=10, priority=3, ra_deg=40.0)]
    arrays = ("ra_deg", "dec_deg", "altitude_deg", "hour_angle_h", "free")
    cut = [replace(each, **{name: getattr(each, name)[:121] for name in arrays}) for each in asked]
    return Night(cut, one(few, overheads))


def test_an_event_is_covered_with_nine_frames_of_ten(short: Night) -> None:
    grid = short.place.grid
    event = replace(short, asked=[replace(short.asked[0], fixed=Window(grid.at(20), grid.at(51)))])
    frames = event.frames()
    assert len(frames) == 10
    last, nearly, enough = (event.back(frames[:count]).value for count in (7, 8, 9))
    assert enough - nearly > 2 * (nearly - last) > 0


def test_a_frame_that_nobody_asked_for_or_that_lies_outside_the_night_is_worth_nothing(short: Night) -> None:
    (first, *_), grid = short.frames(), short.place.grid
    alone = short.back([first]).value
    foreign = [replace(first, plan="other"), replace(first, goal=None), replace(first, train="wide")]
    outside = [replace(first, began=at) for at in (grid.start - timedelta(seconds=1), grid.end)]
    assert short.back([*foreign, *outside, first]).value == alone
    assert short.back([replace(first, began=grid.start)]).value > 0.5 * alone
    refused = replace(short, asked=[replace(short.asked[0], refused=Reason("altitude", "low")), *short.asked[1:]])
    assert refused.back([first]).value <= 0.0 < alone


def test_what_no_train_serves_changes_nothing(short: Night) -> None:
    frames, alone = short.frames(), short.back(short.frames())
    left = replace(short.asked[0].request, train="", line=replace(short.asked[0].request.line, plan="left"))
    unserved = replace(short.asked[0], request=left, refused=NO_TRAIN)
    assert replace(short, asked=[*short.asked, unserved]).back(frames) == alone


def test_only_a_goal_that_gave_way_itself_is_not_idle(short: Night) -> None:
    grid, idle = short.place.grid, []
    for goal in (short.asked[0].request.line.key, "other", None):
        waited = {("m31", goal): [Span(grid.start, grid.end)], ("m33", None): [Span(grid.start, grid.end)]}
        was = NightAsItWas([], *({"newton": ()} for _ in range(3)), waited)
        found = hindsight(short.asked, [short.place], was, WEIGHTS, steps=0)
        assert found is not None
        idle.append(found.lost["idle"] > 0.0)
    assert idle == [False, True, False]


def test_the_share_is_in_percent() -> None:
    assert Hindsight(1.0, 4.0, {}).share_percent == 25.0


def test_what_another_mount_took_counts_and_so_does_a_night_of_less_than_a_point(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    asked = [ask("m31", count=1, priority=1, exposure_s=20.0, train="wide")]
    places = [Timeline(grid, {train: overheads}, grid.start) for train in ("newton", "wide")]
    frame = Capture(Path("a.fits"), "wide", "light", "L", 20.0, grid.at(2), "m31", asked[0].request.line.key)
    busy = {"newton": (), "wide": [Span(grid.start, grid.at(5))]}
    none = {"newton": (), "wide": ()}
    found = hindsight(asked, places, NightAsItWas([frame], none, none, busy), WEIGHTS, steps=0)
    assert found is not None
    assert 0.0 < found.value <= found.best < 1.0


@pytest.mark.parametrize(("gap_s", "idle"), [(120, False), (150, True)])
def test_two_minutes_between_two_pieces_of_work_are_no_rest(short: Night, gap_s: int, idle: bool) -> None:
    grid, alone = short.place.grid, short.asked[0]
    asked = [replace(alone, request=replace(alone.request, count=100))]
    middle = grid.at(60) + timedelta(seconds=1)
    busy = [Span(grid.start, middle), Span(middle + timedelta(seconds=gap_s), grid.end + timedelta(seconds=1))]
    was = NightAsItWas([], {"newton": ()}, {"newton": ()}, {"newton": busy})
    found = hindsight(asked, [short.place], was, WEIGHTS, steps=0)
    assert found is not None
    assert (found.lost["idle"] > 0.0) is idle
    assert sum(found.lost.values()) == pytest.approx(found.best - found.value)


def test_each_planning_tries_four_thousand_changes_unless_it_is_said(
    short: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    monkeypatch.setattr("obsy.engine.schedule.hindsight.better", lambda *asked: tried.append(asked[-1]) or asked[0])
    was = NightAsItWas([], *({"newton": ()} for _ in range(3)))
    assert hindsight(short.asked, [short.place], was, WEIGHTS) is not None
    assert tried == [4000] * 3
