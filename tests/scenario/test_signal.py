"""A goal in S/N ends when its frames prove it; a star that fades meanwhile is measured as the simulator dims it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from obsy.engine.declare.survey import declare
from obsy.engine.runtime.varying_sky import variables
from obsy.engine.science.aavso_rules import faults
from obsy.engine.sky.catalogue import cone, separation_deg

pytestmark = pytest.mark.slow
PLANS = """\
kind: plan
name: star
target: {ra: 26.49718 deg, dec: 61.21268 deg}
want:
  - {filter: V, exposure: 10 s, until: {snr: 800}}
  - {filter: V, exposure: 10 s, name: deep, until: {snr: 200, of: {magnitude: 13 mag}}}
when: {altitude: above 25 deg}
pipeline: photometry
---
kind: plan
name: full
target: {ra: 26.59909 deg, dec: 61.25826 deg}
want: [{filter: V, exposure: 30 s, until: {snr: 50}}]
when: {altitude: above 25 deg}
pipeline: photometry
---
kind: plan
name: fading
target:
  ra: 26.61525 deg
  dec: 61.20709 deg
  events: {minimum: {epoch: 2461366.2776 BJD_TDB, period: 2.2 d, duration: 16 min}}
owner: ana
want: [{filter: V, exposure: 10 s, count: 14}]
when: {altitude: above 25 deg}
pipeline: photometry
"""
FADING = 26.61525, 61.20709
"""Nothing that the simulator draws, a star of 16 mag or brighter, lies within 13 arcsec of it."""
CHECK = 26.61269, 61.16722
ANA = "kind: person\nname: ana\ncalled: Ana Ruiz\ncodes: {aavso: rana}\n"


def comparison() -> str:
    """The catalogue's stars around, from 9 to 10.7 mag and alone in it: what they are is what is drawn."""
    every = cone(*FADING, 0.13)
    apart = [
        separation_deg(every.ra_deg, every.dec_deg, *place) for place in zip(every.ra_deg, every.dec_deg, strict=True)
    ]
    alone = np.array([np.sort(each)[1] for each in apart]) > 60 / 3600
    stars = [
        f"  - {{name: T{number}, ra: {every.ra_deg[at]:.6f} deg, dec: {every.dec_deg[at]:.6f} deg, "
        f"magnitudes: {{V: {every.mag[at]:.3f} +- 0.005 mag}}}}"
        for number, at in enumerate(np.flatnonzero(alone & (every.mag > 9) & (every.mag < 10.7)))
    ]
    (check,) = (number for number, said in enumerate(stars) if f"ra: {CHECK[0]:.5f}" in said)
    head = f"kind: comparison\nname: tycho\nof: fading\nchart: K Tycho-2 VT\ncheck: T{check}\nstars:\n"
    return head + "\n".join(stars) + "\n"


@pytest.fixture(scope="module")
def night(root: Path, tmp_path_factory: pytest.TempPathFactory, scenarios: Any) -> Any:
    """The night and what was said of it; both tests only look at it."""
    made = scenarios.small(root, tmp_path_factory.mktemp("signal"))
    made.declare("plans/small.yaml", PLANS)
    made.declare("library/tycho.yaml", comparison())
    made.declare("library/ana.yaml", ANA)
    made.scenario("soft", "start: {seeing: 5 arcsec}\n")  # else stars are narrower than two pixels
    code, said = made.apply("soft")
    assert code == 0, said
    return made, said


def test_a_goal_in_signal_to_noise_is_done_when_its_frames_prove_it(night: Any) -> None:
    """A frame of the star has S/N 195, of one of 13 mag some 53: a first visit of ten tells how many more."""
    observatory, _ = night
    taken = observatory.frames()
    assert taken["full", "V-30s"] == 10
    assert 13 <= taken["star", "V-10s"] <= 20
    assert 12 <= taken["star", "deep"] <= 18, taken
    stands = json.loads(observatory.obsy("status", "plans", "--json")[1])
    plans = {each["plan"]: each["goals"] for each in stands["plans"]}
    proofs = [each["proof"] for each in plans["star"]]
    for proof, goal in zip(proofs, plans["star"], strict=True):
        assert proof["about_s"] == 0
        assert proof["asked"] <= proof["snr"] < 1.12 * proof["asked"]
        assert proof["frames"] == goal["accepted"]
    assert plans["full"][0]["proof"]["about_s"] is None
    code, later = observatory.obsy("apply", "plans", "--dry-run", "--simulate", "--night", "2026-11-22", "--json")
    planned = json.loads(later)
    assert [(each["plan"], each["count"]) for each in planned["blocks"]] == [("full", 10)]
    assert [(each["plan"], each["about_s"]) for each in planned["proofs"]] == [("full", None)]
    whole = observatory.obsy("report", "2026-11-21")[1]
    assert "S/N 50 asked, none measured yet" in whole
    assert "S/N 8" in whole


