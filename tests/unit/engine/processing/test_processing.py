"""Processing, with hands that answer at once: every file is answered for, graded once and never lost."""

import json
import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from obsy.engine.frames.copy import STAGING
from obsy.engine.identity import Identity
from obsy.engine.library.master import CalibrationSet
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.limited import LimitedWorker
from obsy.engine.processing.processing import Outcome
from obsy.engine.processing.rules import Credit
from obsy.engine.store.store import StoreError
from obsy.errors import ArchiveError, FrameError, ObsyError
from obsy.schemas.policy import Retention
from tests.support.bench import LEVELS, NIGHT, SOON_S, DeadWorkers, credit
from tests.support.waiting import wait_until


def test_a_light_is_archived_graded_and_credited(room):
    path = room.shoot()
    (outcome,) = room.take(path)
    assert outcome == Outcome(True, "", {"fwhm_arcsec": 2.5, "stars": 120.0})
    assert room.store.done()["m31", "L-180s"].done_s == 180.0
    assert not path.exists()
    assert (room.store.frames()[0].path).exists()


def test_a_rejected_light_says_why_and_does_not_count(room):
    (outcome,) = room.take(room.shoot(AIRMASS=3.0))
    assert (outcome.accepted, outcome.reason) == (False, "fwhm: 8.2 arcsec, above 6")
    assert (room.store.done()["m31", "L-180s"].done_s, room.store.done()["m31", "L-180s"].rejected) == (0.0, 1)


def test_an_outcome_may_be_asked_before_the_file_is_seen(room):
    path = room.shoot()
    answer = room.processing.outcome(path)
    time.sleep(0.3)
    room.processing.found(path)
    assert answer.result(SOON_S).accepted


def test_a_file_that_never_comes_is_answered_for(room):
    assert room.processing.outcome(room.root / "incoming" / "never.fits").result(SOON_S).reason == "no-file"


def test_the_source_stays_if_that_is_declared(open_room):
    room = open_room(retention=Retention(incoming="keep", reserve="0 %"))
    path = room.shoot()
    room.take(path)
    assert path.exists()


def test_a_frame_is_known_by_its_filters_role_whatever_the_driver_calls_it(open_room):
    room = open_room()
    room.take(room.shoot(FILTER="Luminance"))
    assert set(room.store.done()) == {("m31", "L-180s")}


def test_a_file_that_is_there_but_not_finished_is_waited_for(open_room):
    room = open_room(patience_s=0.1)
    path = room.shoot()
    answer = room.processing.outcome(path)
    time.sleep(0.6)
    assert not answer.done()
    room.processing.found(path)
    assert answer.result(SOON_S).accepted


def test_a_light_of_no_plan_is_kept(room):
    (outcome,) = room.take(room.shoot(OBJECT="unknown"))
    assert (outcome.accepted, outcome.reason) == (False, "no-plan")
    assert (room.store.frames()[0].plan, room.store.frames()[0].accepted) == (None, None)
    assert room.hands.lights == []


@pytest.mark.parametrize(("keep", "code"), [(0, "truncated"), (2000, "truncated"), (5759, "truncated")])
def test_a_truncated_light_is_put_aside(room, keep, code):
    path = room.shoot()
    path.write_bytes(path.read_bytes()[:keep])
    (outcome,) = room.take(path)
    assert (outcome.accepted, outcome.reason) == (False, code)
    assert any(place.name.endswith(".reason.txt") for place in room.crew.data_root.quarantine.iterdir())
    assert room.store.frames() == ()


def test_a_file_that_is_no_fits_file_is_put_aside(room):
    path = room.root / "incoming" / "notes.txt"
    path.parent.mkdir()
    path.write_text("clean the mirror")
    assert room.take(path)[0].reason == "not-fits"
    assert room.heard("frame-quarantined")[0]["code"] == "not-fits"


def test_the_same_bytes_under_two_names_are_one_frame(room):
    first = room.shoot()
    second = first.with_name("copy.fits")
    second.write_bytes(first.read_bytes())
    assert [outcome.accepted for outcome in room.take(first, second)] == [True, True]
    assert (len(room.store.frames()), len(room.hands.lights)) == (1, 1)


