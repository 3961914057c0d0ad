"""The hosted workflows, read as the host reads them, and each line of them run here as far as it can be."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = {"actions/checkout@v4", "actions/setup-python@v5"}
LANES = ["check", "fast", "pythons", "nights", "real", "sample"]


def workflow(name: str) -> dict[str, Any]:
    """A workflow as it is written."""
    return YAML(typ="safe", pure=True).load((WORKFLOWS / name).read_text("utf-8"))


def steps(name: str) -> Iterator[dict[str, Any]]:
    """Every step of every job."""
    for job in workflow(name)["jobs"].values():
        yield from job["steps"]


def shell(line: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the host does: bash, stopping at the first failure."""
    clean = {
        name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "MAKEFLAGS", "PYTHONPATH"}
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line]
    return subprocess.run(
        command, cwd=cwd, env=clean | settings, capture_output=True, text=True, check=False, timeout=600
    )


def lay_out(into: Path) -> Path:
    """A copy of every file that git knows or would know."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    return into


@pytest.mark.parametrize("path", sorted(WORKFLOWS.iterdir()), ids=lambda path: path.name)
def test_a_workflow_asks_for_little_and_ends(path: Path) -> None:
    whole = workflow(path.name)
    assert whole["permissions"] == {"contents": "read"}
    assert all(0 < job["timeout-minutes"] <= 45 for job in whole["jobs"].values())
    assert {step["uses"] for step in steps(path.name) if "uses" in step} <= ACTIONS
    assert all(("uses" in step) != ("run" in step) for step in steps(path.name))


@pytest.mark.parametrize("path", sorted(WORKFLOWS.iterdir()), ids=lambda path: path.name)
def test_no_step_pastes_what_a_stranger_may_write_into_a_shell(path: Path) -> None:
    assert [step["run"] for step in steps(path.name) if "${{" in step.get("run", "")] == []


def test_ci_is_one_line_and_that_runs_every_lane() -> None:
    (line,) = [step["run"] for step in steps("ci.yml") if "run" in step]
    told = shell(line, ROOT, MAKEFLAGS="-n", CI="true")
    assert told.returncode == 0, told.stderr
    assert f"scripts/lanes.sh {' '.join(LANES)}" in told.stdout


def test_ci_has_every_python_that_is_promised() -> None:
    (setup,) = [step["with"] for step in steps("ci.yml") if step.get("uses", "").startswith("actions/setup-python")]
    lowest = re.search(r'requires-python = ">=(\d+\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    tried = re.search(r"for version in ([\d. ]+);", (ROOT / "scripts" / "pythons.sh").read_text("utf-8"))
    assert lowest and tried
    assert sorted(setup["python-version"].split()) == tried[1].split()
    assert setup["python-version"].split()[-1] == lowest[1] == tried[1].split()[0]


def test_a_lane_that_fails_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "lanes.sh", tmp_path / "scripts")
    (tmp_path / "Makefile").write_text(
        "good:\n\t@echo is good\nbad:\n\t@echo is bad; exit 3\nlast:\n\t@cat; echo is last\n"
    )
    told = shell("scripts/lanes.sh good bad last", tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path / "page.md"))
    assert told.returncode == 1
    assert [word for word in ("is good", "is bad", "is last") if word not in told.stdout] == []
    summary = told.stdout.partition("== summary")[2].splitlines()[1:]
    assert [line.split()[:2] for line in summary] == [["good", "passed"], ["bad", "FAILED"], ["last", "passed"]]
    assert "bad       FAILED" in (tmp_path / "page.md").read_text()
    assert shell("scripts/lanes.sh good last", tmp_path).returncode == 0


def run(name: str) -> str:
    """The line of the step of `validate.yml` that has this name."""
    return next(step["run"] for step in steps("validate.yml") if step.get("name") == name)


def test_the_obsy_to_check_with_is_taken_apart(tmp_path: Path) -> None:
    page = tmp_path / "output"
    told = shell(run("Name the obsy to fetch"), tmp_path, OBSY="someone/obsy@1a2b3c", GITHUB_OUTPUT=str(page))
    assert told.returncode == 0, told.stderr
    assert page.read_text() == "repository=someone/obsy\ncommit=1a2b3c\n"


def check_plans(here: Path, paths: str = "") -> subprocess.CompletedProcess[str]:
    """The last step of `validate.yml`, in the folder it names."""
    (step,) = [step for step in steps("validate.yml") if step.get("name") == "Check every plan"]
    return shell(step["run"], here / step["working-directory"], PATHS=paths)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A person's own repository beside an obsy that is installed already."""
    for room in ("site", "plans", "library"):
        shutil.copytree(ROOT / room, tmp_path / "observatory" / room)
    (tmp_path / "obsy" / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "obsy" / ".venv" / "bin" / "obsy").symlink_to(Path(sys.executable).with_name("obsy"))
    return tmp_path


def test_a_good_repository_passes_without_an_annotation(repository: Path) -> None:
    told = check_plans(repository)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "::error" not in told.stdout


def test_a_faulty_plan_is_annotated_where_it_is_faulty(repository: Path) -> None:
    plan = repository / "observatory" / "plans" / "m31.yaml"
    lines = plan.read_text().splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if line.startswith("target:"))
    plan.write_text("\n".join([*lines[: at - 1], "target: No Such Thing", *lines[at:]]) + "\n")
    for paths in ("", "plans/m31.yaml", "plans site"):
        told = check_plans(repository, paths)
        assert told.returncode == 1
        (annotation,) = [line for line in told.stdout.splitlines() if line.startswith("::error")]
        assert annotation.startswith(f"::error file=plans/m31.yaml,line={at},")


@pytest.mark.slow
def test_obsy_installs_from_its_lock_and_checks(tmp_path: Path) -> None:
    lay_out(tmp_path / "obsy")
    for room in ("site", "plans", "library"):
        shutil.copytree(ROOT / room, tmp_path / "observatory" / room)
    told = shell(run("Install obsy from its lock"), tmp_path, PYTHON=str(Path(sys.base_prefix) / "bin" / "python3"))
    assert told.returncode == 0, told.stdout + told.stderr
    told = check_plans(tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
