"""A plan that is exported and imported elsewhere means what it meant, to the last comment."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.export import export
from obsy.cli.import_ import import_
from obsy.engine.declare.survey import survey
from obsy.engine.exporting.portable import as_obsy
from obsy.engine.exporting.wanted import name_of
from obsy.schemas.plan import Plan

MODELINE = "# yaml-language-server: $schema=../obsy.schema.json\n"
LISTED = """\
# The list of a friend.
kind: plan
name: listed
targets:
  - our-field        # a name of our own
  - {of: our-field, east: 10 arcmin}
  - M33
want: [{filter: L, exposure: 60 s, count: 3}]
pipeline: deep-sky
---
kind: plan
name: other
target: M33
want: [{filter: L, exposure: 60 s, count: 3}]
pipeline: deep-sky
"""
SHARED = """\
# The palette of the house.
kind: plan
name: shared
target: M33
want: [lrgb, {filter: Ha, exposure: 600 s, total: 2 h}]
pipeline: deep-sky
---
kind: exposures
name: lrgb
want: [{filter: L, exposure: 180 s, total: 3 h}, {filter: [R, G, B], exposure: 180 s, total: 1 h}]
"""
NAMES = """\
kind: catalogue
name: ours
targets:
  our-field: {target: {ra: 20h24m03.8s, dec: +33d52m02s}, source: a chart}
  unused: {target: M31}
