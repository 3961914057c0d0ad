"""`obsy blame` against a real repository: which line asked for a frame."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from obsy.cli.blame import blame
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.journal import Journal
from tests.support.git import Repository

M31 = """kind: plan
name: m31
target: M31
want:
  - {filter: L, exposure: 180 s, total: 3 h}
  - {filter: [R, G, B], exposure: 180 s, total: 1 h}
mosaic: {columns: 2, rows: 1}
pipeline: deep-sky
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    repository = Repository(tmp_path / "here")
    repository.commit("Ask for M31", {"plans/m31.yaml": M31, "site/site.yaml": "kind: site\n"})
    monkeypatch.chdir(repository.folder)
    return repository


def asked(commit: str | None, **said: str) -> Identity:
    told = {"site": "hill", "train": "newton", "plan": "m31", "goal": "G-180s_2-1", "block": "20261121T193000Z"} | said
    return Identity(**told, commit=commit)


def frame(path: Path, identity: Identity) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cards = {key: value for key, value, _ in identity.cards()}
    fits.PrimaryHDU(np.zeros((2, 2), dtype=np.int16), fits.Header(cards)).writeto(path)
    return path


def test_a_product_names_the_masters_behind_it_and_why_it_was_these(repository: Repository, tmp_path: Path) -> None:
    product = frame(tmp_path / "calibrated.fits", asked(repository.head()))
    fits.setval(product, "DARKWHY", value="d1.fits (0.3 degC, 1.0 d), not d3.fits (60 s)")
    assert told(product).splitlines()[-2] == "    dark: d1.fits (0.3 degC, 1.0 d), not d3.fits (60 s)"
    (dark,) = json.loads(told(product, "--json"))["masters"]
    assert dark == {"kind": "dark", "file": "d1.fits", "why": "(0.3 degC, 1.0 d), not d3.fits (60 s)"}


def test_of_a_light_that_was_reduced_the_masters_are_told_too(repository: Repository, tmp_path: Path) -> None:
    realm = tmp_path / "data" / "real"
    (realm / "journal").mkdir(parents=True)
    light, product = (frame(realm / name, asked(repository.head())) for name in ("light.fits", "products/made.fits"))
    fits.setval(product, "BIASWHY", value="b1.fits (12 min)")
    made = [{"path": each, "frame": "0" * 64} for each in ("products/gone.fits", "products/made.fits")]
    assert "b1.fits" not in told(light)
    (realm / "light.fits.json").write_text(json.dumps({"frame": {}, "products": made}))
    assert "    bias: b1.fits (12 min)\n" in told(light)


def test_a_table_of_stars_is_asked_for_by_what_asked_for_its_frame(repository: Repository, tmp_path: Path) -> None:
    """Which lies beside it; a light's masters are not looked for in its table."""
    product = frame(tmp_path / "light_calibrated.fits", asked(repository.head()))
    table = tmp_path / "light_stars.ecsv"
    table.write_text("# %ECSV 1.0\n")
    assert told(table).splitlines()[1:] == told(product).splitlines()[1:]
    (tmp_path / "journal").mkdir()
    light = frame(tmp_path / "light.fits", asked(repository.head()))
    made = [{"path": table.name, "frame": "0" * 64}]
    (tmp_path / "light.fits.json").write_text(json.dumps({"frame": {}, "products": made}))
    assert told(light).splitlines()[1:] == told(product).splitlines()[1:]


@pytest.mark.parametrize(("said", "line"), [("Dark Frame", 4), ("Master Flat", 5)])
def test_a_calibration_frame_and_a_master_are_asked_for_by_the_calibration_of_their_train(
    repository: Repository, tmp_path: Path, said: str, line: int
) -> None:
    asks = "kind: calibration\nname: newton\ntrain: {}\ndark: {{count: 9}}\nflat: {{count: 9}}\n"
    files = {f"library/{each}.yaml": asks.format(each) for each in ("newton", "apo")}
    repository.commit("Calibrate", files)
    path = frame(tmp_path / "d.fits", Identity(site="hill", train="newton", commit=repository.head()))
    fits.setval(path, "IMAGETYP", value=said)
    assert told(path).splitlines()[1].startswith(f"library/newton.yaml:{line}:1 at commit ")
    fits.setval(path, "OBSYTRAI", value="gone")
    assert "The calibration of 'gone' is not in commit" in told(path)
    fits.delval(path, "OBSYTRAI")
    assert "of another program, which no plan asks for" in str(CliRunner().invoke(blame, [str(path)]).exception)


def test_another_observatory_of_the_repository_asked_for_nothing_of_this_one(
    repository: Repository, tmp_path: Path
) -> None:
    asks = "kind: calibration\nname: newton\ntrain: newton\ndark: {count: 9}\n"
    here = {"library/zoo.yaml": f"\n{asks}"}
    there = {"docs/club/library/a.yaml": asks, "docs/club/plans/a.yaml": M31, "docs/club/site/site.yaml": "kind: site"}
    repository.commit("Keep an example", here | there)
    dark = frame(tmp_path / "d.fits", Identity(site="hill", train="newton", commit=repository.head()))
    fits.setval(dark, "IMAGETYP", value="Dark Frame")
    light = frame(tmp_path / "l.fits", asked(repository.head()))
    assert told(dark).splitlines()[1].startswith("library/zoo.yaml:5:1 at commit ")
    assert told(light).splitlines()[1].startswith("plans/m31.yaml:6:5 at commit ")
    club = told(light, "--plans", "docs/club/plans").splitlines()[1]
    assert club.startswith("plans/a.yaml:6:5 at commit ")


