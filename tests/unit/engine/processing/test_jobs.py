"""A frame's way is a state in the store: whichever it stands in when a process dies, the next one takes it up."""

import sqlite3
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from obsy.engine.frames.copy import seen
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.jobs import Jobs, StackKey
from obsy.engine.processing.processing import Outcome
from obsy.engine.processing.sidecar import read_sidecar
from obsy.engine.reduce.orders import LightResult, Measures
from obsy.engine.store.record import Arrival, State
from obsy.errors import ArchiveError
from obsy.schemas.pipeline import Pipeline
from tests.support.bench import SOON_S, DeadWorkers, credit
from tests.support.waiting import wait_until

FULL = "CREATE TRIGGER full BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'disk is full'); END"


def settle(room):
    room.processing.settled().result(SOON_S)


def graded(room):
    """A light that has come to its end, its processing closed."""
    path = room.shoot()
    room.take(path)
    settle(room)
    room.processing.close()
    return path, room.store.frames()[0]


def disk(room, command):
    plain = sqlite3.connect(room.root / "store.sqlite")
    plain.execute(command)
    plain.commit()
    plain.close()


def test_an_accepted_light_ends_in_the_growing_stack(room):
    _, frame = graded(room)
    assert (frame.state, frame.pending, frame.accepted) == (State.STACKED, False, True)
    assert [product.kind for product in room.store.products_of(frame.sha256)] == ["aligned", "calibrated"]


def test_rejected_lights_and_calibration_frames_end_graded(room):
    room.take(room.shoot(AIRMASS=3.0), room.shoot(2, "Bias"))
    settle(room)
    assert {(frame.state, frame.pending) for frame in room.store.frames()} == {(State.GRADED, False)}


@pytest.mark.parametrize(
    ("state", "reduced_again", "stacked_again"),
    [(State.ARCHIVED, 1, 1), (State.REDUCED, 0, 1), (State.GRADED, 0, 1)],
)
def test_a_frame_is_taken_up_in_the_state_it_was_left_in(open_room, state, reduced_again, stacked_again):
    path, frame = graded(first := open_room())
    verdict = True if state is State.GRADED else None
    first.store.put(replace(frame, state=state, pending=True, accepted=verdict))
    room = open_room()
    assert room.processing.outcome(path).result(SOON_S).accepted
    settle(room)
    assert (len(room.hands.lights), len(room.hands.lives)) == (reduced_again, stacked_again)
    assert room.store.frames() == (frame,)


def test_a_file_that_was_noted_and_not_archived_is_taken_up(open_room):
    first = open_room(start=False)
    path = first.shoot()
    first.store.note(Arrival(path, seen(path)))
    room = open_room()
    assert room.processing.outcome(path).result(SOON_S).accepted
    assert [arrival.state for arrival in room.store.arrivals()] == [State.ARCHIVED]


def test_a_file_that_was_archived_and_not_removed_is_removed_and_not_taken_again(open_room):
    path, frame = graded(first := open_room())
    path.write_bytes(frame.path.read_bytes())
    (arrival,) = first.store.arrivals()
    first.store.forget(arrival)
    first.store.note(replace(arrival, seen=seen(path)))
    room = open_room()
    room.processing.found(path)
    settle(room)
    assert not path.exists()
    assert (len(room.store.frames()), room.hands.lights) == (1, [])


@pytest.mark.parametrize("left", [None, b"", b"other bytes"])
def test_a_file_whose_archived_copy_is_lost_or_spoilt_is_archived_again_before_it_goes(open_room, left):
    path, frame = graded(first := open_room())
    (arrival,) = first.store.arrivals()
    path.write_bytes(content := frame.path.read_bytes())
    first.store.forget(arrival)
    first.store.note(replace(arrival, seen=seen(path)))
    frame.path.unlink() if left is None else frame.path.write_bytes(left)
    room = open_room()
    room.processing.found(path)
    settle(room)
    assert not path.exists()
    assert frame.path.read_bytes() == content


def test_a_file_that_is_kept_in_place_is_read_once(open_room, rules):
    keep = rules.retention.model_copy(update={"incoming": "keep"})
    room = open_room(retention=keep)
    path = room.shoot()
    room.take(path)
    room.processing.close()
    again = open_room(retention=keep)
    again.processing.found(path)
    assert again.processing.outcome(path).result(SOON_S).accepted
    assert (len(again.store.arrivals()), again.hands.lights) == (1, [])