"""


@pytest.fixture
def here(here: Path) -> Path:
    (here / "plans" / "listed.yaml").write_text(LISTED)
    (here / "plans" / "shared.yaml").write_text(SHARED)
    (here / "library" / "ours.yaml").write_text(NAMES)
    return here


def plans(here: Path) -> dict[str, Plan]:
    return {each.document.name: each.document for each in survey(here, here / "plans").declared.of(Plan)}


def run(verb: object, *words: str, code: int = 0) -> str:
    said = CliRunner().invoke(verb, words)  # type: ignore[arg-type]
    assert said.exit_code == code, said.output or said.exc_info
    return said.output


@pytest.mark.long
def test_every_plan_comes_back_as_it_was_with_its_comments_pipeline_and_names(here: Path) -> None:
    declared = survey(here, here / "plans").declared
    before = {each.document.name: each.document for each in declared.of(Plan)}
    names = [*(path.stem for path in (here / "plans").glob("*.yaml")), "other"]
    (here / "out").mkdir()
    for name in names:
        entries = [each for each in declared.of(Plan) if name_of(each) == name]
        (here / "out" / f"{name}.yaml").write_text(as_obsy(entries, declared, date(2026, 11, 26))[0])
    texts = {path.stem: path.read_text().removeprefix(MODELINE) for path in (here / "plans").glob("*.yaml")}
    shutil.rmtree(here / "plans")
    shutil.rmtree(here / "library" / "pipelines")
    (here / "library" / "ours.yaml").unlink()
    told = run(import_, *(f"out/{name}.yaml" for name in names))
    assert plans(here) == before
    assert "it brings its pipeline 'photometry'" in told and "newton serves it" in told
    assert "it brings its catalogue 'names-of-listed'" in told
    assert all(
        text in (here / "plans" / f"{name}.yaml").read_text()
        for name, text in texts.items()
        if name not in ("listed", "shared")
    )
    assert not any("yaml-language-server" in path.read_text() for path in here.rglob("p*s/*.yaml"))
    assert "our-field        # a name of our own" in (here / "plans" / "listed.yaml").read_text()
    assert (here / "plans" / "shared.yaml").read_text().count("# The palette of the house.") == 1
    assert "unused" not in "".join(path.read_text() for path in (here / "library" / "catalogues").iterdir())


def test_a_plan_says_its_origin_once_however_often_it_is_handed_on(here: Path) -> None:
    run(export, "m31", "--out", "out.yaml")
    (here / "plans" / "m31.yaml").unlink()
    run(import_, "out.yaml")
    assert run(export, "m31").count("An obsy plan") == 1


def test_neither_a_file_nor_a_plan_that_is_there_is_overwritten(here: Path) -> None:
    run(export, "m31", "--out", "out.yaml")
    assert isinstance(CliRunner().invoke(export, ["m31", "--out", "out.yaml"]).exception, Exception)
    before = (here / "plans" / "m31.yaml").read_text()
    assert "a plan 'm31' stands at plans/m31.yaml:" in run(import_, "out.yaml", code=1)
    assert (here / "plans" / "m31.yaml").read_text() == before


def test_what_differs_here_is_told(here: Path) -> None:
    run(export, "m31", "--out", "out.yaml")
    (here / "plans" / "m31.yaml").unlink()
    train, site = here / "site" / "newton.yaml", here / "site" / "site.yaml"
    train.write_text(
        train.read_text().replace("focal_length: 800 mm", "focal_length: 700 mm").replace("label: Red", "label: R2")
    )
    policy = here / "site" / "policy.yaml"
    policy.write_text(policy.read_text().replace("below 9 arcsec", "below 4 arcsec"))
    site.write_text(site.read_text().replace("+38d09m36s", "+58d09m36s"))
    told = run(import_, "out.yaml")
    theirs = "where it comes from 3.35 arcsec a pixel, field 57.2 x 57.2 arcmin"
    assert f"newton serves it: 3.83 arcsec a pixel, field 65.4 x 65.4 arcmin; {theirs}" in told
    assert "its frames are graded by fwhm below 4 arcsec, " in told and ", and there by fwhm below 9 arcsec, " in told
    assert "its R is 'Red' there and 'R2' on newton" in told
    assert "it stands at most 73 deg high at nerpio, 87 deg where it comes from" in told


def test_a_friends_file_reaches_for_nothing_of_ours_and_brings_no_devices(here: Path) -> None:
    friend = "kind: plan\nname: sly\ntarget: M31\nnotes: !secret ana\nwant: []\n---\nkind: policy\nname: mine\n"
    (here / "sly.yaml").write_text(friend)
    told = run(import_, "sly.yaml", code=1)
    assert "line 1: 'sly' reaches for !secret of another observatory" in told
    assert "line 7: policy 'mine': only plans and their pipelines and names are taken" in told


SLY = "kind: plan\nname: sly\ntarget: M33\nwant: [{filter: R, exposure: 60 s, count: 3}]\npipeline: deep-sky\n"
HIDDEN = "kind: catalogue\nname: hidden\ntargets: {Ours: {target: {ra: 1h, dec: 80 deg}}}\n"


@pytest.mark.parametrize("parting", ["...\n", "--- {kind: catalogue, name: other, targets: {}}\n---\n"])
def test_no_document_comes_hidden_in_another(here: Path, parting: str) -> None:
    (here / "sly.yaml").write_text(SLY + parting + HIDDEN)
    told = run(import_, "sly.yaml", code=1)
    assert "a document begins within another: write '---' alone in the line before each" in told
    assert not (here / "plans" / "sly.yaml").exists()


@pytest.mark.parametrize("tag", ["!%73ecret ana", "!%69nclude parts/word.yaml"])
def test_a_friend_reaches_for_nothing_of_ours_however_it_is_spelt(here: Path, tag: str) -> None:
    (here / "sly.yaml").write_text(SLY + f"notes: {tag}\n")
    assert "of another observatory" in run(import_, "sly.yaml", code=1)


def test_a_name_keeps_its_meaning_whatever_a_friend_calls_so(here: Path) -> None:
    for name in ("M 31", "our field"):
        (here / "sly.yaml").write_text(SLY + "---\n" + HIDDEN.replace("Ours", name))
        assert f"'{name}' is another place there" in run(import_, "sly.yaml", code=1)
    (here / "sly.yaml").write_text(SLY + "---\n" + HIDDEN)
    assert "it brings its catalogue 'hidden'" in run(import_, "sly.yaml")


def test_a_file_that_came_by_way_of_windows_is_the_same(here: Path) -> None:
    run(export, "m31", "--out", "out.yaml")
    (here / "plans" / "m31.yaml").unlink()
    run(import_, "out.yaml")
    (here / "out.yaml").write_bytes((here / "out.yaml").read_bytes().replace(b"\n", b"\r\n"))
    told = run(import_, "out.yaml")
    assert "is there already" in told and "not the one here" not in told


def test_a_file_that_cannot_be_read_keeps_none_beside_it_from_being_placed(here: Path) -> None:
    (here / "sly.yaml").write_text(SLY)
    assert "'none.yaml': no such file or directory" in run(import_, "none.yaml", "sly.yaml", code=1)
    assert (here / "plans" / "sly.yaml").exists()


def test_a_folder_or_a_link_that_is_called_like_a_plan_stays(here: Path) -> None:
    (here / "sly.yaml").write_text(SLY)
    (here / "plans" / "sly.yaml").mkdir()
    assert "a plan 'sly' stands at" in run(import_, "sly.yaml", code=1)
    (here / "plans" / "sly.yaml").rmdir()
    (here / "plans" / "sly.yaml").symlink_to("nowhere")
    assert "a plan 'sly' stands at" in run(import_, "sly.yaml", code=1)


def test_a_later_language_is_refused_and_a_secret_never_leaves(here: Path) -> None:
    (here / "late.yaml").write_text("# An obsy plan in language 2, by obsy 9\nkind: plan\nname: late\n")
    assert "a plan in language 2: bring obsy up to date" in run(import_, "late.yaml", code=1)
    plan = here / "plans" / "m31.yaml"
    (here / "secrets.yaml").write_text("word: hidden\n")
    (here / "secrets.yaml").chmod(0o600)
    plan.write_text(plan.read_text() + "notes: !secret word\n")
    said = CliRunner().invoke(export, ["m31"])
    assert "hidden" not in said.output and "a secret stands in it" in str(said.exception)
    plan.write_text(plan.read_text().replace("!secret", "!%73ecret"))
    said = CliRunner().invoke(export, ["m31"])
    assert "hidden" not in said.output and "a secret stands in it" in str(said.exception)
    plan.write_text(plan.read_text().replace("!%73ecret", "!secret"))
    plan.write_text(plan.read_text().replace("!secret word", "!include parts/word.yaml"))
    (here / "plans" / "parts").mkdir()
    (here / "plans" / "parts" / "word.yaml").write_text("!secret word\n")
    said = CliRunner().invoke(export, ["m31"])
    assert "hidden" not in said.output and "a secret stands in it" in str(said.exception)


def test_exposures_and_included_files_are_written_out(here: Path) -> None:
    (here / "library" / "exposures.yaml").write_text(
        "kind: exposures\nname: red\ndefaults: {exposure: 60 s}\nwant: [{filter: R, exposure: $exposure, count: 3}]\n"
    )
    (here / "plans" / "m33.yaml").write_text("kind: plan\nname: m33\ntarget: M33\nwant: red\npipeline: deep-sky\n")
    before = plans(here)["m33"]
    run(export, "m33", "--out", "out.yaml")
    (here / "plans" / "m33.yaml").unlink()
    (here / "library" / "exposures.yaml").unlink()
    run(import_, "out.yaml")
    assert plans(here)["m33"] == before


def test_what_comes_with_a_plan_is_checked_and_overwrites_no_file_of_another_name(here: Path) -> None:
    run(export, "m31", "--out", "out.yaml")
    (here / "plans" / "m31.yaml").unlink()
    pipelines = here / "library" / "pipelines"
    (pipelines / "deep-sky.yaml").write_text(
        (pipelines / "deep-sky.yaml").read_text().replace("name: deep-sky", "name: mine")
    )
    broken = (here / "out.yaml").read_text().replace("step: bias", "step: bais")
    (here / "broken.yaml").write_text(broken)
    assert "unknown-word: 'm31' is not placed" in run(import_, "broken.yaml", code=1)
    run(import_, "out.yaml")
    assert "name: mine" in (pipelines / "deep-sky.yaml").read_text()
    assert "name: deep-sky" in (pipelines / "deep-sky-2.yaml").read_text()
