import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.clouds.folders import labelled, nights_of
from obsy.errors import UserError
from tests.support.skies import encoded, put, sky


def test_images_are_measured_by_class_and_night(tmp_path):
    put(tmp_path / "clear" / "eye_20260301_234500.jpg")
    put(tmp_path / "overcast" / "2026" / "image-20260302030000.jpg", "overcast")
    found = labelled(tmp_path, UTC)
    assert [(each.sky, each.night) for each in found.samples] == [("clear", "2026-03-01"), ("overcast", "2026-03-01")]
    assert found.left_out == {}


def test_an_image_without_a_time_in_its_name_is_of_the_night_of_its_header_or_its_date(tmp_path):
    old = put(tmp_path / "clear" / "old.jpg")
    os.utime(old, (0, datetime(2026, 3, 5, 1, tzinfo=UTC).timestamp()))
    told = tmp_path / "clear" / "told.jpg"
    told.write_bytes(encoded(sky(), exposed_at=datetime(2026, 3, 7, 20)))
    assert [each.night for each in labelled(tmp_path, UTC).samples] == ["2026-03-04", "2026-03-07"]


@pytest.mark.parametrize(("longitude", "night"), [(-155.5, "2026-03-01"), (0, "2026-03-01"), (140, "2026-03-02")])
def test_a_night_goes_from_noon_to_noon_where_the_camera_stands(longitude, night):
    assert nights_of([datetime(2026, 3, 2, 6, tzinfo=UTC)], longitude) == [night]


@given(st.integers(0, 23 * 60 + 59), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 11 * 60)), min_size=1))
def test_images_of_one_night_are_never_parted_and_those_of_two_never_joined(dusk, taken):
    """Nights of eleven hours, wherever on Earth: one is cut by no clock's midnight or noon."""
    evening = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=dusk)
    found = nights_of([evening + timedelta(days=night, minutes=minute) for night, minute in taken])
    of_each = {(night, name) for name, (night, _) in zip(found, taken, strict=True)}
    assert len(of_each) == len({night for night, _ in taken}) == len(set(found))


def test_of_images_at_all_hours_it_must_be_said_where_the_camera_stands():
    always = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(2, 24, 3)]
    with pytest.raises(UserError, match="--longitude"):
        nights_of(always)
    assert len(set(nights_of(always, -155.5))) == 2


def test_what_cannot_be_learned_from_is_left_out_with_its_reason(tmp_path):
    put(tmp_path / "unusable" / "a_20260301_234500.jpg", "black")
    (tmp_path / "clear").mkdir()
    (tmp_path / "clear" / "cut_20260301_234500.jpg").write_bytes(encoded(sky())[:3000])
    (tmp_path / "clear" / "page_20260301_234500.jpg").write_bytes(b"<html>")
    (tmp_path / "clear" / "lost_20260301_234500.jpg").symlink_to("nowhere")
    put(tmp_path / "clear" / "thumbnails" / "b_20260301_234500.jpg")
    (tmp_path / "clear" / "notes.txt").write_text("nothing")
    found = labelled(tmp_path, UTC)
    assert found.samples == ()
    assert [Path(name).name[:4] for name in found.left_out] == ["cut_", "lost", "page", "a_20"]
    assert "black" in list(found.left_out.values())[-1]


@pytest.mark.parametrize(("name", "said"), [("cloudy", "the classes are"), ("partley", "did you mean 'partly'")])
def test_a_folder_of_no_class_is_named(tmp_path, name, said):
    (tmp_path / name).mkdir()
    with pytest.raises(UserError, match=said):
        labelled(tmp_path, UTC)


def test_nothing_to_learn_from_is_told_and_what_nobody_looked_at_is_nothing(tmp_path):
    put(tmp_path / "to-check" / "clear" / "a_20260301_234500.jpg")
    with pytest.raises(UserError, match="obsy clouds label"):
        labelled(tmp_path, UTC)
