"""A new observatory is well wherever it stands, comes whole or not at all, and takes the place of nothing."""

import errno
import json
import os
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from obsy.engine.declare.folders import SCHEMA, files
from obsy.engine.declare.survey import declare, survey
from obsy.engine.render import render_yaml
from obsy.engine.runtime.planner import preview
from obsy.engine.starting.folder import DEVICES, RENDERED, make, refuse_if_taken
from obsy.engine.starting.questions import usual
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.json_schema import every

NOW, TONIGHT = datetime(2026, 11, 26, 20, tzinfo=UTC), date(2026, 11, 26)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An observatory of the default answers, in Madrid."""
    folder = tmp_path_factory.mktemp("new") / "hill"
    make(folder, {**usual("hill"), "timezone": "Europe/Madrid", "latitude": "40 deg", "longitude": "-4 deg"}, NOW)
    return folder


def test_it_has_these_files(made: Path) -> None:
    found = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    others = {
        SCHEMA,
        "README.md",
        ".gitignore",
        ".pre-commit-config.yaml",
        ".github/workflows/obsy.yml",
        "plans/first.yaml",
    }
    assert found == {*RENDERED, *others}


@pytest.mark.long
def test_its_first_plan_is_taken_tonight(made: Path) -> None:
    observatory = declare(made, made / "plans")
    blocks = preview(observatory, made, TONIGHT, simulate=True).blocks
    assert sum(each.count for each in blocks) == 80  # four filters, twenty minutes each


def test_its_table_pipelines_and_scenarios_are_those_of_the_example(made: Path, root: Path) -> None:
    ours = {name: (root / "library" / name.split("/", 1)[1]) for name in RENDERED if name.startswith("library/")}
    ours["library/nights/night.yaml"] = root / "library" / "nights" / "roll-off.yaml"
    del ours["library/calibration.yaml"]
    assert [name for name, path in ours.items() if (made / name).read_text() != path.read_text()] == []


def test_whatever_a_recipe_asks_for_as_its_pipeline_is_there(made: Path, root: Path) -> None:
    recipes = (root / "docs" / "recipes.md").read_text("utf-8")
    asked = set(re.findall(r"^pipeline: (\S+)$", recipes, re.MULTILINE))
    assert asked == {path.stem for path in (made / "library" / "pipelines").iterdir()}


def test_an_editor_finds_the_language_beside_its_documents(made: Path) -> None:
    assert json.loads((made / SCHEMA).read_text()) == every()
    for path in files(made):
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
        assert named is not None, path
        assert os.path.normpath(path.parent / named[1]) == str(made / SCHEMA), path


def test_a_place_whose_numbers_were_exchanged_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    swapped = {"latitude": "11.6 deg", "longitude": "48.1 deg", "timezone": "Europe/Berlin"}
    with pytest.raises(UnfitFiles, match=r"^site/site.yaml:5:\d+: far-from-its-zone") as told:
        make(tmp_path / "new", {**usual("home"), **swapped}, NOW)
    assert "write 'latitude: 48.1 deg' and 'longitude: 11.6 deg'" in str(told.value)


def test_its_workflow_is_what_the_head_of_ours_tells_people_to_write(root: Path) -> None:
    head = (root / ".github" / "workflows" / "validate.yml").read_text().splitlines()
    told = [line.removeprefix("#   ") for line in head if line.startswith("#   ")]
    words = {"obsy_repository": "OWNER/obsy", "obsy_commit": "COMMIT"}
    assert render_yaml("observatory/workflow.yml", **words).splitlines() == told


def test_its_other_files_are_yaml(made: Path) -> None:
    hook = YAML(typ="safe").load(made / ".pre-commit-config.yaml")["repos"][0]["hooks"][0]
    assert (hook["entry"], hook["pass_filenames"]) == ("obsy validate --strict", False)
    assert "/data/" in (made / ".gitignore").read_text().split()


@pytest.mark.parametrize(
    ("untold", "inputs"),
    [
        ("", {"rain-sensor": (["rain"], True), "station": (["wind", "humidity", "temperature"], True)}),
        (
            "rain, humidity",
            {
                "rain-sensor": (["rain"], False),
                "station": (["wind", "temperature"], True),
                "others": (["humidity"], False),
            },
        ),
        (
            "wind, humidity, temperature",
            {"rain-sensor": (["rain"], True), "others": (["wind", "humidity", "temperature"], False)},
        ),
    ],
)
def test_a_station_is_named_for_what_it_tells_alone(tmp_path: Path, untold: str, inputs: dict[str, Any]) -> None:
    make(tmp_path / "new", {**usual("home"), "weather_device": "Mast", "weather_untold": untold}, NOW)
    documents = YAML(typ="safe").load_all(tmp_path / "new" / "site" / "weather.yaml")
    assert {each["name"]: (each["measures"], "device" in each) for each in documents} == inputs


@pytest.mark.parametrize(
    ("roof", "said"), [("roll-off", "'proof: switches' lets it count"), ("dome", "no night opens")]
)
def test_of_a_roof_over_indi_nothing_is_promised_that_its_driver_may_not_keep(
    tmp_path: Path, roof: str, said: str
) -> None:
    make(tmp_path / "new", {**usual("home"), "roof": roof, "roof_device": "Roof"}, NOW)
    text = (tmp_path / "new" / "site" / "roof.yaml").read_text()
    assert said in text
    assert "end switches prove" not in text


WORDS = (
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12).map(str.strip).filter(bool)
)


@pytest.mark.slow  # a third of a second for each observatory
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(
    latitude=st.integers(-90, 90),
    roof=st.sampled_from(["roll-off", "dome", "clamshell", "none"]),
    mount=st.sampled_from(["german-equatorial", "fork", "alt-azimuth"]),
    bayer=st.sampled_from(["none", "RGGB"]),
    wheel=st.sampled_from(["none", "L, R=Red", "Ha"]),
    words=WORDS,
    devices=st.booleans(),
)
def test_all_answers_together_are_well(tmp_path: Path, words: str, devices: bool, **said: Any) -> None:
    answers = {**usual("home"), "roof": said["roof"], "mount": said["mount"], "bayer": said["bayer"], "camera": words}
    answers |= {"latitude": f"{said['latitude']} deg", "filters": said["wheel"] if said["bayer"] == "none" else "none"}
    if devices:
        answers |= {f"{part}_device": f"{words} {part}" for part in DEVICES}
        answers["indi_server"] = "raspberry.local:7624"
    folder = tmp_path / "new"
    shutil.rmtree(folder, ignore_errors=True)
    make(folder, answers, NOW)
    seen = survey(folder, folder / "plans")
    assert (seen.complaints, seen.warnings) == ((), ())
    camera = YAML(typ="safe").load(folder / "site" / "telescope.yaml")["camera"]
    assert camera["model"] == words


def test_nothing_that_is_there_is_overwritten(made: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with pytest.raises(UserError, match=r"has site already, and nothing is overwritten"):
        make(tmp_path, usual("home"), NOW)
    assert os.listdir(tmp_path) == ["site"]


def test_a_folder_that_would_hold_everything_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (Path("/"), tmp_path):
        with pytest.raises(UserError, match="name a folder of its own"):
            refuse_if_taken(folder)


def test_a_name_that_leads_nowhere_or_is_too_long_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nothing")
    with pytest.raises(UserError, match="a link that leads nowhere"):
        refuse_if_taken(tmp_path / "link")
    refuse_if_taken(tmp_path / ("x" * 300))
    with pytest.raises(UserError, match="takes no folder: File name too long"):
        make(tmp_path / ("x" * 300), usual("home"), NOW)


def test_what_is_beside_it_in_a_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    (folder / ".git").mkdir(parents=True)
    (folder / "README.md").write_text("mine")
    assert "README.md" not in make(folder, usual("home"), NOW)
    assert (folder / "README.md").read_text() == "mine"
    assert survey(folder, folder / "plans").complaints == ()
    assert (folder / ".git").is_dir()
    assert os.listdir(tmp_path) == ["clone"]


def test_answers_that_do_not_fit_together_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnfitFiles, match=r"^site/telescope.yaml:5:\d+: out-of-range"):
        make(tmp_path / "new", {**usual("home"), "aperture": "1 mm"}, NOW)
    assert os.listdir(tmp_path) == []


def test_a_disk_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fails_at_plans(self: Path, target: Path) -> Path:
        if self.name == "plans" and target.parent == tmp_path / "here":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_at_plans)
    (tmp_path / "here").mkdir()
    with pytest.raises(UserError, match="Input/output error; nothing was left behind"):
        make(tmp_path / "here", usual("home"), NOW)
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]