@pytest.fixture(scope="module")
def magnitudes(night: Any) -> dict[str, Any]:
    """What the verb tells a machine of the fading star, with the report that the AAVSO takes."""
    code, printed = night[0].obsy("photometry", "fading", "--report", "aavso", "--json")
    assert code == 0, printed
    return dict(json.loads(printed))


def test_a_fading_star_is_measured_as_it_was_dimmed_and_its_report_breaks_no_rule(night: Any, magnitudes: Any) -> None:
    """Each point, and their mean, within three of its errors and 0.01 mag of the light that the simulator sent."""
    (one,), files = magnitudes["filters"], {Path(each).suffix: Path(each) for each in magnitudes["files"]}
    curve = Table.read(files[".ecsv"], format="ascii.ecsv")
    truth = true_magnitudes(night[0].root, curve["jd_utc"], curve["exposure_s"])
    assert one["points"] == len(curve) == 14
    assert np.ptp(truth) > 0.3
    assert np.all(np.abs(curve["magnitude"] - truth) < 3 * curve["error"] + 0.01)
    assert abs(one["magnitude"] - truth.mean()) < 3 * one["error"] + 0.01
    assert one["error"] < 0.01 and one["refused"] == "" and len(one["compared_with"]) >= 4
    assert faults(files[".txt"].read_text()) == []


def test_the_page_shows_the_light_curve_that_the_verb_tells(night: Any, magnitudes: Any) -> None:
    observatory, said = night
    told = json.loads(observatory.obsy("report", "2026-11-21", "--json")[1])
    (mine,), one = told["magnitudes"], magnitudes["filters"]
    assert (mine["plan"], mine["filters"], mine["faults"]) == ("fading", one, [])
    assert f"magnitudes: fading V {one[0]['magnitude']:.3f} +- {one[0]['error']:.3f}" in said.splitlines()
    page = Path(told["page"]).read_text("utf-8")
    assert "<h2>Magnitudes</h2>" in page
    assert page.partition('aria-label="Light curve of fading')[2].partition("</figure>")[0].count('class="p1 m0"') == 14


def test_a_folder_of_its_frames_gives_the_same_magnitude_without_a_night(
    root: Path, tmp_path: Path, scenarios: Any, night: Any, magnitudes: Any
) -> None:
    """The frames are anybody's: of what obsy wrote into their headers only what other programs write is left."""
    (old := tmp_path / "old").mkdir()
    for path in (night[0].root / "data" / "simulated" / "archive").rglob("*.fits"):
        counts, header = fits.getdata(path), fits.getheader(path)
        if header.get("OBSYPLAN", "fading") != "fading":
            continue
        header.remove("COMMENT", remove_all=True)
        header.remove("OBSY*", ignore_missing=True, remove_all=True)
        fits.PrimaryHDU(counts, header).writeto(old / path.name)
    (tmp_path / "home").mkdir()
    home = scenarios.small(root, tmp_path / "home")
    for place, text in (("plans/small.yaml", PLANS), ("library/tycho.yaml", comparison())):
        home.declare(place, text)
    for words in (("ingest", str(old)), ("reduce",)):
        code, said = home.obsy(*words)
        assert code == 0, said
    assert "fading V-10s, accepted" in said and "master flat V 3 s" in said, said
    code, printed = home.obsy("photometry", "fading", "--real", "--json")
    assert code == 0, printed
    (mine,), (theirs,) = json.loads(printed)["filters"], magnitudes["filters"]
    assert (mine["points"], mine["magnitude"]) == (theirs["points"], pytest.approx(theirs["magnitude"], abs=0.002))


def true_magnitudes(root: Path, jd_utc: Any, exposure_s: Any) -> Any:
    """What the simulator showed in exposures with these middles: the catalogue's star, dimmed."""
    (star,) = (
        each for each in variables(declare(root, root / "plans"), date(2026, 11, 21)) if each.name == "fading minimum"
    )
    every = cone(*FADING, 0.01)
    usual = every.mag[np.argmin(separation_deg(every.ra_deg, every.dec_deg, *FADING))]
    middles_s, halves_s = (np.asarray(jd_utc) - 2440587.5) * 86400, np.asarray(exposure_s) / 2
    shares = [star.seen(at - half, at + half).share for at, half in zip(middles_s, halves_s, strict=True)]
    return usual - 2.5 * np.log10(shares)
