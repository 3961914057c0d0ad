"""A night that is written for EKOS is the night that was planned; and what EKOS is not told, people are."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.intent import Intent
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.ekos_night import HandJob, files_of, jobs_of
from obsy.engine.runtime.ekos_untold import untold
from obsy.engine.runtime.planner import prepare
from obsy.schemas.constraints.sun import Sun

PLANS = """\
kind: plan
name: galaxy
target: M31
want: [{filter: [L, R], exposure: 240 s, count: 40}]
turns: 10 frames
when: {altitude: above 40 deg, moon: farther than 20 deg}
dither: every 3 frames and by 12 px
pipeline: deep-sky
---
kind: plan
name: early
target: {ra: 23h00m00s, dec: +30d00m00s}
want: [{filter: Ha, exposure: 300 s, count: 6}]
when: {sun: below -10 deg}
guiding: required
priority: 9
pipeline: deep-sky
"""
OUT = Path("/night")


@pytest.fixture(scope="module")
def observatory(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Observatory:
    here = tmp_path_factory.mktemp("here")
    for part in ("site", "library"):
        shutil.copytree(root / part, here / part)
    train = here / "site" / "newton.yaml"
    train.write_text(train.read_text() + 'guider: {phd2: "localhost:4400"}\n')
    (here / "plans").mkdir()
    (here / "plans" / "plans.yaml").write_text(PLANS)
    return declare(here, here / "plans")


@pytest.fixture(scope="module")
def wanted(observatory: Observatory) -> Intent:
    planner = prepare(observatory, date(2026, 12, 10))
    return planner.intent(Tally(), planner.night.start)


@pytest.fixture(scope="module")
def jobs(wanted: Intent, observatory: Observatory) -> list[HandJob]:
    return jobs_of(wanted, observatory)


def read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def test_every_block_is_in_one_job_and_every_frame_in_one_row(wanted, observatory, jobs):
    assert [block for job in jobs for block in job.blocks] == list(wanted.blocks)
    files = files_of(wanted, observatory, jobs, dialect_of((3, 6, 2)), OUT)
    for job in jobs:
        rows = [(each.findtext("FITSDirectory"), each.findtext("Count")) for each in read(files[job.file]).iter("Job")]
        folder = OUT / "frames" / "2026-12-10" / Path(job.file).stem
        counts = {block.request.line.key: 0 for block in job.blocks}
        for block in job.blocks:
            counts[block.request.line.key] += block.count
        assert rows == [(str(folder / key), str(count)) for key, count in counts.items()]


def test_a_job_begins_when_its_block_does_on_the_clock_of_the_site(wanted, observatory, jobs):
    listed = read(files_of(wanted, observatory, jobs, dialect_of((3, 7, 6)), OUT)["newton.esl"]).findall("Job")
    zone = ZoneInfo(observatory.site.timezone)
    for job, told in zip(jobs, listed, strict=True):
        (condition,) = told.findall("StartupCondition/Condition")
        moment = datetime.fromisoformat(condition.get("value", "")).replace(tzinfo=zone)
        assert abs(moment - job.blocks[0].begin) < timedelta(seconds=1)
        assert told.findtext("Sequence") == str(OUT / job.file)


def test_the_owners_settings_are_left_alone(wanted, observatory, jobs):
    for version in ((3, 6, 2), (3, 8, 0)):
        listed = read(files_of(wanted, observatory, jobs, dialect_of(version), OUT)["newton.esl"])
        assert {each.tag for each in listed} == {"Job", "SchedulerAlgorithm"}


@pytest.mark.parametrize(("version", "minds"), [((3, 7, 5), True), ((3, 7, 6), False)])
def test_the_weather_is_minded_by_all_jobs_or_none(version, minds, wanted, observatory, jobs):
    listed = read(files_of(wanted, observatory, jobs, dialect_of(version), OUT)["newton.esl"]).findall("Job")
    told = ["EnforceWeather" in [each.text for each in job.iter("Constraint")] for job in listed]
    assert set(told) == {minds}
    assert any(line.startswith("weather: ") for line in untold(wanted, jobs, dialect_of(version))) is not minds


def test_a_job_has_the_steps_and_limits_of_its_plan(wanted, observatory, jobs):
    told = read(files_of(wanted, observatory, jobs, dialect_of((3, 6, 2)), OUT)["newton.esl"]).findall("Job")
    by_plan = {job.plan.name: each for job, each in zip(jobs, told, strict=True)}
    assert "Guide" in [each.text for each in by_plan["early"].iter("Step")]
    assert "EnforceTwilight" not in [each.text for each in by_plan["early"].iter("Constraint")]
    limits = {each.text: each.get("value") for each in by_plan["galaxy"].iter("Constraint")}
    assert limits == {"EnforceWeather": None, "MinimumAltitude": "40", "EnforceTwilight": None}
    assert by_plan["galaxy"].findtext("PositionAngle") == "-181"


@pytest.mark.parametrize(("below", "is_dark"), [(-18.0, True), (-20.0, True), (-17.9, False)])
def test_a_plan_that_writes_darkness_out_asks_for_it_all_the_same(below, is_dark, wanted, observatory, jobs):
    galaxy = next(job for job in jobs if job.plan.name == "galaxy")
    when = galaxy.plan.when.model_copy(update={"sun": Sun.model_construct(below=below)})
    said = replace(galaxy, plan=galaxy.plan.model_copy(update={"when": when}))
    told = read(files_of(wanted, observatory, [said], dialect_of((3, 6, 2)), OUT)["newton.esl"])
    assert ("EnforceTwilight" in [each.text for each in told.iter("Constraint")]) is is_dark
    assert any("may be taken in twilight" in line for line in untold(wanted, [said], dialect_of((3, 6, 2)))) != is_dark


def test_what_calibrates_the_night_is_a_sequence_of_its_own(wanted, observatory, jobs):
    rows = read(files_of(wanted, observatory, jobs, dialect_of((3, 6, 8)), OUT)["newton-calibration.esq"]).iter("Job")
    kinds = [(each.findtext("Type"), each.findtext("Exposure")) for each in rows]
    assert {("Bias", "0.001"), ("Dark", "240.000")} <= set(kinds)
    assert "Flat" in [kind for kind, _ in kinds]


@pytest.mark.parametrize(
    ("version", "said", "unsaid"),
    [
        ((3, 6, 2), ["after how many frames to dither", "KStars 3.6.2 has its own"], ["follow what KStars"]),
        ((3, 6, 8), ["after how many frames to dither", "follow what KStars 3.6.8 reads"], ["altitude limits"]),
        ((3, 6, 9), ["by how many pixels to dither", "switches the altitude limits"], ["after how many frames"]),
        ((3, 7, 8), ["KStars 3.7.8 reads none from a list"], ["has its own"]),
    ],
)
def test_what_a_version_cannot_be_told_people_are(version, said, unsaid, wanted, jobs):
    told = "\n".join(untold(wanted, jobs, dialect_of(version)))
    for words in (*said, "moon: the times were chosen", "may be taken in twilight", "by its whole path"):
        assert words in told
    for words in unsaid:
        assert words not in told


def test_a_target_that_moves_and_a_time_of_its_own_are_told(wanted, observatory):
    blocks = [replace(each, ra_rate=-30.0, dec_rate=40.0, fixed=True) for each in wanted.blocks[:2]]
    jobs = jobs_of(replace(wanted, blocks=tuple(blocks)), observatory)
    assert len(jobs) == 2  # what has a time of its own goes on from nothing
    told = untold(wanted, jobs, dialect_of((3, 6, 2)))
    for job in jobs:
        assert f"{job.called} moves by 50 arcsec an hour: EKOS points where it is first, and follows the stars" in told
        assert f"{job.called} has a time of its own: EKOS is told when to begin, and not when it has to end" in told


def test_a_job_that_ends_just_before_dawn_is_told(wanted, observatory):
    (late,) = [job for job in jobs_of(wanted, observatory) if job.is_dark][:1]
    dawn = late.blocks[-1].end + timedelta(minutes=29)
    told = untold(replace(wanted, dawn=dawn), [late], dialect_of((3, 6, 2)))
    assert any("ends less than 30 min before dawn" in line for line in told)
    told = untold(replace(wanted, dawn=dawn + timedelta(minutes=2)), [late], dialect_of((3, 6, 2)))
    assert not any("before dawn" in line for line in told)


def test_a_target_that_comes_twice_is_told_since_ekos_warns_of_it(observatory, wanted, jobs):
    told = "M31: EKOS warns of a target that comes twice; each turn has folders of its own"
    galaxy = next(job for job in jobs if job.plan.name == "galaxy")
    assert told in untold(wanted, [galaxy, replace(galaxy, file="newton-09-galaxy.esq")], dialect_of((3, 6, 2)))
    assert told not in untold(wanted, [galaxy], dialect_of((3, 6, 2)))


def test_what_ekos_cannot_follow_is_in_no_list_and_people_are_told(wanted, observatory):
    stands = replace(wanted.blocks[0].request.line, tracking="none", follows=False)
    first = replace(wanted.blocks[0], request=replace(wanted.blocks[0].request, line=stands))
    changed = replace(wanted, blocks=(first, *wanted.blocks[1:]))
    jobs = jobs_of(changed, observatory)
    assert first not in [block for job in jobs for block in job.blocks]
    assert sum(len(job.blocks) for job in jobs) == len(wanted.blocks) - 1
    told = untold(changed, jobs, dialect_of((3, 6, 2)))
    assert any(line.startswith(f"{stands.plan} is left out: EKOS tracks the stars") for line in told)
    assert not any(
        "is left out" in line for line in untold(wanted, jobs_of(wanted, observatory), dialect_of((3, 6, 2)))
    )
