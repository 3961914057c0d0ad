"""What cannot be had is told at once, in words: by the check of the files, or by the plan of the night."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.validate import validate

PLAN = "kind: plan\nname: p\npipeline: deep-sky\n"
M31, HOUR = "target: M31\n", "want: [{filter: L, exposure: 60 s, total: 1 h}]\n"
PARABOLA = "semi_major_axis: 2.7 au, eccentricity: 1.0, inclination: 10 deg, node: 80 deg, argument: 73 deg"
OLD_TLE = (
    "1 25544U 98067A   25264.51782528 -.00002182  00000-0 -11606-4 0  2926",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)
UNFIT = {
    "nothing visible": ("target: {ra: 83 deg, dec: -80 deg}\n" + HOUR, "never-rises", "choose a target farther north"),
    "contradictory limits": (
        M31 + HOUR + "when: {altitude: above 50 deg and below 40 deg}\n", "never-both", "the lower limit below"
    ),
    "contradictory windows": (
        M31 + HOUR + "when: {altitude: above 50 deg, airmass: above 2}\n", "never-rises", "loosen 'altitude'"
    ),
    "dates that exclude each other": (
        M31 + HOUR + "when: {dates: after 2027-02-01 and before 2027-01-01}\n", "never-both", "exchange the two moments"
    ),
    "a count of zero": (M31 + "want: [{filter: L, exposure: 60 s, count: 0}]\n", "out-of-range", "write '1'"),
    "a period of zero": (
        "target: {name: M31, events: {minimum: {epoch: 2451492.3 HJD, period: 0 d}}}\n" + HOUR,
        "period: '0 d'", "more than 0",
    ),
    "an ellipse with e = 1": (
        f"target: {{epoch: 2026-11-21 TT, {PARABOLA}, mean_anomaly: 1 deg}}\n" + HOUR,
        "less than 1", "write 'perihelion'",
    ),
    "lines of last year": (f"target: {{tle: {[*OLD_TLE]}}}\n" + HOUR, "old-elements", "hold on 2025-09-21"),
}  # fmt: skip


@pytest.fixture
def hill(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's site and library, without its plans."""
    for name in ("site", "library"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned(night: str) -> str:
    told = CliRunner().invoke(apply, ["plans", "--dry-run", "--night", night], catch_exceptions=False)
    assert told.exit_code == 0
    return told.output


@pytest.mark.parametrize("case", UNFIT)
def test_what_is_amiss_in_a_plan_is_told_with_its_cure(hill: Path, case: str) -> None:
    said, code, mend = UNFIT[case]
    (hill / "plans" / "p.yaml").write_text(PLAN + said)
    told = CliRunner().invoke(validate, []).output
    assert "plans/p.yaml:" in told
    assert code in told
    assert mend in told


def test_a_night_without_darkness_plans_nothing_and_says_why(hill: Path) -> None:
    site = hill / "site" / "site.yaml"
    site.write_text(site.read_text().replace("+38d09m36s", "69 deg").replace("Europe/Madrid", "Africa/Abidjan"))
    (hill / "plans" / "p.yaml").write_text(PLAN + M31 + HOUR)
    told = planned("2028-06-21")
    assert "it is never dark enough to open a roof and observe" in told
    assert "p L-60s: the Sun is not below -18 deg (never-dark)" in told


@pytest.mark.slow
def test_a_thousand_requests_are_planned_and_each_is_told_of(hill: Path) -> None:
    places = (f"{{ra: {n * 137.5 % 360:.3f} deg, dec: {n % 60} deg}}" for n in range(1000))
    plans = (f"kind: plan\nname: p{n}\npipeline: deep-sky\ntarget: {at}\n{HOUR}" for n, at in enumerate(places))
    (hill / "plans" / "p.yaml").write_text("---\n".join(plans))
    told = planned("2028-12-01")
    assert "Value " in told
    assert set(re.findall(r"\bp\d+\b", told)) == {f"p{n}" for n in range(1000)}
