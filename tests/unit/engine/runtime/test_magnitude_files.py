"""Each filter has files of its own, and what a later result does not bear stands under another name."""

from dataclasses import replace
from datetime import date

import pytest

from obsy.engine.runtime.magnitude_files import write_magnitudes
from obsy.engine.science.binned import in_points, point_of
from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.night_magnitudes import Equipment, FilterNight, NightMagnitudes
from obsy.errors import UserError
from tests.unit.engine.science.star_fields import TARGET, StarField

GOOD, BAD, GONE = StarField(frames=2), StarField(frames=2, wrong={1: 0.4}), StarField(frames=2, flags={0: 1})


def night(field, *names, unmeasured=(), **star):
    declared = field.declared().model_copy(update=star)
    found = ensemble(field.tables(), declared, "V", TARGET)
    filters = tuple(FilterNight(name, "V", "newton", "V", 2, found, ()) for name in names)
    return NightMagnitudes("v1", date(2026, 11, 21), declared, filters, (), unmeasured)


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_each_train_has_files_of_its_own(tmp_path):
    made = write_magnitudes(tmp_path / "out" / "v1", night(GOOD, "V by newton", "V by apo"), "RANA")
    kinds = ("-aavso.txt", ".ecsv", ".svg")
    assert names(tmp_path / "out") == [f"v1-V-{train}{kind}" for train in ("apo", "newton") for kind in kinds]
    assert len(made.written) == 6 and made.withdrawn == ()


def test_without_a_code_there_is_no_report_and_an_earlier_one_stands_that_says_the_same(tmp_path):
    good = night(GOOD, "V")
    write_magnitudes(tmp_path / "v1", good, "RANA")
    again = write_magnitudes(tmp_path / "v1", good, None)
    assert [each.suffix for each in again.written] == [".ecsv", ".svg"] and (tmp_path / "v1-V-aavso.txt").exists()


@pytest.mark.parametrize(
    ("was", "now", "stands"),
    [
        ("#SOFTWARE=obsy ", "#SOFTWARE=obsy 0.0.1, not ", True),
        ("#OBSCODE=RANA", "#OBSCODE=RABB", True),
        (",0.0", ",0.1", False),
        ("#OBSCODE=RANA\n", "", False),
        ("#TYPE", "\udcff#TYPE", False),
    ],
)
def test_without_a_code_an_earlier_report_that_says_something_else_is_renamed(tmp_path, was, now, stands):
    good = night(GOOD, "V")
    write_magnitudes(tmp_path / "v1", good, "RANA")
    report = tmp_path / "v1-V-aavso.txt"
    assert was in report.read_text()
    report.write_text(report.read_text().replace(was, now), errors="surrogateescape")
    made = write_magnitudes(tmp_path / "v1", good, None)
    assert report.exists() == stands and len(made.withdrawn) == (not stands)


@pytest.mark.parametrize(
    ("later", "stands", "withdrawn"),
    [
        (night(BAD, "V"), [".ecsv", ".svg"], ["-aavso-withdrawn.txt"]),
        (night(GONE, "V"), [], ["-aavso-withdrawn.txt", "-withdrawn.ecsv", "-withdrawn.svg"]),
        (night(GOOD, unmeasured=("V",)), [], ["-aavso-withdrawn.txt", "-withdrawn.ecsv", "-withdrawn.svg"]),
        (night(GOOD, "B"), ["-aavso.txt", ".ecsv", ".svg"], []),
    ],
)
def test_what_a_later_result_does_not_bear_is_renamed(tmp_path, later, stands, withdrawn):
    write_magnitudes(tmp_path / "v1", night(GOOD, "V"), "RANA")
    made = write_magnitudes(tmp_path / "v1", later, "RANA")
    assert sorted(each.name for each in made.withdrawn) == [f"v1-V{kind}" for kind in withdrawn]
    assert [each for each in names(tmp_path) if "-V" in each] == sorted(f"v1-V{kind}" for kind in (*stands, *withdrawn))


def test_a_report_that_would_be_refused_touches_no_file(tmp_path):
    write_magnitudes(tmp_path / "v1", night(GOOD, "V"), "RANA")
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(UserError, match="the AAVSO would refuse the report: line 8: CHART: .*shorten it"):
        write_magnitudes(
            tmp_path / "v1", night(GOOD, "V", unmeasured=("V",), chart="a chart with a very long name"), "RANA"
        )
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UserError, match="out' cannot be written into: "):
        write_magnitudes(tmp_path / "out" / "v1", night(GOOD, "V"), None)


USUAL = night(GOOD, "V")
BINNED = in_points(USUAL, point_of("2"))
SPOILT = in_points(night(StarField(frames=2, target=50.0), "V"), point_of("2"))


def test_a_report_of_other_points_takes_the_place_of_its_societys_and_leaves_that_of_another(tmp_path):
    site = Equipment("38.1 -2.3 H1650", "200 mm f/5", "a camera")
    good = night(GOOD, "V")
    good = replace(good, filters=tuple(replace(each, equipment=site) for each in good.filters))
    for form in ("aavso", "baa"):
        write_magnitudes(tmp_path / "v1", good, "RANA", form)
    made = write_magnitudes(tmp_path / "v1", in_points(good, point_of("2")), "RANA")
    assert made.words()[-1].endswith(f"another way of making it takes its place: {tmp_path}/v1-V-aavso-withdrawn.txt")
    assert made.withdrawn == () and (tmp_path / "v1-V-baa.txt").exists()
    assert [each for each in names(tmp_path) if "aavso.txt" in each] == ["v1-V+bin2-aavso.txt"]


@pytest.mark.parametrize(
    ("was", "now", "stands"),
    [(BINNED, USUAL, True), (SPOILT, USUAL, False), (BINNED, night(BAD, "V"), False)],
)
def test_a_report_of_other_points_stands_until_something_speaks_against_it(tmp_path, was, now, stands):
    write_magnitudes(tmp_path / "v1", was, "RANA")
    report = tmp_path / "v1-V+bin2-aavso.txt"
    assert report.exists()
    made = write_magnitudes(tmp_path / "v1", now, None)
    assert report.exists() == stands and len(made.withdrawn) == (not stands)


def test_what_was_withdrawn_goes_once_a_new_report_takes_its_name(tmp_path):
    for now in (GOOD, BAD, GOOD):
        write_magnitudes(tmp_path / "v1", night(now, "V"), "RANA")
    assert names(tmp_path) == ["v1-V-aavso.txt", "v1-V.ecsv", "v1-V.svg"]