def test_a_full_archive_keeps_the_file_and_takes_it_when_there_is_room(open_room):
    room = open_room(retention=Retention(reserve="100 %"))
    path = room.shoot()
    room.processing.found(path)
    with pytest.raises(ArchiveError, match="reserve"):
        room.processing.outcome(path).result(SOON_S)
    assert path.exists()
    assert len(room.heard("archive-refused")) == 1
    room.processing.close()  # else it offers the file again beside the next one
    later = open_room()
    assert later.take(path)[0].accepted
    assert later.heard("archive-refused") == []
    assert [each["frame"] for each in later.heard("archive-took")] == [path.name]


def test_what_a_killed_process_was_copying_is_removed_before_anything_is_taken(open_room):
    room = open_room(start=False)
    folders = [folder / STAGING for folder in (room.crew.data_root.archive, room.crew.data_root.quarantine)]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "half.fits").write_bytes(b"SIMPLE")
    room.processing.start()
    room.processing.settled().result(SOON_S)
    assert [each for folder in folders for each in folder.iterdir()] == []


def test_a_file_that_a_killed_process_had_noted_is_taken_though_nobody_finds_it_again(open_room):
    first = open_room(start=False, retention=Retention(reserve="100 %"))
    Arrivals(first.crew).take(path := first.shoot())
    assert first.store.frames() == ()
    room = open_room()
    room.processing.settled().result(SOON_S)
    assert len(room.store.frames()) == 1 and not path.exists()


def test_a_store_that_refuses_for_a_while_loses_no_question_and_that_is_told_once(open_room, monkeypatch):
    room, refusals = open_room(patience_s=SOON_S), 3
    newest = room.store.newest_arrival

    def refuse(path):
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise StoreError("database or disk is full")
        return newest(path)

    path = room.shoot()
    monkeypatch.setattr(room.store, "newest_arrival", refuse)
    answer = room.processing.outcome(path)
    wait_until(lambda: refusals < 0)
    room.processing.found(path)
    assert answer.result(SOON_S).accepted
    room.processing.settled().result(SOON_S)
    assert [each["frame"] for each in room.heard("archive-refused")] == [None]
    assert [each["frame"] for each in room.heard("archive-took")] == [None]


def test_a_master_that_cannot_be_made_ends_no_other_question(open_room):
    room = open_room(patience_s=0.1)
    path = room.shoot()
    answer = room.processing.outcome(path)
    with pytest.raises(FrameError):
        room.processing.build(CalibrationSet("main", "bias", 0.0, None, 3), NIGHT).result(SOON_S)
    assert not answer.done()
    room.processing.found(path)
    assert answer.result(SOON_S).accepted


def test_a_refused_file_is_offered_again(open_room):
    room = open_room(patience_s=SOON_S)
    path = room.shoot()
    (room.root / "archive").touch()  # permissions do not bind root
    answer = room.processing.outcome(path)
    room.processing.found(path)
    wait_until(lambda: room.heard("archive-refused"))
    assert not answer.done()
    (room.root / "archive").unlink()
    assert answer.result(SOON_S).accepted
    assert [each["frame"] for each in room.heard("archive-took")] == [path.name]


@pytest.mark.parametrize(
    ("kind", "level", "reason"),
    [
        ("Bias", 500, ""),
        ("Dark", 40000, "too-bright"),
        ("Flat", 30000, ""),
        ("Flat", 55000, "too-bright"),
        ("Flat", 3000, "too-dark"),
    ],
)
def test_calibration_frames_are_looked_at(room, monkeypatch, kind, level, reason):
    monkeypatch.setitem(LEVELS, kind, level)
    (outcome,) = room.take(room.shoot(kind=kind))
    assert outcome.accepted == (reason == "")
    assert outcome.reason.startswith(reason)
    assert outcome.measures["level_adu"] == pytest.approx(level, abs=2)


def test_a_calibration_frame_of_another_size_is_rejected(open_room, rules):
    larger = replace(rules.trains["main"], shape=(64, 64))
    (outcome,) = (room := open_room(trains={"main": larger})).take(room.shoot(kind="Bias"))
    assert outcome.reason == "shape: 40 x 32 px, not 64 x 64"