def test_a_noted_file_that_went_away_is_forgotten(open_room):
    first = open_room(start=False)
    path = first.shoot()
    first.store.note(Arrival(path, seen(path)))
    path.unlink()
    room = open_room()
    settle(room)
    assert room.store.arrivals() == ()


def test_a_quarantined_file_is_remembered_by_name(open_room):
    room = open_room()
    path = room.root / "incoming" / "notes.fits"
    path.parent.mkdir()
    path.write_text("clean the mirror")
    room.take(path)
    room.processing.close()
    assert open_room().processing.outcome(path).result(SOON_S).reason == "not-fits"


def test_a_refused_file_says_so_in_the_store(room):
    path = room.shoot()
    (room.root / "archive").touch()
    room.processing.found(path)
    settle(room)
    assert [(arrival.state, arrival.path) for arrival in room.store.arrivals()] == [(State.REFUSED, path)]


def test_a_frame_of_no_plan_has_another_chance_when_a_plan_is_there(open_room):
    room = open_room(credit=lambda frame: None)
    path = room.shoot()
    assert room.take(path)[0].reason == "no-plan"
    room.processing.close()
    assert open_room().processing.outcome(path).result(SOON_S).accepted


def test_a_frame_that_fits_no_goal_of_its_plan_is_kept_and_told_of(open_room):
    room = open_room(credit=lambda frame: None, contradiction=lambda frame: "its filter is R: deep takes L")
    assert room.take(room.shoot())[0].reason == "no-plan"
    assert room.store.frames()[0].accepted is None
    assert room.heard("frame-uncounted") == [{"frame": "Light_001.fits", "reason": "its filter is R: deep takes L"}]


@pytest.mark.parametrize(("site", "plan"), [("home", "asked"), ("cottage", "asked"), ("abroad", "m31")])
def test_what_a_frame_of_any_of_our_sites_was_asked_for_is_not_guessed_anew(open_room, site, plan):
    room = open_room(sites=frozenset({"home", "cottage"}))
    room.take(room.shoot(OBSYSITE=site, OBSYPLAN="asked", OBSYGOAL="deep-L"))
    (frame,) = room.store.frames()
    assert (frame.site, frame.plan) == (site, plan)


def test_what_a_worker_found_is_written_once_the_disk_has_room(open_room):
    room = open_room(patience_s=SOON_S)
    path = room.shoot()
    disk(room, FULL.format(change="UPDATE", table="obsy_frame"))
    answer = room.processing.outcome(path)
    room.processing.found(path)
    wait_until(lambda: room.heard("archive-refused"))
    assert not answer.done()
    disk(room, "DROP TRIGGER full")
    assert answer.result(SOON_S).accepted
    assert len(room.hands.lights) == 1


def test_a_disk_that_stays_full_is_said_once_and_ends_the_waiting(room):
    disk(room, FULL.format(change="UPDATE", table="obsy_frame"))
    path = room.shoot()
    room.processing.found(path)
    with pytest.raises(ArchiveError, match="disk is full"):
        room.processing.outcome(path).result(SOON_S)
    assert len(room.heard("archive-refused")) == 1
    disk(room, "DROP TRIGGER full")
    assert room.processing.outcome(path).result(SOON_S).accepted
    for _ in range(2):  # the pass that answers, and the next
        room.processing.settled().result(SOON_S)
    assert [each["frame"] for each in room.heard("archive-took")] == [None]


def test_a_store_that_takes_no_file_leaves_it_in_place(room):
    disk(room, FULL.format(change="INSERT", table="obsy_arrival"))
    path = room.shoot()
    room.processing.found(path)
    with pytest.raises(ArchiveError, match="disk is full"):
        room.processing.outcome(path).result(SOON_S)
    assert path.exists()
    disk(room, "DROP TRIGGER full")
    wait_until(lambda: room.heard("archive-took"))
    assert room.processing.outcome(path).result(SOON_S).accepted


@pytest.mark.long
def test_a_stack_is_combined_again_when_a_frame_in_it_was_reduced_anew(open_room):
    room = open_room()
    room.take(room.shoot(30))
    (first,) = room.processing.finish(room.store.frames()[0].night).result(SOON_S)
    for kind, exposure_s, role in (("Bias", 0.0, None), ("Dark", 180.0, None), ("Flat", 2.0, "L")):
        room.master(kind, exposure_s, role)
    (second,) = room.processing.finish(room.store.frames(kind="light")[0].night).result(SOON_S)
    assert len(room.hands.stacked) == 2
    assert (first.about["frames"], second.about["frames"]) == (1, 1)


