"""What accepted frames prove, and nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.store.done import done
from obsy.engine.store.frames import Grade, grade, register
from obsy.engine.store.models import FrameRow
from tests.support.effort import examples


def put(light, number, accepted, **changes):
    register(light(number, **changes))
    if accepted is not None:
        grade(light(number).sha256, Grade(accepted=accepted))


def test_nothing_is_done_at_first():
    assert done() == {}


def test_only_accepted_time_counts(light):
    put(light, 1, True)
    put(light, 2, False)
    put(light, 3, None)
    put(light, 4, True)
    of = done()["m31", "L-180s"]
    assert (of.frames, of.accepted, of.rejected, of.done_s) == (4, 2, 1, 360.0)
    assert of.accepted_at == (light(1).taken_at, light(4).taken_at)
    assert of.rejected_at == (light(2).taken_at,)
    assert of.last_at == light(4).taken_at


def test_goals_are_told_apart(light):
    put(light, 1, True)
    put(light, 2, True, goal="R-180s")
    put(light, 3, True, plan="m33")
    assert set(done()) == {("m31", "L-180s"), ("m31", "R-180s"), ("m33", "L-180s")}


def test_frames_without_a_plan_count_for_none(light):
    put(light, 1, True, plan=None, goal=None)
    assert done() == {}


def test_a_frame_rejected_later_lowers_what_is_done(light):
    put(light, 1, True)
    grade(light(1).sha256, Grade(accepted=False))
    assert (done()["m31", "L-180s"].done_s, done()["m31", "L-180s"].last_at) == (0.0, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(30))
@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=30))
def test_the_counts_are_those_of_the_verdicts(light, verdicts):
    FrameRow.objects.all().delete()
    for number, accepted in enumerate(verdicts):
        put(light, number, accepted)
    of = done()["m31", "L-180s"]
    assert (of.frames, of.accepted, of.rejected) == (len(verdicts), verdicts.count(True), verdicts.count(False))
    assert of.done_s == 180.0 * verdicts.count(True)