def test_a_master_is_built_from_the_accepted_frames_and_registered(room, monkeypatch):
    room.take(*(room.shoot(number, "Bias", EXPTIME=0.0) for number in range(4)))
    monkeypatch.setitem(LEVELS, "Bias", 40000)
    room.take(room.shoot(9, "Bias", EXPTIME=0.0))
    master = room.processing.build(CalibrationSet("main", "bias", 0.0, None, 5), NIGHT).result(SOON_S)
    assert (master.kind, master.frames, master.camera, master.temperature_c) == ("bias", 4, "cam", -10.0)
    assert master.path.exists()
    (kept,) = room.store.products("master")
    assert kept.parents == tuple(frame.sha256 for frame in room.store.frames(kind="bias", accepted=True))


def test_a_dark_remembers_the_bias_it_was_freed_of(room):
    room.master("Bias", 0.0)
    room.master("Dark", 180.0)
    bias, dark = sorted(room.store.products("master"), key=lambda master: master.about["kind"])
    members = {kind: tuple(frame.sha256 for frame in room.store.frames(kind=kind)) for kind in ("bias", "dark")}
    assert (bias.parents, dark.parents) == (members["bias"], (*members["dark"], bias.sha256))


def test_too_few_frames_build_no_master(room):
    room.take(room.shoot(1, "Bias"))
    with pytest.raises(FrameError, match="1 good bias 0 s frames of 2026-11-21; a master needs 3"):
        room.processing.build(CalibrationSet("main", "bias", 0.0, None, 3), NIGHT).result(SOON_S)


def test_a_master_waits_for_frames_that_were_promised(open_room):
    room = open_room(patience_s=SOON_S)
    room.take(*(room.shoot(number, "Bias") for number in range(3)))
    late = room.shoot(7, "Bias")
    promised = room.processing.outcome(late)
    building = room.processing.build(CalibrationSet("main", "bias", 0.0, None, 4), NIGHT)
    time.sleep(0.2)
    room.processing.found(late)
    assert promised.result(SOON_S).accepted
    assert building.result(SOON_S).frames == 4


def test_lights_are_given_the_masters_that_fit(room):
    for kind, exposure_s, role in (("Bias", 0.0, None), ("Dark", 180.0, None), ("Flat", 2.0, "L")):
        room.master(kind, exposure_s, role)
    room.take(room.shoot(30))
    given = room.hands.lights[-1].masters
    assert given.bias and given.dark and given.flat
    assert given.missing == ()


@pytest.mark.long
def test_lights_without_their_masters_are_reduced_again_at_the_end(room):
    room.take(room.shoot(30))
    assert len(room.store.frames(kind="light")[0].missing) == 3
    for kind, exposure_s, role in (("Bias", 0.0, None), ("Dark", 180.0, None), ("Flat", 2.0, "L")):
        room.master(kind, exposure_s, role)
    room.processing.finish(NIGHT).result(SOON_S)
    assert len(room.hands.lights) == 2
    assert room.store.frames(kind="light")[0].missing == ()


def test_a_light_that_no_longer_shows_what_its_goal_points_at_is_in_no_stack(open_room):
    room = open_room(shown=lambda frame: frame.ra_deg != 23.5)
    room.take(room.shoot(1), room.shoot(2, RA=23.5, DEC=30.7))
    (stack,) = room.processing.finish(NIGHT).result(SOON_S)
    assert stack.about["frames"] == 1


def test_the_night_ends_in_stacks_of_all_nights(room):
    room.take(*(room.shoot(number) for number in range(3)), room.shoot(3, AIRMASS=3.0))
    room.take(room.shoot(500, FILTER="R"))
    (first,) = room.processing.finish(NIGHT).result(SOON_S)
    assert first.about == {"picture": "m31", "filter": "L", "frames": 3, "exposure_s": 540.0}
    later = NIGHT + timedelta(days=1)
    room.take(room.shoot(480))
    both = room.processing.finish(later).result(SOON_S)
    assert [(stack.about["filter"], stack.about["frames"]) for stack in both] == [("L", 4), ("R", 1)]
    assert {stack.about["filter"]: stack.about["frames"] for stack in room.store.products("stack")} == {"L": 4, "R": 1}


def test_a_finished_night_is_not_combined_twice(room):
    room.take(room.shoot())
    first = room.processing.finish(NIGHT).result(SOON_S)
    assert room.processing.finish(NIGHT).result(SOON_S) == first
    assert len(room.hands.stacked) == 1


def test_frames_join_the_live_stack_in_the_order_they_came(room):
    slow = threading.Event()
    room.hands.spoil = lambda order: None if slow.is_set() else (slow.set(), time.sleep(0.5))[0]
    paths = [room.shoot(number) for number in range(4)]
    room.take(*paths)
    room.processing.finish(NIGHT).result(SOON_S)
    assert room.hands.lives == [frame.sha256 for frame in room.store.frames(kind="light")]