def test_work_that_kills_its_workers_is_told_and_left_for_the_next_process(open_room):
    room = open_room(executor=DeadWorkers())
    assert room.take(room.shoot(1, "Dark"))[0].reason.startswith("not-checked: ")
    (frame,) = room.store.frames()
    assert (frame.state, frame.pending, frame.accepted) == (State.ARCHIVED, False, None)


def test_a_light_that_contradicts_its_own_goal_is_rejected_and_reaches_no_worker(open_room):
    room = open_room(contradiction=lambda frame: f"its filter is {frame.filter}" if frame.filter == "R" else "")
    good, forged = room.take(room.shoot(1), room.shoot(2, FILTER="R", OBSYPLAN="m31", OBSYGOAL="L-180s"))
    assert (good.accepted, forged.accepted) == (True, False)
    assert forged.reason == "contradicts-itself: its filter is R"
    done = room.store.done()["m31", "L-180s"]
    assert (done.accepted, done.rejected, done.done_s) == (1, 1, 180.0)
    assert [order.frame.filter for order in room.hands.lights] == ["L"]
    room.processing.finish(room.store.frames()[0].night).result(SOON_S)
    assert [len(order.aligned) for order in room.hands.stacked] == [1]


def test_a_light_that_cannot_be_laid_on_its_grid_counts_and_says_why_it_is_in_no_stack(open_room):
    room = open_room()
    room.take(room.shoot(1))
    room.hands.unplaced = "5 stars are too few to be recognised"
    (outcome,) = room.take(room.shoot(2))
    words = "not-in-the-stack: 5 stars are too few to be recognised"
    assert (outcome.accepted, outcome.reason) == (True, words)
    done = room.store.done()["m31", "L-180s"]
    assert (done.accepted, done.done_s, done.unstacked) == (2, 360.0, (words,))
    room.processing.finish(room.store.frames()[0].night).result(SOON_S)
    assert [len(order.aligned) for order in room.hands.stacked] == [1]


def test_a_light_of_a_pipeline_that_does_not_stack_misses_no_stack(open_room):
    plain = Pipeline.model_validate({"kind": "pipeline", "name": "measured", "steps": [{"step": "measure"}]})
    room = open_room(credit=lambda frame: replace(credit(frame), pipeline=plain))
    room.hands.unplaced = "its plan has no grid"
    assert room.take(room.shoot(1))[0] == Outcome(True, "", {"fwhm_arcsec": 2.5, "stars": 120.0})


def test_a_light_that_cannot_join_the_growing_stack_is_told_and_counts_all_the_same(open_room):
    def add_live(order):
        raise OSError(28, "No space left on device")

    room = open_room(start=False)
    object.__setattr__(room.crew, "add_live", add_live)
    room.processing.start()
    assert room.take(room.shoot())[0].accepted
    settle(room)
    (told,) = room.heard("live-stack-failed")
    assert (told["picture"], told["filter"], told["train"]) == ("m31", "L", "main")
    assert "No space left on device" in told["reason"]
    (frame,) = room.store.frames()
    assert (frame.state, frame.pending, frame.accepted) == (State.GRADED, False, True)
    assert [product.kind for product in room.store.products_of(frame.sha256)] == ["aligned", "calibrated"]


def test_a_light_is_reduced_and_stacked_under_names_of_its_own(room):
    _, frame = graded(room)
    (order,) = room.hands.lights
    place = room.crew.data_root.products(frame.night, "m31")
    stem = frame.path.stem
    assert (order.calibrated, order.aligned) == (place / f"{stem}_calibrated.fits", place / f"{stem}_aligned.fits")
    assert order.frame.sha256 == frame.sha256
    made = room.store.products_of(frame.sha256)
    assert {(each.frame, each.night, each.site, each.train) for each in made} == {
        (frame.sha256, frame.night, "home", "main")
    }
    assert {each.parents for each in made} == {(frame.sha256,)}
    assert [step["step"] for step in made[0].recipe["steps"]] == ["dark", "align", "stack"]
    assert "kind" not in made[0].recipe


def left_behind(room, frame):
    """The kinds of product that the store and the light's sidecar know, and whose files are there."""
    made = room.store.products_of(frame.sha256)
    assert {each.path for each in read_sidecar(frame.path, room.store.folder).products} == {each.path for each in made}
    folder = room.crew.data_root.products(frame.night, "m31")
    assert {path.stem.rpartition("_")[2] for path in folder.iterdir()} == {each.kind for each in made}
    return [each.kind for each in made]


