"""What makes sense and what does not, at the edge between the two, in an observatory that is otherwise well."""

import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.cli.validate import validate
from obsy.engine.declare.sense import CHECKS, WARNINGS
from obsy.engine.declare.survey import complaints, survey
from obsy.schemas.kinds import KINDS
from tests.support.effort import examples

ROOT = Path(__file__).resolve().parents[4]
GOLDEN = ROOT / "tests" / "golden" / "validate"
ORDER = ["bias", "dark", "flat", "cosmics", "measure", "solve", "align", "stack"]
NEEDS = {"stack": "align", "align": "solve", "solve": "measure"}
PLAN = """\
kind: plan
name: m31
target: M31
want:
  - {filter: L, exposure: 180 s, total: 3 h}
when:
  altitude: above 35 deg
pipeline: deep-sky
"""
Codes = Callable[..., list[str]]


@pytest.fixture
def codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Codes:
    """`codes("site/roof.yaml", ("travel: 45 s", "travel: 90 s"))`: what is said after a change of one file."""
    here = tmp_path / "here"
    shutil.copytree(GOLDEN / "observatory", here)
    (here / "plans").mkdir()
    (here / "plans" / "m31.yaml").write_text(PLAN)
    monkeypatch.chdir(here)

    def said(place: str, *changes: tuple[str, str]) -> list[str]:
        path = here / place
        before = text = path.read_text()
        for old, new in changes:
            assert old in text, f"{place} does not say '{old}'"
            text = text.replace(old, new)
        path.write_text(text)
        try:
            return [complaint.code for complaint in complaints(Path(), Path("plans"))]
        finally:
            path.write_text(before)

    return said


WHEN = "when:\n  altitude: above 35 deg"
TO_BLAME = [
    ("altitude: above 43 deg\n  airmass: below 1.1", ["8:12 ask for 'below 1.5', or"]),
    (
        "altitude: above 60 deg\n  airmass: below 1.1",
        ["7:13 ask for 'above 43 deg', or", "8:12 ask for 'below 1.5', or"],
    ),
    ("altitude: above 60 deg\n  meridian: within 1 h", ["7:13 ask for 'above 43 deg', or"]),
    ("altitude: above 40 deg\n  hour_angle: above 4 h", ["7:13 loosen 'altitude', or"]),
]


@pytest.mark.parametrize(("when", "told"), TO_BLAME)
def test_what_never_rises_is_told_at_each_limit_that_is_to_blame_with_a_cure_that_helps(
    codes: Codes, when: str, told: list[str]
) -> None:
    declination = 46.4 - 90 + latitude()
    text = PLAN.replace("target: M31", f"target: {{ra: 05h00m00s, dec: {declination:.4f} deg}}")
    Path("plans/m31.yaml").write_text(text.replace(WHEN, f"when:\n  {when}"))
    found = complaints(Path(), Path("plans"))
    assert [
        f"{each.mark.line}:{each.mark.column} {each.mend.split(' choose')[0].split(' correct')[0]}" for each in found
    ] == told
    assert {each.code for each in found} == {"never-rises"}


def test_the_mount_that_points_no_higher_is_named(codes: Codes) -> None:
    high = PLAN.replace("target: M31", f"target: {{ra: 05h00m00s, dec: {latitude() - 0.2:.4f} deg}}")
    Path("plans/m31.yaml").write_text(high.replace(WHEN, "when:\n  meridian: within 5 min"))
    mount = Path("site/mount.yaml")
    mount.write_text(mount.read_text().replace("altitude: above 10 deg", "altitude: above 10 deg and below 88 deg"))
    (found,) = complaints(Path(), Path("plans"))
    assert (found.code, found.mark.line) == ("never-rises", 7)
    assert found.found.endswith("and mount 'gem' points above 10 deg and below 88 deg")
    assert found.mend.startswith("loosen 'meridian', or correct the limits")


def latitude() -> float:
    said = re.search(r"latitude: (\S+) deg", Path("site/site.yaml").read_text())
    assert said
    return float(said[1])