def test_a_rejected_frame_holds_up_no_live_stack(room):
    room.take(room.shoot(1, AIRMASS=3.0), room.shoot(2))
    room.processing.finish(NIGHT).result(SOON_S)
    assert len(room.hands.lives) == 1


def test_a_worker_that_dies_leaves_the_frame_ungraded_and_the_next_process_grades_it(open_room):
    room = open_room(executor=DeadWorkers())
    (outcome,) = room.take(room.shoot())
    assert not outcome.accepted
    assert outcome.reason.startswith("not-reduced: ")
    assert room.store.frames()[0].accepted is None
    room.processing.close()
    again = open_room()
    assert again.processing.outcome(room.root / "incoming" / "Light_001.fits").result(SOON_S).accepted
    assert room.store.frames()[0].accepted is True


PRODUCT = "INSERT INTO obsy_product (path, kind, sha256, night, parents, recipe, about) VALUES "


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE obsy_frame SET state='bogus', pending=1",
        "UPDATE obsy_frame SET kind='bogus', pending=1",
        "UPDATE obsy_frame SET state='stacked', pending=1",
        "UPDATE obsy_frame SET state='arrived', pending=1, accepted=NULL",
        "UPDATE obsy_frame SET taken_at='garbage', state='archived', pending=1",
        "UPDATE obsy_frame SET night='2026-13-45', state='archived', pending=1",
        "UPDATE obsy_frame SET path=path||char(0), state='archived', pending=1",
        f"{PRODUCT} ('masters/m.fits', 'master', 'ab', '2026-11-21', '[]', '{{}}', '{{}}')",
        f"{PRODUCT} ('masters/m.fits', 'master', 'ab', '2026-11-21', '[]', '{{}}', '[]')",
    ],
)
def test_a_row_that_cannot_be_understood_is_left_aside_and_told_of_once_and_the_others_go_on(open_room, damage):
    room = open_room()
    path = room.shoot()
    room.take(path)
    room.processing.close()
    with closing(sqlite3.connect(room.root / "store.sqlite")) as database, database:
        database.execute(damage)
    again = open_room()
    again.processing.settled().result(SOON_S)
    assert again.take(again.shoot(2), again.shoot(3))[1].accepted
    assert [frame.source for frame in again.store.frames() if frame.accepted][-2:] == [
        "Light_002.fits",
        "Light_003.fits",
    ]
    assert len(again.processing.finish(NIGHT).result(SOON_S)) == 1
    (told,) = again.heard("row-left-aside")
    assert "obsy rebuild" in str(told["reason"])
    assert again.store.done()["m31", "L-180s"].tried_at
    if "obsy_frame" in damage:
        outcome = again.processing.outcome(path).result(SOON_S)
        assert not outcome.accepted
        assert outcome.reason.startswith("damaged-row: the store's row of 'archive/")


def test_what_was_graded_before_is_remembered_by_name(open_room):
    room = open_room()
    path = room.shoot()
    room.take(path)
    room.processing.close()
    again = open_room()
    assert again.processing.outcome(path).result(SOON_S).accepted
    assert again.hands.lights == []


def test_a_fault_of_ours_reaches_whoever_waits(open_room):
    def faulty(frame: object) -> Credit | None:
        raise KeyError("a plan that is not there")

    room = open_room(credit=faulty)
    path = room.shoot()
    answer = room.processing.outcome(path)
    room.processing.found(path)
    with pytest.raises(KeyError):
        answer.result(SOON_S)
    assert len(room.store.frames()) == 1


def test_nobody_waits_for_processing_that_is_closed(room):
    path = room.shoot()
    answer = room.processing.outcome(path)
    room.processing.close()
    with pytest.raises(ObsyError, match="closed"):
        answer.result(SOON_S)
    with pytest.raises(ObsyError, match="closed"):
        room.processing.outcome(path.with_name("later.fits")).result(SOON_S)


def test_a_name_used_again_is_another_question(room):
    assert room.take(room.shoot(1))[0].accepted
    os.rename(room.shoot(2, AIRMASS=3.0), room.root / "incoming" / "Light_001.fits")
    room.processing.found(room.root / "incoming" / "Light_001.fits")
    room.processing.finish(NIGHT).result(SOON_S)
    assert not room.processing.outcome(room.root / "incoming" / "Light_001.fits").result(SOON_S).accepted