def test_what_a_light_s_new_reduction_does_not_make_any_more_is_gone_with_its_file(open_room):
    path, frame = graded(first := open_room())
    assert left_behind(first, frame) == ["aligned", "calibrated"]
    first.store.put(replace(frame, state=State.ARCHIVED, pending=True))
    room = open_room(start=False)
    room.hands.unplaced = "5 stars are too few to be recognised"
    room.processing.start()
    settle(room)
    (again,) = room.store.frames()
    assert (again.accepted, again.reason) == (True, "not-in-the-stack: 5 stars are too few to be recognised")
    assert left_behind(room, frame) == ["calibrated"]


def test_what_a_light_left_behind_stays_when_it_is_rejected_for_its_own_file_may_be_what_is_broken(open_room):
    path, frame = graded(first := open_room())
    first.store.put(replace(frame, state=State.ARCHIVED, pending=True))
    room = open_room(start=False)
    words = ("not-an-image", "not-an-image: it cannot be read")
    object.__setattr__(room.crew, "reduce_light", lambda order: LightResult(*words, Measures()))
    room.processing.start()
    settle(room)
    assert room.store.frames()[0].accepted is False
    assert left_behind(room, frame) == ["aligned", "calibrated"]


class ByHand:
    """Jobs whose workers do nothing until they are told to, and that are taken a pass at a time."""

    def __init__(self, room):
        self.room, self.asked = room, []
        self.arrivals, self.jobs = Arrivals(room.crew), Jobs(room.crew, self.submit)

    def submit(self, call, order):
        answer = Future()
        answer.set_running_or_notify_cancel()
        self.asked.append((call, order, answer))
        return answer

    def works(self, *which):
        """Let the workers do what they were asked, or some of it."""
        left = self.asked
        self.asked = [each for number, each in enumerate(left) if which and number not in which]
        for call, order, answer in (each for each in left if each not in self.asked):
            try:
                answer.set_result(call(order))
            except OSError as fault:
                answer.set_exception(fault)

    def passes(self):
        """Take every frame as far as it can go now; return what the workers are asked and have not done."""
        self.jobs.advance()
        return [type(order).__name__ for _, order, _ in self.asked]

    def stand(self):
        """How far each frame has come."""
        return [(frame.state, frame.pending) for frame in self.room.store.frames()]


@pytest.fixture
def by_hand(open_room):
    return lambda **changes: ByHand(open_room(start=False, **changes))


class Killed(BaseException):
    """The process ends here, whatever would have been tidied up."""


@pytest.mark.parametrize("where", ["unlink", "put"])
def test_who_is_killed_while_stale_products_go_leaves_none_of_them_after_the_rerun(
    open_room, by_hand, monkeypatch, where
):
    _, frame = graded(first := open_room())
    first.store.put(replace(frame, state=State.ARCHIVED, pending=True))
    hand = by_hand()
    hand.room.hands.unplaced = "5 stars are too few to be recognised"
    hand.passes()
    hand.works()

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as power:
        power.setattr(*{"unlink": (Path, "unlink"), "put": (hand.room.store, "put")}[where], killed)
        with pytest.raises(Killed):
            hand.passes()
    room = open_room(start=False)
    room.hands.unplaced = "5 stars are too few to be recognised"
    room.processing.start()
    settle(room)
    assert left_behind(room, frame) == ["calibrated"]


def test_a_light_is_reduced_graded_and_stacked_in_three_passes(by_hand):
    hand = by_hand()
    hand.arrivals.take(hand.room.shoot())
    assert hand.passes() == ["LightOrder"]
    assert hand.passes() == ["LightOrder"], "it is asked for once"
    assert hand.stand() == [(State.ARCHIVED, True)]
    hand.works()
    assert hand.passes() == ["LiveOrder"]
    assert hand.passes() == ["LiveOrder"]
    assert hand.stand() == [(State.GRADED, True)]
    (frame,), (_, order, _) = hand.room.store.frames(), hand.asked[0]
    assert order.stack == hand.room.crew.data_root.stacks(frame.night, "main") / "m31_L_live.fits"
    assert order.aligned.name.endswith("_aligned.fits")
    hand.works()
    assert read_sidecar(frame.path, hand.room.store.folder).frame["state"] is State.ARCHIVED
    assert hand.passes() == []
    assert hand.stand() == [(State.STACKED, False)]
    assert read_sidecar(frame.path, hand.room.store.folder).frame["state"] is State.STACKED
    assert hand.passes() == []