def test_plans_that_never_were_are_refused_and_those_that_were_are_read(repository: Repository, tmp_path: Path) -> None:
    light = frame(tmp_path / "l.fits", asked(repository.head()))
    said = CliRunner().invoke(blame, [str(light), "--plans", "nowhere"])
    assert "there is no 'nowhere' here, nor was there at commit" in str(said.exception)
    (repository.folder / "plans").rename(repository.folder / "targets")
    assert "plans/m31.yaml:6:5 at commit" in told(light)


def told(path: Path, *options: str) -> str:
    said = CliRunner().invoke(blame, [str(path), *options])
    assert said.exit_code == 0, said.output
    return said.output


def test_a_frame_names_the_line_of_its_goal_as_it_was_when_it_was_asked(repository: Repository, tmp_path: Path) -> None:
    first = repository.head()
    repository.commit("Change it all", {"plans/m31.yaml": "# moved\n" + M31.replace("180", "60")})
    said = told(frame(tmp_path / "g.fits", asked(first))).splitlines()
    assert said[1:] == [
        f"plans/m31.yaml:6:5 at commit {first[:12]}",
        "    - {filter: [R, G, B], exposure: 180 s, total: 1 h}",
        f"    Ada wrote it on 2026-11-20: Ask for M31 ({first[:12]})",
        "site hill, train newton, plan m31, goal G-180s_2-1, block 20261121T193000Z",
    ]


def test_a_goal_that_is_included_is_named_where_it_stands(repository: Repository, tmp_path: Path) -> None:
    part = "defaults: {exposure: 180 s}\n---\n- {filter: [R, G], exposure: $exposure, total: 1 h}\n"
    lines = M31.splitlines()
    plan = "\n".join([*lines[:3], "want: !include ../library/exposures/colour.yaml", *lines[6:]])
    repository.commit("Share it", {"plans/m31.yaml": plan, "library/exposures/colour.yaml": part})
    sha = repository.head()
    assert told(frame(tmp_path / "g.fits", asked(sha))).splitlines()[1:3] == [
        f"library/exposures/colour.yaml:3:3, included from plans/m31.yaml:4:7 at commit {sha[:12]}",
        "    - {filter: [R, G], exposure: $exposure, total: 1 h}",
    ]


def test_a_machine_is_told_the_same(repository: Repository, tmp_path: Path) -> None:
    said = json.loads(told(frame(tmp_path / "g.fits", asked(repository.head())), "--json"))
    assert (said["file"], said["line"], said["column"]) == ("plans/m31.yaml", 6, 5)
    assert (said["commit"], said["dirty"], said["asked"]["goal"]) == (repository.head(), False, "G-180s_2-1")


def test_a_dirty_tree_is_said_to_be_dirty(repository: Repository, tmp_path: Path) -> None:
    said = told(frame(tmp_path / "g.fits", asked(f"{repository.head()}-dirty")))
    assert "plans/m31.yaml:6:5 at commit" in said
    assert "changes then that were not committed" in said


def test_a_goal_that_the_plan_did_not_have_leaves_the_plans_own_line(repository: Repository, tmp_path: Path) -> None:
    said = told(frame(tmp_path / "g.fits", asked(f"{repository.head()}-dirty", goal="Ha-300s")))
    assert "plans/m31.yaml:2:1 at commit" in said


@pytest.mark.parametrize(
    ("commit", "said"), [(None, "No commit"), ("0" * 40, "not in commit 000000000000 of this observatory")]
)
def test_where_no_line_can_be_named_it_says_why(
    repository: Repository, tmp_path: Path, commit: str | None, said: str
) -> None:
    assert said in told(frame(tmp_path / "g.fits", asked(commit)))


def test_a_sidecar_speaks_for_a_frame_that_does_not(repository: Repository, tmp_path: Path) -> None:
    path = frame(tmp_path / "g.fits", Identity())
    own = {"plan": "m31", "goal": "L-180s", "commit": repository.head(), "night": "2026-11-21"}
    (tmp_path / "g.fits.json").write_text(json.dumps({"frame": own}))
    assert "plans/m31.yaml:5:5 at commit" in told(path)


def test_a_ticket_speaks_for_a_file_that_has_only_just_arrived(repository: Repository, tmp_path: Path) -> None:
    realm = tmp_path / "data" / "real"
    with Journal(realm / "journal" / "2026-11-21.jsonl", "2026-11-21") as journal:
        ticket = asked(repository.head(), goal="L-180s_1-1")
        said = {part: getattr(ticket, part) for part in ("site", "train", "plan", "goal", "block", "commit")}
        journal.write(datetime(2026, 11, 21, 20, tzinfo=UTC), FramesAsked(folder="block-1", **said))
    assert "plans/m31.yaml:5:5" in told(frame(realm / "incoming" / "block-1" / "001.fits", Identity()))


def test_a_frame_of_another_program_is_refused_with_the_reason(repository: Repository, tmp_path: Path) -> None:
    said = CliRunner().invoke(blame, [str(frame(tmp_path / "g.fits", Identity()))])
    assert said.exit_code != 0
    assert "credited by its OBJECT, filter and exposure" in str(said.exception)


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read"), (b"GIF89a", "no FITS file")])
def test_what_is_no_frame_is_refused(repository: Repository, tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "g.fits"
    if content is not None:
        path.write_bytes(content)
    assert why in str(CliRunner().invoke(blame, [str(path)]).exception)
