"""Coefficients are written as they are declared, and are read again as they were written."""

from datetime import date

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.runtime.coefficient_document import document
from obsy.engine.runtime.coefficients import train_coefficients
from obsy.engine.runtime.photometry import NightTables
from tests.support.measured_night import measured_night
from tests.unit.engine.science.standard_fields import ColouredField
from tests.unit.engine.science.star_fields import StarField

NIGHT = date(2026, 11, 21)


@pytest.mark.parametrize(("airmasses", "is_told"), [((1.1, 1.1, 1.9, 1.9), True), ((1.1,) * 4, False)])
def test_what_is_written_is_read_with_every_number_and_what_the_night_does_not_tell_is_left_out(
    tmp_path, airmasses, is_told
):
    here = measured_night(tmp_path, StarField(frames=0))
    field = ColouredField(known_noise=0.005, wrong={9: 0.4})
    night = NightTables(NIGHT, {band: field.tables(band, airmasses) for band in "BVR"}, {}, is_simulated=True)
    stars = field.declared()
    (found,) = train_coefficients(declare(here, here / "plans"), night, stars, {"B": "B", "R": "R"})
    text = document(found, night, stars)
    (here / "library" / "newton.yaml").write_text(text)
    (read,) = declare(here, here / "plans").transformations
    for line in found.lines:
        assert read.coefficients[line.name] == pytest.approx(line.value, abs=6e-5), line.name
    assert (read.name, read.sky, read.field, read.chart) == ("newton-2026-11-21", "simulated", "M67", "X1STD")
    assert read.stars == {"bv": 59, "br": 59, "vr": 60} and read.left_out == found.left_out
    assert {band: len(frames) for band, frames in read.frames.items()} == dict.fromkeys("BVR", 4)
    assert sorted(read.extinction) == sorted(read.second_order) == (sorted("BVR") if is_told else [])
    assert text.startswith("# Written by 'obsy coefficients'. Change 'until'")
