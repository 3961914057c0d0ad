"""Whoever is to be told of a magnitude is warned where no night could measure it."""

import pytest

from obsy.engine.declare.survey import survey
from tests.support.measured_night import measured_night
from tests.unit.engine.science.star_fields import StarField

NONE = "no comparison stars of its target are declared, by which its magnitude is told"


@pytest.mark.parametrize(
    ("pipeline", "of", "said"),
    [
        ("photometry", "v1", []),
        ("deep-sky", "v1", ["the pipeline 'deep-sky' measures no stars, so that nothing tells how bright one is"]),
        ("photometry", None, [NONE]),
        ("photometry", "SS Cyg", [NONE]),
    ],
)
def test_an_alert_that_nothing_could_judge_is_told(tmp_path, pipeline, of, said):
    here = measured_night(tmp_path, StarField(frames=0))
    path = here / "plans" / "v1.yaml"
    now = f"pipeline: {pipeline}\nalert: brighter than 11 mag"
    path.write_text(path.read_text().replace("pipeline: photometry", now))
    table = here / "library" / "comparison.yaml"
    table.write_text(table.read_text().replace("of: v1", f"of: {of}"))
    if of is None:
        table.unlink()
    found = survey(here, here / "plans")
    told = [*found.complaints, *found.warnings]
    assert [each.found for each in told if each.code == "no-effect"] == said


def test_an_alert_that_every_star_fulfils_is_refused(tmp_path):
    here = measured_night(tmp_path, StarField(frames=0))
    path = here / "plans" / "v1.yaml"
    path.write_text(path.read_text() + "alert: brighter than 14 mag and fainter than 10 mag\n")
    (told,) = survey(here, here / "plans").complaints
    assert (told.code, told.mend) == ("never-both", "exchange the two limits") and "which each star is" in told.found
