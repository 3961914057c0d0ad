"""The hosted workflows, read as the host reads them, and each line of them run here as far as it can be."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.waiting import wait_until

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = {"actions/checkout@v4", "actions/setup-python@v5"}
LANES = ["check", "fast", "real", "pythons", "nights", "sample"]


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


def test_a_lane_of_its_own_tries_the_laws_on_examples_that_follow_from_the_seed_that_it_prints() -> None:
    told = shell("make sample SEED=7", ROOT, MAKEFLAGS="-n")
    assert told.returncode == 0, told.stderr
    (laws,) = (line for line in told.stdout.replace("\\\n", " ").splitlines() if "--hypothesis-profile=explore" in line)
    assert "--hypothesis-seed=7" in laws and 'echo "SEED=7"' in laws


def test_ci_has_every_python_that_is_promised() -> None:
    (setup,) = [step["with"] for step in steps("ci.yml") if step.get("uses", "").startswith("actions/setup-python")]
    lowest = re.search(r'requires-python = ">=(\d+\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    tried = re.search(r"for version in ([\d. ]+);", (ROOT / "scripts" / "pythons.sh").read_text("utf-8"))
    assert lowest and tried
    assert sorted(setup["python-version"].split()) == tried[1].split()
    assert setup["python-version"].split()[-1] == lowest[1] == tried[1].split()[0]


@pytest.fixture
def lanes(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`lanes(words)`: what scripts/lanes.sh says of lanes that do next to nothing."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "lanes.sh", tmp_path / "scripts")
    (tmp_path / "Makefile").write_text(
        "good:\n\t@nice; echo is good\nbad:\n\t@echo is bad; exit 3\nlast:\n\t@cat; echo is last\n"
        # Each goes on until the other has begun.
        "beside:\n\t@touch here; timeout 60 sh -c 'until [ -e there ]; do sleep 0.01; done'; nice; echo is beside\n"
        "real:\n\t@touch there; timeout 60 sh -c 'until [ -e here ]; do sleep 0.01; done'; nice; echo is real\n"
    )
    return lambda words: shell(f"scripts/lanes.sh {words}", tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path / "page.md"))


def results(told: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """Each lane and how it ended, as the summary says it."""
    return [line.split()[:2] for line in told.stdout.partition("== summary")[2].splitlines()[1:]]


def test_a_lane_that_fails_hides_no_other(lanes: Any, tmp_path: Path) -> None:
    told = lanes("good bad last")
    assert told.returncode == 1
    assert [word for word in ("is good", "is bad", "is last") if word not in told.stdout] == []
    assert results(told) == [["good", "passed"], ["bad", "FAILED"], ["last", "passed"]]
    assert "bad       FAILED" in (tmp_path / "page.md").read_text()
    assert lanes("good last").returncode == 0


def test_two_lanes_run_at_a_time_and_no_third(lanes: Any, tmp_path: Path) -> None:
    each = "{0}:\n\t@touch {0}; timeout 60 sh -c 'until [ -e {1} ]; do sleep 0.01; done'; sleep 0.2; touch {0}-ended\n"
    together = each.format("one", "two") + each.format("two", "one")
    (tmp_path / "Makefile").write_text(together + "third:\n\t@ls | grep ended\n")
    told = lanes("one two third")
    assert told.returncode == 0, told.stdout
    assert results(told) == [["one", "passed"], ["two", "passed"], ["third", "passed"]]


def test_what_waits_for_kstars_begins_first_beside_the_others_which_give_way_to_it(lanes: Any) -> None:
    told = lanes("good beside real")
    assert told.returncode == 0, told.stdout
    assert results(told) == [["good", "passed"], ["beside", "passed"], ["real", "passed"]]
    assert told.stdout.startswith("-- real has begun\n-- good has begun\n-- beside has begun\n")
    usual, below = os.nice(0), min(os.nice(0) + 10, 19)
    assert f"\n== good\n{below}\nis good\n" in told.stdout
    assert f"\n== beside\n{below}\nis beside\n" in told.stdout
    assert f"\n== real\n{usual}\nis real\n" in told.stdout


def test_a_lane_beside_the_others_that_fails_is_a_failure(lanes: Any, tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(makefile.read_text().replace("real:\n\t@", "real:\n\t@exit 4; "))
    for words, ended in (("real good", ["FAILED", "passed"]), ("good real", ["passed", "FAILED"])):
        told = lanes(words)
        assert told.returncode == 1
        assert results(told) == [list(each) for each in zip(words.split(), ended, strict=True)]


@pytest.mark.parametrize(("told", "code"), [("INT", 130), ("TERM", 143), ("HUP", 129)])
def test_who_ends_the_lanes_waits_until_each_has_put_its_things_away(
    lanes: Any, tmp_path: Path, told: str, code: int
) -> None:
    # A shell that is told just before it begins to sleep would answer when it has slept: they nap instead.
    ends = "sleep 0.3; touch {0}-away; exit 1"
    lane = "{0}:\n\t@trap '" + ends + "' INT TERM HUP; touch {0}; for nap in $$(seq 600); do sleep 0.1; done\n"
    (tmp_path / "Makefile").write_text(lane.format("good") + lane.format("real"))
    # Whoever runs the tests may have been begun to ignore ^C.
    command = ["env", "--default-signal=INT,HUP", "bash", "scripts/lanes.sh", "real", "good"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True) as run:
        wait_until(lambda: (tmp_path / "good").exists() and (tmp_path / "real").exists())
        run.send_signal(signal.Signals[f"SIG{told}"])
        assert run.wait(60) == code
        assert [name for name in ("good", "real") if not (tmp_path / f"{name}-away").exists()] == []


@pytest.mark.parametrize("words", ["killed", "killed good", "killed beside real", "good killed last"])
def test_a_lane_whose_shell_is_killed_failed_and_hides_no_other(lanes: Any, tmp_path: Path, words: str) -> None:
    # The lane's shell is its group's first process; what it began would run on, and is ended.
    kills = "killed:\n\t@echo $$$$ >runs; kill -KILL $$(ps -o pgid= $$$$); for nap in $$(seq 600); do sleep 0.1; done\n"
    makefile = tmp_path / "Makefile"
    makefile.write_text(makefile.read_text() + kills)
    told = lanes(words)
    assert told.returncode == 1
    assert results(told) == [[lane, "FAILED" if lane == "killed" else "passed"] for lane in words.split()], told.stderr
    runs = Path("/proc") / (tmp_path / "runs").read_text().strip()
    wait_until(lambda: not runs.exists())


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("1", 1), ("", 0), ("False", 0)])
def test_a_python_that_is_promised_and_missing_fails_in_ci_and_is_said_elsewhere(
    tmp_path: Path, ci: str, code: int
) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "bin").mkdir()
    for tool in ("bash", "dirname", "mktemp", "rm", "ls"):
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    told = shell("scripts/pythons.sh", tmp_path, PATH=str(tmp_path / "bin"), HOME=str(tmp_path), CI=ci)
    assert told.returncode == code, told.stdout + told.stderr
    usual = f"{sys.version_info[0]}.{sys.version_info[1]}"
    said = told.stderr if code else told.stdout
    for version in {"3.11", "3.12", "3.13"} - {usual}:
        assert f"Python {version}: not on this machine" in said
    assert ("python-version in .github/workflows/ci.yml" in told.stderr) == bool(code)


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


@pytest.mark.long
def test_a_good_repository_passes_without_an_annotation(repository: Path) -> None:
    told = check_plans(repository)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "::error" not in told.stdout


@pytest.mark.long
def test_a_faulty_plan_is_annotated_where_it_is_faulty(repository: Path) -> None:
    plan = repository / "observatory" / "plans" / "m31.yaml"
    lines = plan.read_text().splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if line.startswith("target:"))
    plan.write_text("\n".join([*lines[: at - 1], "target: No Such Thing", *lines[at:]]) + "\n")
    for paths in ("", "plans/m31.yaml site"):
        told = check_plans(repository, paths)
        assert told.returncode == 1
        (annotation,) = [line for line in told.stdout.splitlines() if line.startswith("::error")]
        assert annotation.startswith(f"::error file=plans/m31.yaml,line={at},")


CHECKING = (
    *("annotated-types", "click", "pydantic", "pydantic-core", "ruamel-yaml", "ruamel-yaml-clib", "tzdata"),
    *("typing-extensions", "typing-inspection"),
    *("editables", "hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"),
)
"""What `obsy validate` needs, and then what installs obsy itself; `make` and `make pythons` install the whole lock."""


@pytest.mark.slow
def test_obsy_installs_from_its_lock_and_checks(tmp_path: Path) -> None:
    lock = lay_out(tmp_path / "obsy") / "requirements.lock"
    pins = re.findall(r"^[a-z][^\n]*(?:\n[ ]+[^\n]*)*", lock.read_text(), re.MULTILINE)
    lock.write_text("\n".join(pin for pin in pins if pin.split("==")[0] in CHECKING))
    for room in ("site", "plans", "library"):
        shutil.copytree(ROOT / room, tmp_path / "observatory" / room)
    told = shell(run("Install obsy from its lock"), tmp_path, PYTHON=str(Path(sys.base_prefix) / "bin" / "python3"))
    assert told.returncode == 0, told.stdout + told.stderr
    told = check_plans(tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
