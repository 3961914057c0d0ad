"""The store: a handle that is passed, each thing in it once, and every question answered with plain values."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.frames.copy import Seen
from obsy.engine.progress import trains
from obsy.engine.store.record import Arrival, Product, State
from obsy.engine.store.store import Store, as_said
from obsy.errors import UserError
from obsy.schemas.proof import Proof

BATCHES = count()
SEEN = Seen(9000, 1_700_000_000_000_000_000, 42)


def graded(frame, accepted, **changes):
    return replace(frame, accepted=accepted, state=State.GRADED, pending=False, **changes)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    plain = sqlite3.connect(path)
    found = plain.execute(query).fetchall()
    plain.close()
    return found


# The handle


def test_two_stores_may_be_open_in_one_process(tmp_path, light):
    with Store(tmp_path / "one" / "store.sqlite") as one, Store(tmp_path / "two" / "store.sqlite") as two:
        one.register(light(1))
        two.register(light(2))
        assert [frame.source for frame in one.frames()] == ["1.fits"]
        assert [frame.source for frame in two.frames()] == ["2.fits"]
        one.register(light(3))
        assert len(two.frames()) == 1


def test_two_handles_on_one_file_see_the_same(tmp_path, store, light):
    store.register(light())
    with Store(tmp_path / "store.sqlite") as again:
        assert again.frames() == store.frames() == (light(),)


def test_of_several_who_make_it_at_once_none_takes_it_for_damaged(tmp_path):
    """Each made the first table, and the later ones were told to rebuild what was being made."""
    together, opened = threading.Barrier(4), []

    def begin():
        together.wait()
        with Store(tmp_path / "new" / "store.sqlite") as store:
            opened.append(store.frames())

    threads = [threading.Thread(target=begin) for _ in range(together.parties)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert opened == [()] * together.parties


def test_a_store_whose_first_table_cannot_be_made_now_is_not_called_damaged(tmp_path, monkeypatch):
    def full(recorder, model):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.db.backends.base.schema.BaseDatabaseSchemaEditor.create_model", full)
    with pytest.raises(UserError, match="cannot be opened: .*disk is full"):
        Store(tmp_path / "store.sqlite")


def test_a_moved_folder_still_knows_its_files(tmp_path, light):
    with Store(tmp_path / "here" / "store.sqlite") as store:
        store.register(light(path=tmp_path / "here" / "archive" / "a.fits"))
    (tmp_path / "here").rename(tmp_path / "there")
    with Store(tmp_path / "there" / "store.sqlite") as store:
        assert store.frames()[0].path == tmp_path / "there" / "archive" / "a.fits"


def test_the_store_survives_power_cuts(store):
    with connections[store._alias].cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_store_of_another_version_is_refused_with_its_cure(tmp_path):
    with Store(tmp_path / "store.sqlite"):
        pass
    plain = sqlite3.connect(tmp_path / "store.sqlite")
    plain.execute("UPDATE django_migrations SET name = '0001_first' WHERE app = 'obsy_store'")
    plain.commit()
    plain.close()
    with pytest.raises(UserError, match="another version of obsy: run 'obsy rebuild'"):
        Store(tmp_path / "store.sqlite")


def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", "obsy_store", check=True, dry_run=True, verbosity=0)


def test_the_tables_are_named_after_what_is_in_them(tmp_path, store):
    names = {name for (name,) in rows(tmp_path / "store.sqlite", "SELECT name FROM sqlite_master WHERE type='table'")}
    assert {"obsy_arrival", "obsy_frame", "obsy_product"} <= names


def test_the_store_may_be_asked_from_an_event_loop(store, light):
    async def ask() -> bool:
        try:
            return store.register(light())
        finally:
            store.leave()  # a task, like a thread, has a connection of its own

    assert asyncio.run(ask())


def test_a_store_that_was_asked_from_an_event_loop_leaves_nothing_open(tmp_path, light):
    async def ask() -> bool:
        return await asyncio.create_task(later())

    async def later() -> bool:
        return store.register(light())

    with Store(tmp_path / "alone" / "store.sqlite") as store:
        assert asyncio.run(ask())
    assert [path.name for path in (tmp_path / "alone").iterdir()] == ["store.sqlite"]


@pytest.mark.once
def test_only_the_store_imports_django(root):
    found = subprocess.run(
        ["grep", "-rlE", r"^\s*(import|from) django", "--include=*.py", str(root / "obsy")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert all("/engine/store/" in path or "/hub/" in path for path in found)


def test_no_word_of_the_database_comes_through_the_door():
    public = {name for name in vars(Store) if not name.startswith("_")}
    assert not public & {"objects", "filter", "using", "save", "update", "create", "query", "alias", "raw"}
    returned = {
        word for name in public for word in str(getattr(Store, name).__annotations__.get("return", "")).split(".")
    }
    assert not any("Row" in word or "QuerySet" in word for word in returned)


@pytest.mark.long
def test_the_archive_can_be_used_without_django():
    code = "import obsy.engine.frames.ingest, sys; raise SystemExit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Arrivals


def test_a_delivered_file_is_noted_once(store):
    arrival = Arrival(store.folder / "incoming" / "a.fits", SEEN)
    assert store.note(arrival) == arrival
    store.move(done := replace(arrival, state=State.ARCHIVED, sha256="1" * 64))
    assert store.note(arrival) == done
    assert (store.arrivals(), store.open_arrivals()) == ((done,), ())


def test_another_file_of_the_same_name_is_another_arrival(store):
    first = Arrival(store.folder / "incoming" / "a.fits", SEEN, State.ARCHIVED, sha256="1" * 64)
    second = replace(first, seen=replace(SEEN, inode=43), state=State.QUARANTINED, reason="truncated", sha256=None)
    store.note(first)
    store.note(second)
    assert store.newest_arrival(Path("elsewhere/a.fits")) == second
    assert store.arrivals("1" * 64) == (first,)
    assert store.newest_arrival(Path("b.fits")) is None


def test_what_went_away_before_it_was_taken_is_forgotten(store):
    arrival = Arrival(store.folder / "incoming" / "a.fits", SEEN)
    store.note(arrival)
    assert store.open_arrivals() == (arrival,)
    store.forget(arrival)
    assert store.open_arrivals() == ()


def test_a_file_and_its_frame_are_written_together(store, light):
    arrival = Arrival(store.folder / "incoming" / "a.fits", SEEN, State.ARCHIVED, sha256=light().sha256)
    assert store.archive(arrival, light())
    assert not store.archive(replace(arrival, seen=replace(SEEN, inode=43)), light())
    assert len(store.arrivals(light().sha256)) == 2


# Frames


def test_a_frame_comes_back_as_it_went_in(store, light):
    store.register(light())
    assert store.frame(light().sha256) == light()


def test_what_a_header_does_not_say_stays_unsaid(store, light):
    bare = light(
        gain=None, offset=None, binning=None, temperature_c=None, camera=None, telescope=None, filter=None, plan=None
    )
    store.register(bare)
    assert store.frames() == (bare,)


def test_a_frame_is_registered_once_and_keeps_its_grade(store, light):
    assert store.register(light())
    store.put(graded(light(), True))
    assert not store.register(light())
    assert store.frames() == (graded(light(), True),)


def test_a_frame_is_written_with_its_products_or_not_at_all(store, light):
    good, broken = product(light(), "calibrated"), replace(product(light(), "aligned"), night=None)
    with pytest.raises(Exception, match="NOT NULL"):
        store.put(graded(light(), True), [good, broken])
    assert (store.frames(), store.products()) == ((), ())


def test_frames_are_found_by_night_kind_and_verdict(store, light):
    store.register(light(1))
    store.register(light(2, filter=None, kind="dark"))
    store.register(light(3, night=date(2026, 11, 22)))
    store.put(graded(light(4), False))
    assert [kept.source for kept in store.frames(date(2026, 11, 21))] == ["1.fits", "2.fits", "4.fits"]
    assert [kept.source for kept in store.frames(kind="dark")] == ["2.fits"]
    assert [kept.source for kept in store.frames(accepted=False)] == ["4.fits"]


def test_only_frames_with_something_left_to_do_are_open(store, light):
    store.register(light(2))
    store.register(light(1))
    store.put(graded(light(3), True))
    store.put(replace(light(4), pending=False, reason="no-plan"))
    assert [frame.source for frame in store.open_frames()] == ["1.fits", "2.fits"]
    store.reopen_unjudged()
    assert [frame.source for frame in store.open_frames()] == ["1.fits", "2.fits", "4.fits"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 20), max_size=40))
def test_however_often_frames_are_registered_each_is_there_once(store, light, numbers):
    for number in numbers:
        store.register(light(number))
    found = [kept.sha256 for kept in store.frames()]
    assert len(found) == len(set(found))
    assert {light(number).sha256 for number in numbers} <= set(found)


def test_many_threads_register_each_frame_once(store, light):
    won = []

    def one() -> None:
        won.extend(number for number in range(20) if store.register(light(number)))
        store.leave()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(20))


# What is done


def test_nothing_is_done_at_first(store):
    assert store.done() == {}


def test_frames_count_under_the_name_that_their_goal_has_now(store, light):
    for number, goal in enumerate(("L-180s", "L-120s", "Ha-300s", "L-180s"), 1):
        frame = light(number, plan="m31", goal=goal)
        store.register(graded(frame, True))
    done = store.done(lambda each: as_said(each) if each.goal == "Ha-300s" else ("andromeda", "deep"))
    assert {goal: each.accepted for goal, each in done.items()} == {("andromeda", "deep"): 3, ("m31", "Ha-300s"): 1}
    assert list(done["andromeda", "deep"].accepted_at) == sorted(done["andromeda", "deep"].accepted_at)


def test_a_light_that_nothing_claims_counts_for_nothing(store, light):
    for number, train in enumerate(("newton", "quad"), 1):
        store.register(graded(light(number, train=train), True))
    done = store.done(lambda each: as_said(each) if each.train == "newton" else None)["m31", "L-180s"]
    assert (done.accepted, done.trains, done.newest) == (1, {"newton": 1}, (light(1).taken_at, "newton"))


def test_a_plan_belongs_to_the_train_of_its_newest_frame_of_any_goal_and_verdict(store, light):
    for number, changes in enumerate(({"train": "newton"}, {"train": "quad", "goal": "R-180s"}, {"train": None}), 1):
        store.put(graded(light(number, **changes), False))
    assert trains(store.done()) == {"m31": "quad"}


def test_lights_that_show_the_same_are_claimed_once_however_they_were_dithered(store, light):
    places = [10.6821, 10.6843, 10.7853]
    for number, ra_deg in enumerate(places, 1):
        store.put(graded(light(number, ra_deg=ra_deg), True))
    claimed = []
    done = store.done(lambda each: claimed.append(each.ra_deg) or as_said(each))
    assert (claimed, done["m31", "L-180s"].accepted) == ([10.68, 10.79], 3)


def test_only_accepted_time_counts(store, light):
    for number, accepted in enumerate((True, False, None, True), 1):
        store.put(replace(light(number), accepted=accepted))
    of = store.done()["m31", "L-180s"]
    assert (of.frames, of.accepted, of.rejected, of.done_s) == (4, 2, 1, 360.0)
    assert of.accepted_at == (light(1).taken_at, light(4).taken_at)
    assert of.rejected_at == (light(2).taken_at,)


def test_goals_are_told_apart_and_frames_without_a_plan_count_for_none(store, light):
    for number, changes in enumerate(({}, {"goal": "R-180s"}, {"plan": "m33"}, {"plan": None, "goal": None}), 1):
        store.put(graded(light(number, **changes), True))
    assert set(store.done()) == {("m31", "L-180s"), ("m31", "R-180s"), ("m33", "L-180s")}


def test_a_frame_rejected_later_lowers_what_is_done(store, light):
    store.put(graded(light(), True))
    store.put(graded(light(), False))
    of = store.done()["m31", "L-180s"]
    assert (of.done_s, of.accepted_at) == (0.0, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=30))
def test_the_counts_are_those_of_the_verdicts(store, light, verdicts):
    plan = f"plan-{(batch := next(BATCHES))}"
    for number, accepted in enumerate(verdicts):
        store.put(replace(light(number + 100 * batch, plan=plan), accepted=accepted))
    of = store.done()[plan, "L-180s"]
    assert (of.frames, of.accepted, of.rejected) == (len(verdicts), verdicts.count(True), verdicts.count(False))
    assert of.done_s == 180.0 * verdicts.count(True)


# Products


def product(light, kind="calibrated", **changes):
    frame, place = light, light.path.with_name(f"{light.path.stem}_{kind}.fits")
    parents = (frame.sha256, "d" * 64)
    made = Product(kind, place, "a" * 64, frame.night, frame.site, frame.train, frame.sha256, parents)
    return replace(made, **changes)


def test_a_product_comes_back_as_it_went_in(store, light):
    made = product(light(), recipe={"pipeline": "deep-sky", "reject": 3.0}, about={"frames": 3, "filter": None})
    store.put_product(made)
    assert store.products() == (made,)


def test_a_product_made_again_takes_the_place_of_the_older(store, light):
    store.put_product(product(light()))
    store.put_product(newer := product(light(), sha256="b" * 64))
    assert store.products() == (newer,)


def test_a_product_that_is_stale_is_forgotten_with_the_change_that_made_it_so(store, light):
    frame, older, kept = light(), product(light()), product(light(), kind="aligned")
    store.put(frame, [older, kept])
    store.put(frame, [kept], stale=[older])
    assert store.products() == (kept,)


def test_a_new_kind_of_product_needs_no_new_column(store, light):
    curve = product(light(), "light-curve", frame=None, about={"target": "HAT-P-32", "points": 212})
    store.put_product(curve)
    store.put_product(product(light()))
    assert store.products("light-curve") == (curve,)
    assert store.products_of(light().sha256) == (product(light()),)


@pytest.mark.parametrize("name", ["picture", "object"])
def test_a_stack_says_what_its_picture_is_called_also_in_a_store_of_an_earlier_version(store, light, name):
    store.put(light())
    store.put_product(product(light(), "stack", about={name: "m31_2-1"}))
    assert [each.picture for each in store.products("stack")] == ["m31_2-1"]


def test_frames_of_a_colour_camera_count_and_prove_no_signal_to_noise(store, light):
    shown = {"target_adu": 30.0, "target_error_adu": 1.0}
    for number, train in enumerate(("newton", "colour", "colour")):
        store.put(replace(light(number), train=train, accepted=True, measures=shown))
    ((goal, found),) = store.done(
        proofs=dict.fromkeys(store.done(), Proof.model_validate({"snr": 100})), colour={"colour"}
    ).items()
    assert (found.accepted, found.signal.frames, found.signal.coloured) == (3, 1, 2), goal
    assert found.signal.to_noise == pytest.approx((30.0**2 - 1) ** 0.5)


def test_products_nights_and_frames_are_found_by_night_and_plan(store, light):
    frames = [replace(light(), sha256=str(n) * 64, night=date(2026, 8, n), plan=plan) for n, plan in NIGHTS.items()]
    made = [replace(product(each, "stars", path=store.folder / each.sha256), frame=each.sha256) for each in frames[:2]]
    for frame, products in zip(frames, [*([each] for each in made), []], strict=True):
        store.put(frame, products)
    assert store.products("stars", made[1].night) == (made[1],)
    assert store.frames(plan="m33") == (frames[1],)
    assert store.nights_of("light", plan="m31") == (frames[0].night, frames[2].night) and store.nights_of("arc") == ()
    newest = [store.newest_of("stars", plan) for plan in ("m31", "m33", "m42")]
    assert newest == [frames[0].night, frames[1].night, None]


NIGHTS = {1: "m31", 2: "m33", 3: "m31"}