def test_a_frame_of_no_train_of_ours_is_kept_and_not_judged(room):
    (outcome,) = room.take(room.shoot(TELESCOP="borrowed"))
    (kept,) = room.store.frames()
    assert (kept.train, kept.accepted, kept.reason) == (None, None, "no-train")
    assert outcome == Outcome(False, "no-train")


def test_a_train_without_a_wheel_gives_its_only_role_to_frames_that_name_no_filter(open_room, rules):
    room = open_room(trains={"main": replace(rules.trains["main"], alone="OSC")})
    room.take(room.shoot(FILTER=""), room.shoot(2, "Flat", FILTER=""), room.shoot(3, "Dark", FILTER=""))
    assert {(kept.kind, kept.filter) for kept in room.store.frames()} == {
        ("light", "OSC"),
        ("flat", "OSC"),
        ("dark", None),
    }


def test_what_a_header_does_not_say_a_ticket_may(open_room):
    ticket = Identity(plan="m31", goal="L-180s", block="20261121T193000Z", commit="abc")
    room = open_room(ticket=lambda path: ticket if path.name == "Light_001.fits" else Identity())
    room.take(room.shoot(1), room.shoot(2))
    first, second = room.store.frames()
    assert (first.block, first.commit, first.site, first.train) == ("20261121T193000Z", "abc", "home", "main")
    assert (second.block, second.commit, second.plan) == (None, None, "m31")


def test_a_file_that_trips_obsy_up_is_put_aside_and_the_others_are_taken(open_room):
    def ticket(path):
        if path.name == "Light_001.fits":
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return Identity()

    room = open_room(ticket=ticket)
    poisoned, good = room.take(room.shoot(1), room.shoot(2))
    assert (poisoned, good.accepted) == (Outcome(False, "unreadable"), True)
    assert "OverflowError" in str(room.heard("frame-quarantined")[0]["reason"])


def test_a_file_whose_name_is_not_utf8_is_put_aside_and_the_others_are_taken(room):
    odd = room.root / "incoming" / os.fsdecode(b"m31\xff.fits\xfe")
    room.shoot(1).rename(odd)
    room.processing.found(odd)
    assert room.take(room.shoot(2))[0].accepted
    (told,) = room.heard("frame-quarantined")
    assert (told["frame"], told["code"]) == ("m31\\xff.fits\\xfe", "bad-name")
    assert not odd.exists()
    assert json.dumps(told, ensure_ascii=False).encode()
    with pytest.raises(UnicodeError):
        room.processing.outcome(odd).result(SOON_S)
    assert room.take(room.shoot(3))[0].accepted


def test_a_fault_that_has_passed_is_forgotten(open_room):
    faults = [KeyError("a plan that is not there")]

    def faulty(frame: object) -> Credit | None:
        if faults:
            raise faults.pop()
        return credit(frame)

    room = open_room(credit=faulty)
    path = room.shoot()
    room.processing.found(path)
    wait_until(lambda: not faults)
    assert room.processing.outcome(path).result(SOON_S).accepted


def test_files_of_one_name_in_two_folders_are_two_files(room):
    good, bad = (room.root / "incoming" / folder / "Light_001.fits" for folder in ("a", "b"))
    for path, airmass in ((good, 1.1), (bad, 3.0)):
        path.parent.mkdir(parents=True)
        room.shoot(int(10 * airmass), AIRMASS=airmass).rename(path)
    assert [outcome.accepted for outcome in room.take(good, bad)] == [True, False]
    assert room.processing.outcome(good).result(SOON_S).accepted
    assert not room.processing.outcome(room.root / "incoming" / "Light_001.fits").result(SOON_S).accepted


def test_a_foreign_frame_is_taken_through_a_process_of_its_own_which_does_not_outlive_processing(open_room):
    room = open_room(foreign=(worker := LimitedWorker()))
    path = room.shoot()
    assert worker._process is None
    assert room.take(path)[0].accepted
    (notes := path.with_name("notes.txt")).write_text("clean the mirror")
    assert room.take(notes)[0].reason == "not-fits"
    process = worker._process
    room.processing.close()
    wait_until(lambda: not process.is_alive())
