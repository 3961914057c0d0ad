"""A night's transit is fitted and filed without a verb, again and again alike, and no fault of it costs a page."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.report.fitted_transits import FittedTransitStory
from obsy.engine.runtime import transit_files
from obsy.engine.runtime.told_transits import told_transits
from obsy.engine.science.transit.model import exposed_flux, orbit_of_duration
from obsy.engine.science.transit.planet import USUAL_LIMB
from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT
from tests.support.measured_night import ANA
from tests.support.transit_tables import night_of

ROOT = Path(__file__).parents[4]
NIGHT = date(2026, 11, 21)
MIDDLE, RATIO, COUNT = 2461366.375, 0.14, 45
PLAN = f"""\
kind: plan
name: star
target: {{ra: 94.79 deg, dec: 73.83 deg, planets: {{b: {{epoch: {MIDDLE} BJD_TDB, period: 3.3 d, duration: 1 h}}}}}}
owner: ana
want: [{{filter: V, exposure: 60 s, cover: {{transit: b, baseline: 15 min}}}}]
pipeline: photometry
"""
FILED = ["-aavso.txt", "-conditions.svg", "-etd.txt", "-exoclock.txt", "-transit.json", "-transit.svg"]


def observed(here: Path, count: int = COUNT, start: float = MIDDLE - 22 / 720, ratio: float = RATIO) -> Path:
    """An observatory whose store has the star tables of a night in which a planet crosses its star."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, here / room)
    (here / "plans").mkdir()
    (here / "plans" / "star.yaml").write_text(PLAN)
    (here / "library" / "ana.yaml").write_text(ANA)
    (here / "data" / "simulated").mkdir(parents=True)
    times = start + np.arange(count) / 720 - MIDDLE
    orbit = orbit_of_duration(3.3, 1 / 24, ratio, 0.3)
    shares = exposed_flux(times, 60.0, ratio, orbit, USUAL_LIMB) if ratio else np.ones(count)
    put(here, night_of(shares, start, seed=5))
    return here


def put(here: Path, tables) -> None:
    """Put star tables of lights in V into the store."""
    folder = here / "data" / "simulated"
    with Store(folder / "store.sqlite") as store:
        for number, table in enumerate(tables):
            name, sha = folder / f"{number}_stars.ecsv", f"{number:064x}"
            seen = replace(table.observation, frame=sha, filter="V", train="newton")
            made = Product("stars", name, replace(table, observation=seen).write(name), NIGHT, "nerpio", "newton", sha)
            said = {"sha256": sha, "path": folder / f"{number}.fits", "filter": "V", "plan": "star", "accepted": True}
            said |= {"goal": "V-60s", "train": "newton", "site": "nerpio"}
            frame = StoredFrame(
                **A_LIGHT | said, source=f"{number}.fits", night=NIGHT, state=State.GRADED, pending=False
            )
            store.put(frame, [made])


def told(here: Path, *, runs: bool = False) -> tuple[FittedTransitStory, ...]:
    observatory, root = declare(here, here / "plans"), DataRoot(here / "data" / "simulated")
    with Store(root.store) as store:
        return told_transits(observatory, store, root, NIGHT, None if runs else root.transits)


def filed(here: Path) -> dict[str, str]:
    folder = here / "data" / "simulated" / "reports" / "transits"
    return {path.name: path.read_text() for path in sorted(folder.glob("*"))}


@pytest.mark.slow
def test_what_was_put_in_is_found_filed_and_signed_and_found_alike_again(tmp_path, monkeypatch):
    here = observed(tmp_path)
    (one,) = told(here)
    assert one.faults == () and one.refusal == "" and one.unsigned == ""
    middle, depth = one.shape["middle_bjd_tdb"], one.shape["depth"]
    assert abs(middle["value"] - MIDDLE) < 3 * middle["error"] < 0.003
    assert abs(depth["value"] - RATIO**2) < 3 * depth["error"] < 0.3 * RATIO**2
    assert len(one.chart["dots"]) == COUNT and "O-C" in one.told
    first = filed(here)
    assert [name.removeprefix("2026-11-21-star-b") for name in first] == FILED
    assert "#OBSCODE=RANA\n" in first["2026-11-21-star-b-aavso.txt"]
    assert "#FILTER=V\n" in first["2026-11-21-star-b-aavso.txt"]

    (again,) = told(here)
    assert again == one and filed(here) == first

    class Killed(BaseException):
        """As if the process were gone."""

    def killed(path: Path, _text: bytes) -> None:
        path.with_name(path.name + ".part").write_text("half of i")
        raise Killed

    (here / "data" / "simulated" / "reports" / "transits" / "2026-11-21-star-b-aavso.txt").unlink()
    with monkeypatch.context() as context, pytest.raises(Killed):
        context.setattr("obsy.engine.runtime.report_files.write_whole", killed)
        told(here)
    told(here)
    assert {name: text for name, text in filed(here).items() if not name.endswith(".part")} == first


@pytest.mark.long
def test_of_a_night_that_still_runs_nothing_is_filed(tmp_path):
    here = observed(tmp_path, count=40)
    (one,) = told(here, runs=True)
    assert one.short and one.files == () and filed(here) == {}


@pytest.mark.long
def test_a_report_keeps_whoever_signed_it_where_nobody_else_does(tmp_path):
    here = observed(tmp_path)
    (here / "library" / "ana.yaml").unlink()
    (one,) = told(here)
    assert one.unsigned.startswith("it says no observer: write 'codes: {aavso: …}'")
    path = one.files[3]
    path.write_text(path.read_text().replace("#OBSCODE=na", "#OBSCODE=XYZ"))
    (one,) = told(here)
    assert one.unsigned == "" and "#OBSCODE=XYZ\n" in path.read_text()


@pytest.mark.long
def test_no_transit_in_the_light_is_refused_and_no_report_is_filed(tmp_path):
    (one,) = told(observed(tmp_path, ratio=0.012))
    assert one.refusal.startswith("no transit is seen") and one.told.endswith("(nothing may be reported)")
    assert [name.removeprefix("2026-11-21-star-b") for name in filed(tmp_path)] == [
        "-conditions.svg",
        "-transit.json",
        "-transit.svg",
    ]


def test_too_few_frames_are_told_and_withdraw_what_stood(tmp_path):
    here = observed(tmp_path, count=12)
    stood = here / "data" / "simulated" / "reports" / "transits" / "2026-11-21-star-b-aavso.txt"
    stood.parent.mkdir(parents=True)
    stood.write_text("of an earlier fit")
    (one,) = told(here)
    assert one.faults[0].startswith("12 points with a time") and one.told == "star b not fitted: see the page"
    assert [*filed(here)] == ["2026-11-21-star-b-aavso-withdrawn.txt"]


def test_a_night_beside_any_transit_and_one_without_tables_say_nothing(tmp_path):
    here = observed(tmp_path, count=25, start=MIDDLE + 0.5)
    assert told(here) == ()
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        root = DataRoot(here / "data" / "simulated")
        assert told_transits(declare(here, here / "plans"), store, root, date(2026, 11, 22), None) == ()


@pytest.mark.long
def test_a_fault_of_obsy_is_told_and_raised_by_nothing(tmp_path, monkeypatch):
    here = observed(tmp_path)

    def broken(*_):
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(transit_files, "write_transit", broken)
    (one,) = told(here)
    assert one.faults[0].startswith("a fault of obsy: ZeroDivisionError('float division by zero')")
    assert "'obsy transit star --night 2026-11-21' shows where" in one.faults[0]