def test_every_check_is_listed_with_kinds_that_there_are() -> None:
    folder = ROOT / "obsy" / "engine" / "declare" / "sense"
    written = {
        f"{path.stem}.{name}"
        for path in folder.glob("*.py")
        for name in re.findall(
            r"^def (\w+)\(declared: Declared\) -> Iterator\[Diagnostic\]", path.read_text(), re.MULTILINE
        )
        if not name.startswith("_") and path.stem != "__init__"
    }
    assert written == {*CHECKS, *WARNINGS}
    assert {kind for kinds in (CHECKS | WARNINGS).values() for kind in kinds} <= set(KINDS)


def test_the_observatory_these_tests_begin_with_is_well(codes: Codes) -> None:
    assert codes("plans/m31.yaml") == []


NONE = "no-train-serves"
TRAIN, PLANS = "site/train.yaml", "plans/m31.yaml"
EDGES = [
    ("site/roof.yaml", "timeout: 90 s", ("timeout: 46 s", "timeout: 45 s"), "timeout-too-short"),
    ("site/weather.yaml", "max_age: 2 min", ("max_age: 31 s", "max_age: 30 s"), "always-stale"),
    (TRAIN, "best: 25000 steps", ("best: 50000 steps", "best: 50001 steps"), "out-of-range"),
    (TRAIN, "best: 25000 steps", ("best: 0 steps", "best: -1 steps"), "out-of-range"),
    (PLANS, "total: 3 h", ("total: 180 s", "total: 179 s"), "exposure-longer-than-total"),
    (PLANS, "filter: L,", ("filter: [L, R, Ha],", "filter: [L, R, Hb],"), "filter-not-in-wheel"),
    (PLANS, "target: M31", ("target: m 31", "target: m 31 b"), "unknown-target"),
    (PLANS, "altitude: above 35 deg", ("altitude: above 80 deg", "altitude: below -12 deg"), "never-rises"),
    (PLANS, "pipeline:", ("angle: 1 deg\npipeline:", "angle: 1.01 deg\npipeline:"), "no-rotator"),
    (PLANS, "pipeline:", ("angle: 181 deg\npipeline:", "angle: 90 deg\npipeline:"), "no-rotator"),
    (PLANS, "pipeline:", ("angle: 359 deg\npipeline:", "angle: 358.9 deg\npipeline:"), "no-rotator"),
    # 1024 pixels of 13 um behind 800 mm are 0.953 deg, and one of them is 3.352 arcsec.
    (PLANS, "when:", ("needs: {field: '> 0.95 deg'}\nwhen:", "needs: {field: '> 0.96 deg'}\nwhen:"), NONE),
    (PLANS, "when:", ("needs: {scale: < 3.36 arcsec}\nwhen:", "needs: {scale: < 3.35 arcsec}\nwhen:"), NONE),
    (PLANS, "when:", ("needs: {scale: '> 3.35 arcsec'}\nwhen:", "needs: {scale: '> 3.36 arcsec'}\nwhen:"), NONE),
]  # fmt: skip


@pytest.mark.parametrize(("place", "old", "new", "code"), EDGES, ids=[f"{e[3]}-{e[2][1]!r}" for e in EDGES])
def test_just_within_its_limits_is_well_and_just_beyond_is_not(
    codes: Codes, place: str, old: str, new: tuple[str, str], code: str
) -> None:
    assert [codes(place, (old, text)) for text in new] == [[], [code]]


def oracle(steps: list[str]) -> set[str]:
    """What is wrong with an order of steps, said once more in another way."""
    wrong = set()
    if len(set(steps)) < len(steps):
        wrong.add("step-twice")
    firsts = [step for number, step in enumerate(steps) if step not in steps[:number]]
    if any(ORDER.index(a) > ORDER.index(b) for a, b in pairwise(firsts)):
        wrong.add("steps-out-of-order")
    if any(NEEDS.get(step, step) not in {*steps[:number], step} for number, step in enumerate(steps)):
        wrong.add("step-missing")
    if "flat" in steps:  # this train has no panel
        wrong.add("no-flats")
    return wrong


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=9))
def test_any_order_of_steps_is_well_exactly_if_each_finds_what_it_needs(codes: Codes, steps: list[str]) -> None:
    text = (Path("library") / "pipeline.yaml").read_text()
    old = re.search(r"steps: \[.*\]", text)
    assert old
    new = "steps: [" + ", ".join(f"{{step: {step}}}" for step in steps) + "]"
    assert set(codes("library/pipeline.yaml", (old[0], new))) == oracle(steps)


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 720, allow_nan=False))
def test_an_angle_is_had_exactly_if_it_is_the_camera_s_own_give_or_take_a_degree(codes: Codes, angle: float) -> None:
    apart = min(angle % 180, 180 - angle % 180)
    found = codes("plans/m31.yaml", ("pipeline:", f"angle: {angle!r} deg\npipeline:"))
    if abs(apart - 1) > 1e-9:
        assert found == ([] if apart <= 1 else ["no-rotator"])