def test_a_light_that_waits_holds_up_those_of_its_stack_and_no_others(by_hand):
    hand = by_hand()
    for number, filter_ in enumerate(["L", "L", "R"]):
        hand.arrivals.take(hand.room.shoot(number, FILTER=filter_))
    assert hand.passes() == ["LightOrder"] * 3, "nothing waits to be reduced"
    hand.works(1, 2)
    assert hand.passes() == ["LightOrder", "LiveOrder"]
    assert [frame.state for frame in hand.room.store.frames()] == [State.ARCHIVED, State.GRADED, State.GRADED]
    hand.works()
    assert hand.passes() == ["LiveOrder"], "the first of its filter"
    hand.works()
    assert hand.passes() == ["LiveOrder"], "and in the same pass the next"
    hand.works()
    assert hand.passes() == []
    first, second, red = (frame.sha256 for frame in hand.room.store.frames())
    assert hand.room.hands.lives == [red, first, second]


@pytest.mark.parametrize("state", [State.ARCHIVED, State.GRADED])
def test_a_light_that_no_plan_wants_any_more_holds_up_none(by_hand, state):
    hand = by_hand()
    for number in (1, 2):
        hand.arrivals.take(hand.room.shoot(number))
    hand.passes()
    hand.works()
    assert hand.passes() == ["LiveOrder"]
    first, second = hand.room.store.frames()
    hand.room.store.put(replace(first, state=state))
    later = by_hand(credit=lambda frame: None if frame.sha256 == first.sha256 else credit(frame))
    assert later.passes() == ["LiveOrder"]
    assert later.stand() == [(state, False), (State.GRADED, True)]
    assert later.asked[0][1].sha256 == second.sha256


def test_a_light_that_has_no_place_on_its_grid_joins_no_stack(by_hand):
    hand = by_hand()
    hand.room.hands.unplaced = "5 stars are too few to be recognised"
    hand.arrivals.take(hand.room.shoot())
    hand.passes()
    hand.works()
    assert (hand.passes(), hand.stand()) == ([], [(State.GRADED, False)])


def test_a_light_that_is_stacked_without_being_aligned_joins_no_stack(by_hand):
    steps = [{"step": "dark"}, {"step": "stack"}]
    odd = Pipeline.model_validate({"kind": "pipeline", "name": "odd", "steps": steps})
    hand = by_hand(credit=lambda frame: replace(credit(frame), pipeline=odd))
    hand.arrivals.take(hand.room.shoot())
    hand.passes()
    hand.works()
    assert (hand.passes(), hand.stand()) == ([], [(State.GRADED, False)])


def test_a_light_that_contradicts_its_goal_is_graded_in_one_pass(by_hand):
    hand = by_hand(contradiction=lambda frame: "its filter is R")
    hand.arrivals.take(hand.room.shoot())
    assert hand.passes() == []
    assert hand.stand() == [(State.GRADED, False)]


def test_a_light_that_is_rejected_or_whose_plan_does_not_stack_joins_no_stack(by_hand):
    plain = Pipeline.model_validate({"kind": "pipeline", "name": "measured", "steps": [{"step": "measure"}]})
    alone = by_hand(credit=lambda frame: replace(credit(frame), pipeline=plain))
    alone.arrivals.take(alone.room.shoot(1))
    alone.passes()
    alone.works()
    assert (alone.passes(), alone.stand()) == ([], [(State.GRADED, False)])
    hand = by_hand()
    hand.arrivals.take(hand.room.shoot(2, AIRMASS=3.0))
    hand.passes()
    hand.works()
    assert (hand.passes(), hand.stand()) == ([], [(State.GRADED, False)] * 2)


def test_a_live_stack_that_fails_is_told_once_and_holds_up_none(by_hand):
    def add_live(order):
        raise OSError(28, "No space left on device")

    hand = by_hand()
    object.__setattr__(hand.room.crew, "add_live", add_live)
    for number in (1, 2):
        hand.arrivals.take(hand.room.shoot(number, FILTER=""))
    hand.passes()
    hand.works()
    assert hand.passes() == ["LiveOrder"]
    assert hand.asked[0][1].stack.name == "m31_live.fits"
    hand.works()
    assert hand.passes() == ["LiveOrder"]
    assert hand.stand() == [(State.GRADED, False), (State.GRADED, True)]
    (told,) = hand.room.heard("live-stack-failed")
    assert (told["filter"], "No space left" in told["reason"]) == ("", True)


def test_a_stack_is_of_a_train_a_picture_and_a_filter(by_hand):
    hand = by_hand()
    hand.arrivals.take(hand.room.shoot())
    (frame,) = hand.room.store.frames()
    assert StackKey.of(frame) == ("main", "m31", "L")
    assert StackKey.of(replace(frame, train=None, filter=None)) == ("", "m31", "")
