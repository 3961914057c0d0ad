from datetime import UTC

from obsy.engine.clouds.folders import images
from obsy.engine.clouds.model import SHIPPED
from obsy.engine.clouds.proposals import Proposed, laid_out, proposed
from tests.support.skies import put


def test_images_near_in_time_are_proposed_once(tmp_path):
    for minute in (0, 5, 11, 15, 30):
        put(tmp_path / "in" / f"eye_20260301_22{minute:02d}00.jpg")
    found = proposed(tmp_path / "in", UTC, SHIPPED)
    assert [each.path.stem[-6:] for each in found] == ["220000", "221100", "223000"]
    assert {each.night for each in found} == {"2026-03-01"}


def test_the_least_sure_of_every_night_are_laid_out_once(tmp_path):
    found = [
        Proposed(put(tmp_path / "in" / f"{night}-{sure}.jpg"), f"2026-01-0{night}", "partly", sure / 10)
        for night in (1, 2)
        for sure in (9, 5, 7)
    ]
    into = tmp_path / "labels"
    assert [copy.name for copy in laid_out(found, into, 3)] == ["1-5.jpg", "2-5.jpg", "1-7.jpg"]
    (into / "to-check" / "partly" / "1-5.jpg").rename(into / "1-5.jpg")  # somebody looked
    assert [copy.name for copy in laid_out(found, into, 9)] == ["2-7.jpg", "1-9.jpg", "2-9.jpg"]
    assert len(list(images(into))) == 6
    assert all(each.path.exists() for each in found)