def test_a_transit_asks_for_a_planet_that_is_known(codes: Codes) -> None:
    transit = "- {filter: R, exposure: 60 s, cover: {transit: b, baseline: 30 min}}"
    goal = "- {filter: L, exposure: 180 s, total: 3 h}"
    star = ("target: M31", "target: HAT-P-32")
    when = ("altitude: above 35 deg", "altitude: above 20 deg")
    assert codes("plans/m31.yaml", star, (goal, transit), when) == []
    assert codes("plans/m31.yaml", star, (goal, transit.replace("transit: b", "transit: c")), when) == [
        "unknown-planet"
    ]
    assert codes("plans/m31.yaml", (goal, transit), when) == ["unknown-planet"]
    long = transit.replace("30 min", "9 h")
    assert codes("plans/m31.yaml", star, (goal, long), when) == ["transit-longer-than-window"]


def test_a_plan_of_a_retired_train_is_warned_of_until_its_dates_are_past(codes: Codes) -> None:
    train = Path("site/train.yaml")
    train.write_text(f"{train.read_text()}\nretired: 2024-05-01\n")

    def warned(when: str) -> list[str]:
        Path("plans/m31.yaml").write_text(PLAN.replace(WHEN, f"{WHEN}\n  dates: {when}"))
        return [each.code for each in survey(Path(), Path("plans")).warnings]

    assert warned("after 2024-01-01") == ["only-retired"]
    assert warned("before 2024-05-01") == ["expired"]


def test_a_plan_of_a_retired_train_passes_a_strict_hook_and_is_sent_to_reduce(codes: Codes) -> None:
    train = Path("site/train.yaml")
    train.write_text(f"{train.read_text()}\nretired: 2024-05-01\n")
    Path("plans/m31.yaml").write_text(PLAN)
    told = CliRunner().invoke(validate, ["--strict", "--no-cache"])
    assert (told.exit_code, "only-retired" in told.stderr, "'obsy reduce'" in told.stderr) == (0, True, True)
    Path("plans/m31.yaml").write_text(PLAN.replace(WHEN, f"{WHEN}\n  dates: before 2024-05-01"))
    assert CliRunner().invoke(validate, ["--strict", "--no-cache"]).exit_code == 1


def test_a_retired_train_without_a_calibration_is_told_what_needs_it(codes: Codes) -> None:
    train = Path("site/train.yaml").read_text()
    Path("site/old.yaml").write_text(re.sub(r"(?m)^name: .*", "name: old", train) + "\nretired: 2024-05-01\n")
    (said,) = [each for each in survey(Path(), Path("plans")).complaints if each.code == "none-declared"]
    assert "no calibration of 'old'" in said.found and "'obsy reduce'" in said.mend


def test_a_plan_that_names_a_train_is_told_once_how_a_train_is_found(codes: Codes) -> None:
    Path("plans/m31.yaml").write_text(f"{PLAN}train: newton\n")
    (said,) = survey(Path(), Path("plans")).complaints
    assert (said.code, "its filters and what it 'needs'" in said.mend, "tracking" in said.mend) == (
        "unknown-key",
        True,
        False,
    )


@pytest.mark.parametrize(("key", "many"), [("trakcing", 2), ("trailing", 1)])
def test_what_a_key_says_is_judged_only_where_it_is_surely_another(codes: Codes, key: str, many: int) -> None:
    Path("plans/m31.yaml").write_text(f"{PLAN}{key}: nonsense\n")
    found = survey(Path(), Path("plans")).complaints
    assert (len(found), "'tracking'" in found[0].mend) == (many, True)
