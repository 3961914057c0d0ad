"""The page has the magnitudes that the verb tells, and no fault of theirs keeps a night from its page."""

from pathlib import Path

import numpy as np
import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.report.magnitudes import MagnitudesStory
from obsy.engine.runtime import comparisons, photometry
from obsy.engine.runtime.magnitude_files import write_magnitudes
from obsy.engine.runtime.told_magnitudes import told_magnitudes
from obsy.engine.science.binned import in_points, point_of
from obsy.engine.store.store import Store
from tests.support.measured_night import NIGHT, measured_night
from tests.unit.engine.science.star_fields import StarField


def told(here: Path, filed_in: Path | None = None) -> tuple[MagnitudesStory, ...]:
    observatory = declare(here, here / "plans")
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        return told_magnitudes(observatory, store, NIGHT, filed_in)


def tables(here: Path) -> list[Path]:
    return sorted((here / "data" / "simulated").glob("*_stars.ecsv"))


@pytest.mark.long
def test_the_page_has_what_the_verb_works_out(tmp_path):
    here = measured_night(tmp_path, StarField(frames=6), rejected=1)
    (one,) = told(here)
    observatory = declare(here, here / "plans")
    (plan,) = observatory.plans
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        found = photometry.magnitudes(
            observatory, plan, photometry.tables_of(store, "v1", NIGHT), comparisons.compared_with(observatory, plan)
        )
    (mean, error), (shown,) = found.filters[0].found.mean, one.filters
    assert (shown.shape["magnitude"], shown.shape["error"]) == (mean, error)
    assert shown.shape["magnitude"] == pytest.approx(12.0, abs=0.02)
    assert len(shown.chart["points"]) == 5 and ("left out", "1 frame: rejected, clouds") in shown.facts
    assert one.short == f"v1 V {mean:.3f} +- {error:.3f}" and one.faults == ()


@pytest.mark.long
def test_what_the_check_star_contradicts_is_told_in_short_too(tmp_path):
    (one,) = told(measured_night(tmp_path, StarField(frames=5, wrong={1: 0.4})))
    assert one.short.endswith("(nothing may be reported)")
    assert one.filters[0].refusal.startswith("the check star 000-AAA-001 is -0.")


def test_a_plan_without_comparison_stars_or_without_tables_has_no_magnitudes(tmp_path):
    here = measured_night(tmp_path, StarField(frames=0))
    assert told(here) == ()
    (here / "library" / "comparison.yaml").unlink()
    assert told(here) == ()


@pytest.mark.parametrize("spoilt", ["", "no table", None])
def test_tables_that_cannot_be_read_are_told_by_name(tmp_path, spoilt):
    here = measured_night(tmp_path, StarField(frames=2))
    for path in tables(here):
        path.unlink() if spoilt is None else path.write_text(spoilt)
    (one,) = told(here)
    (fault,) = one.faults
    assert fault.startswith("V: 1 frame: 2026-11-21-0_stars.ecsv holds no table of stars")
    assert one.filters == () and one.short == "v1 has none: see the page"


def test_tables_without_a_star_are_told_and_nothing_fails(tmp_path):
    here = measured_night(tmp_path, StarField(frames=2))
    for path in tables(here):
        head = path.read_text().splitlines(keepends=True)
        path.write_text("".join(head[: next(at for at, line in enumerate(head) if not line.startswith("#")) + 1]))
    (one,) = told(here)
    assert one.filters == () and one.faults
    assert "fault of obsy" not in one.faults[0]


def test_a_target_with_several_comparisons_says_so_on_the_page(tmp_path):
    here = measured_night(tmp_path, StarField(frames=2))
    first = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "other.yaml").write_text(first.replace("name: v1-exa", "name: v1-other"))
    (one,) = told(here)
    assert one.faults == ("v1 has several comparisons: choose one, --comparison v1-exa or v1-other",)


def test_a_fault_of_obsy_is_told_and_raised_by_nothing(tmp_path, monkeypatch):
    here = measured_night(tmp_path, StarField(frames=2))

    def broken(*_):
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(np, "hypot", broken)
    (one,) = told(here)
    assert one.faults[0].startswith("a fault of obsy: ZeroDivisionError('float division by zero')")
    assert "'obsy photometry v1 --night 2026-11-21' shows where" in one.faults[0]


