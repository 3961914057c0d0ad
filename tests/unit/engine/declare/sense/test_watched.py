"""Whoever is to be told of a magnitude is warned where no night could measure it."""

import pytest

from obsy.engine.declare.survey import survey
from tests.support.measured_night import measured_night
from tests.unit.engine.science.star_fields import StarField


@pytest.mark.parametrize(
    ("pipeline", "has_stars", "said"),
    [
        ("photometry", True, []),
        ("deep-sky", True, ["the pipeline 'deep-sky' measures no stars, so that nothing tells how bright one is"]),
        ("photometry", False, ["no comparison stars are declared, by which its magnitude is told"]),
    ],
)
def test_an_alert_that_nothing_could_judge_is_told(tmp_path, pipeline, has_stars, said):
    here = measured_night(tmp_path, StarField(frames=0))
    path = here / "plans" / "v1.yaml"
    now = f"pipeline: {pipeline}\nalert: brighter than 11 mag"
    path.write_text(path.read_text().replace("pipeline: photometry", now))
    if not has_stars:
        (here / "library" / "comparison.yaml").unlink()
    found = survey(here, here / "plans")
    told = [*found.complaints, *found.warnings]
    assert [each.found for each in told if each.code == "no-effect"] == said


def test_an_alert_that_every_star_fulfils_is_refused(tmp_path):
    here = measured_night(tmp_path, StarField(frames=0))
    path = here / "plans" / "v1.yaml"
    path.write_text(path.read_text() + "alert: brighter than 14 mag and fainter than 10 mag\n")
    (told,) = survey(here, here / "plans").complaints
    assert (told.code, told.mend) == ("never-both", "exchange the two limits") and "which each star is" in told.found
