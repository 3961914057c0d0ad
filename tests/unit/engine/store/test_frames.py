"""Frames in the store: once each, with the newest grade."""

import threading
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.store.frames import Grade, credit, frame, frames, grade, newest_from, register
from obsy.engine.store.open import leave_store
from tests.support.effort import examples


def test_a_frame_comes_back_as_it_went_in(light):
    register(light())
    assert frame(light().sha256) == light()


def test_a_frame_is_registered_once_and_keeps_its_grade(light):
    assert register(light())
    grade(light().sha256, Grade(accepted=True))
    assert not register(light())
    assert frames() == (replace(light(), accepted=True),)


def test_a_grade_says_all_that_was_measured(light):
    register(light())
    verdict = Grade(
        accepted=False,
        reason="fwhm: 8.2 arcsec, above 6",
        measures={"fwhm_arcsec": 8.2},
        aligned="products/a.fits",
        missing=("no flat of L",),
    )
    grade(light().sha256, verdict)
    kept = frames()[0]
    assert (kept.accepted, kept.reason, kept.measures) == (False, "fwhm: 8.2 arcsec, above 6", {"fwhm_arcsec": 8.2})
    assert (kept.aligned, kept.missing) == ("products/a.fits", ("no flat of L",))


def test_a_later_grade_takes_the_place_of_an_earlier(light):
    register(light())
    grade(light().sha256, Grade(accepted=False, reason="no-master", missing=("dark",)))
    grade(light().sha256, Grade(accepted=True))
    assert (frames()[0].accepted, frames()[0].reason, frames()[0].missing) == (True, "", ())


def test_frames_are_found_by_night_and_by_what_they_are(light):
    register(light(1))
    register(light(2, filter=None, kind="dark"))
    register(light(3, night=date(2026, 11, 22)))
    assert [kept.source for kept in frames(date(2026, 11, 21))] == ["1.fits", "2.fits"]
    assert [kept.source for kept in frames(kind="dark", filter=None)] == ["2.fits"]


def test_a_name_finds_its_newest_frame(light):
    register(light(1, source="same.fits"))
    register(light(2, source="same.fits"))
    assert newest_from("same.fits") == light(2, source="same.fits")
    assert newest_from("other.fits") is None


def test_a_frame_may_be_credited_later(light):
    register(light(plan=None, goal=None))
    credit(light().sha256, "m31", "L-180s")
    assert (frames()[0].plan, frames()[0].goal) == ("m31", "L-180s")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(30))
@given(st.lists(st.integers(1, 20), max_size=40))
def test_however_often_frames_are_registered_each_is_there_once(light, numbers):
    for number in numbers:
        register(light(number))
    found = [kept.sha256 for kept in frames()]
    assert len(found) == len(set(found))
    assert {light(number).sha256 for number in numbers} <= set(found)


def test_many_threads_register_each_frame_once(light):
    won = []

    def one() -> None:
        won.extend(number for number in range(20) if register(light(number)))
        leave_store()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(20))