def filed(here: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (here / "filed").glob("*")}


@pytest.mark.long
def test_they_are_filed_and_signed_and_a_second_time_alike(tmp_path):
    here = measured_night(tmp_path, StarField(frames=4))
    (one,) = told(here, here / "filed")
    first = filed(here)
    assert sorted(first) == [f"2026-11-21-v1-V{end}" for end in ("-aavso.txt", ".ecsv", ".svg")]
    assert b"#OBSCODE=RANA" in first["2026-11-21-v1-V-aavso.txt"]
    assert {each.name for each in one.files} == set(first) and one.unfiled == ""
    assert told(here, here / "filed") == (one,) and filed(here) == first


@pytest.mark.long
def test_where_nobody_signs_no_report_is_filed_and_it_is_said_why(tmp_path):
    here = measured_night(tmp_path, StarField(frames=4))
    (here / "library" / "ana.yaml").write_text("kind: person\nname: ana\ncalled: Ana Ruiz\n")
    (one,) = told(here, here / "filed")
    assert sorted(filed(here)) == ["2026-11-21-v1-V.ecsv", "2026-11-21-v1-V.svg"]
    assert one.unfiled.startswith("nobody signs it: write 'codes: {aavso: …}'") and one.filters


@pytest.mark.long
def test_who_signed_the_report_that_stands_signs_the_one_that_replaces_it(tmp_path):
    here = measured_night(tmp_path, StarField(frames=3))
    told(here, here / "filed")
    (here / "library" / "ana.yaml").write_text("kind: person\nname: ana\ncalled: Ana Ruiz\n")
    stars = here / "library" / "comparison.yaml"
    stars.write_text(stars.read_text().replace("chart: X1ZZ", "chart: X2ZZ"))
    (one,) = told(here, here / "filed")
    report = (here / "filed" / "2026-11-21-v1-V-aavso.txt").read_text()
    assert "#OBSCODE=RANA" in report and "X2ZZ" in report and one.unfiled == ""


@pytest.mark.long
def test_the_page_replaces_no_report_that_was_made_another_way_and_says_so(tmp_path):
    here, filed_in = measured_night(tmp_path, StarField(frames=6)), tmp_path / "filed"
    observatory = declare(here, here / "plans")
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        tables = photometry.tables_of(store, "v1", NIGHT)
    (plan,) = observatory.plans
    found = photometry.magnitudes(observatory, plan, tables, comparisons.compared_with(observatory, plan))
    write_magnitudes(filed_in / "2026-11-21-v1", in_points(found, point_of("3")), "RANA")
    own = (filed_in / "2026-11-21-v1-V+bin3-aavso.txt").read_bytes()
    (one,) = told(here, filed_in)
    assert filed(here)["2026-11-21-v1-V+bin3-aavso.txt"] == own and "2026-11-21-v1-V-aavso.txt" not in filed(here)
    assert one.unfiled.startswith("2026-11-21-v1-V+bin3-aavso.txt stands, made another way: 'obsy photometry v1")


def test_what_the_check_star_contradicts_files_no_report(tmp_path):
    (one,) = told(measured_night(tmp_path, StarField(frames=4, wrong={1: 0.4})), tmp_path / "filed")
    assert not [name for name in filed(tmp_path) if "aavso" in name] and one.unfiled == ""


@pytest.mark.long
def test_a_disk_that_refuses_is_told_and_the_magnitudes_are_shown_all_the_same(tmp_path):
    here = measured_night(tmp_path, StarField(frames=4))
    (here / "filed").write_text("a file where a folder should be")
    (one,) = told(here, here / "filed")
    assert "cannot be written into" in one.unfiled and one.filters and one.faults == ()


@pytest.mark.long
def test_a_table_is_read_once_for_all_that_a_page_tells_and_again_when_it_is_another(tmp_path, monkeypatch):
    here, read = measured_night(tmp_path, StarField(frames=3)), []
    honest = photometry.StarTable.read
    monkeypatch.setattr(photometry.StarTable, "read", lambda path: read.append(path.name) or honest(path))
    first = told(here)
    assert told(here) == first and len(read) == 3
    changed = tables(here)[0]
    changed.write_text(changed.read_text() + "\n")
    told(here)
    assert read[3:] == [changed.name]
