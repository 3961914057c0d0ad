from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.frames.frame import FrameKind
from obsy.engine.report.gather import gather
from obsy.engine.report.inputs import Limit
from obsy.engine.runtime.planner import tally
from obsy.engine.store.record import Product, StoredFrame
from obsy.engine.store.store import Store
from obsy.schemas.people import Person, Share
from obsy.schemas.together import Together

NIGHT = date(2026, 11, 21)


@pytest.fixture(scope="module")
def example(root: Path) -> Observatory:
    """The observatory that obsy ships."""
    return declare(root, root / "plans")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """A store with two accepted frames and one rejected, of the night and of the nights around it."""
    with Store(tmp_path / "store.sqlite") as store:
        for index, (night, accepted) in enumerate([(20, True), (20, False), (21, True), (22, True)]):
            frame = light(tmp_path, index, date(2026, 11, night), accepted)
            place = tmp_path / "products" / frame.path.name
            aligned = Product("aligned", place, frame.sha256, frame.night, "home", "main", frame.sha256)
            store.put(frame, [aligned])
        yield store


def light(folder: Path, index: int, night: date, accepted: bool) -> StoredFrame:
    """A frame of M31 in L."""
    name = f"m31_{index}.fits"
    return StoredFrame(
        sha256=str(index) * 64,
        path=folder / "archive" / name,
        source=name,
        night=night,
        site="home",
        train="main",
        kind=FrameKind.LIGHT,
        object="m31",
        filter="L",
        exposure_s=240.0,
        gain=100,
        offset=50,
        binning=1,
        temperature_c=-10.0,
        camera="c",
        telescope="t",
        taken_at=datetime(night.year, night.month, night.day, 22, index, tzinfo=UTC),
        rows=8,
        columns=8,
        ra_deg=None,
        dec_deg=None,
        airmass=None,
        pier=None,
        plan="m31",
        goal="L-240s",
        accepted=accepted,
    )


def test_only_earlier_nights_count_as_before(example: Observatory, kept: Store) -> None:
    goal = next(goal for goal in gather(example, kept, NIGHT).goals if (goal.plan, goal.goal) == ("m31", "L-240s"))
    assert (goal.before, goal.before_s, goal.wanted_s) == (1, 240.0, 10800.0)


def test_frames_of_a_night_that_tore_what_counts_together_count_for_nothing(example: Observatory, kept: Store) -> None:
    whole = Together(within="one night")
    plans = (each.model_copy(update={"together": whole}) if each.name == "m31" else each for each in example.plans)
    bound, key = replace(example, plans=tuple(plans)), ("m31", "L-240s")
    told = {(goal.plan, goal.goal): goal.before for goal in gather(bound, kept, NIGHT).goals}
    before = tally(kept, bound, NIGHT).progress[key]
    still = tally(kept, bound, NIGHT, going_on=NIGHT - timedelta(days=1)).progress[key]
    assert (told[key], before.accepted, before.torn, still.accepted) == (0, 0, 1, 1)


def test_frames_of_another_target_count_for_nothing(example: Observatory, kept: Store) -> None:
    for frame in kept.frames():
        kept.put(replace(frame, object="M33", ra_deg=23.5, dec_deg=30.7))
    goal = next(goal for goal in gather(example, kept, NIGHT).goals if (goal.plan, goal.goal) == ("m31", "L-240s"))
    assert (goal.before, goal.before_s) == (0, 0.0)
    assert tally(kept, example).progress == {}


def test_every_line_of_the_example_is_among_the_inputs(example: Observatory, kept: Store) -> None:
    inputs = gather(example, kept, NIGHT)
    assert {goal.plan for goal in inputs.goals} == {plan.name for plan in example.plans}
    assert all(goal.asked for goal in inputs.goals)
    assert set(inputs.targets) == {plan.name for plan in example.plans}


def test_a_stack_of_the_night_comes_with_its_picture(example: Observatory, kept: Store) -> None:
    picture = kept.folder / "stacks" / "2026-11-21" / "main" / "m31_L.png"
    picture.parent.mkdir(parents=True)
    Image.new("L", (8, 8)).save(picture)
    (stack,) = gather(example, kept, NIGHT).stacks
    assert (stack.plan, stack.picture, stack.filter, stack.frames, stack.preview) == ("m31", "m31", "L", 2, picture)
    assert stack.train == "main"


def test_while_the_night_runs_the_growing_stack_is_shown(example: Observatory, kept: Store) -> None:
    picture = kept.folder / "stacks" / "2026-11-21" / "main" / "m31_L_live.png"
    picture.parent.mkdir(parents=True)
    Image.new("L", (8, 8)).save(picture)
    assert [stack.preview for stack in gather(example, kept, NIGHT).stacks] == [picture]


def test_limits_know_which_side_is_bad(example: Observatory, kept: Store) -> None:
    limits = gather(example, kept, NIGHT).limits
    assert limits["cloud"].above_is_bad
    assert limits["fwhm_arcsec"].above_is_bad
    assert not limits["stars"].above_is_bad
    assert isinstance(limits["wind"], Limit)


def test_each_share_of_the_time_is_told_as_it_stands_after_the_night(example: Observatory, kept: Store) -> None:
    school = Share.model_validate({"kind": "share", "name": "half", "group": "school", "time": "50 %"})
    ana = Person.model_validate({"kind": "person", "name": "ana", "called": "Ana", "groups": ["school"]})
    plans = tuple(each.model_copy(update={"owner": "ana"}) if each.name == "m31" else each for each in example.plans)
    (found,) = gather(replace(example, plans=plans, people=(ana,), shares=(school,)), kept, NIGHT).shares
    assert found.had_h == pytest.approx(2 * 240 / 3600), "of this night and the one before; none of the night after"
    assert found.due_h == pytest.approx(240 / 3600)
    assert gather(example, kept, NIGHT).shares == ()


def test_the_side_of_the_pier_is_what_the_headers_of_the_night_say_in_order(
    example: Observatory, kept: Store, tmp_path: Path
) -> None:
    for index, side in ((7, "east"), (5, "west"), (6, None)):
        kept.put(replace(light(tmp_path, index, NIGHT, accepted=index == 7), pier=side), [])
    kept.put(replace(light(tmp_path, 8, date(2026, 11, 22), accepted=True), pier="west"), [])
    assert gather(example, kept, NIGHT).sides == (("main", "west"), ("main", "east"))


def test_whether_all_plans_were_given_is_passed_on(example: Observatory, kept: Store) -> None:
    given = [gather(replace(example, all_plans=each), kept, date(2026, 11, 21)).all_plans for each in (True, False)]
    assert given == [True, False]
