"""The wheel, installed into an environment of its own and tried far from this tree, as a person would get it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., str]


def said(*command: str | Path, cwd: Path) -> str:
    """Everything a command says; it must end well."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    told = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=240)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git knows, by the build backend that the lock has."""
    tree, dist = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tree / name)
    shutil.copytree(ROOT / "obsy", tree / "obsy", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "wheel", "--no-deps", "--no-index"]
    said(*pip, "--no-build-isolation", "--wheel-dir", dist, tree, cwd=tree)
    (built,) = dist.iterdir()
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The bin folder of a fresh environment that has the wheel, and a folder with the example in it.

    The libraries are this environment's, seen by a .pth file, which does not carry the editable obsy along.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", symlinks=True)
    python = home / "venv" / "bin" / "python"
    purelib = Path(said(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    (purelib / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "--python", python]
    said(*pip, "install", "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=home)
    for room in ("site", "plans", "library"):
        shutil.copytree(ROOT / room, home / "observatory" / room)
    return python.parent, home / "observatory"


@pytest.fixture(scope="module")
def python(elsewhere: tuple[Path, Path]) -> Run:
    """`python(code)`: what a program prints there."""
    return lambda code: said(elsewhere[0] / "python", "-I", "-c", code, cwd=elsewhere[1]).strip()


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z", "obsy"], cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert wanted - names == set()
    assert {name for name in names if not name.startswith("obsy/")} == set()


@pytest.mark.slow
def test_what_runs_there_is_the_wheel(python: Run, elsewhere: tuple[Path, Path]) -> None:
    assert Path(python("import obsy; print(obsy.__file__)")).is_relative_to(elsewhere[0].parent)


@pytest.mark.slow
def test_it_says_its_version(elsewhere: tuple[Path, Path]) -> None:
    from obsy import __version__  # noqa: PLC0415

    assert said(elsewhere[0] / "obsy", "--version", cwd=elsewhere[1]).strip() == f"obsy, version {__version__}"


@pytest.mark.slow
def test_it_finds_the_example_well(elsewhere: tuple[Path, Path]) -> None:
    told = said(elsewhere[0] / "obsy", "validate", cwd=elsewhere[1])
    assert told == said(sys.executable, "-m", "obsy", "validate", cwd=elsewhere[1])


@pytest.mark.slow
def test_its_star_catalogue_is_the_whole_one(python: Run) -> None:
    near = "from obsy.engine.sky.catalogue import cone; print(len(cone(279.2347, 38.7837, 2)))"
    assert int(python(near)) == int(said(sys.executable, "-c", near, cwd=ROOT)) > 100


@pytest.mark.slow
def test_every_template_compiles_there(python: Run) -> None:
    code = (
        "from obsy.engine.render import _environment\n"
        "found = _environment()\n"
        "names = [n for n in found.list_templates() if n.endswith(('.j2', '.esl', '.esq'))]\n"
        "[found.get_template(name) for name in names]\n"
        "print(len(names))\n"
    )
    templates = [p for p in (ROOT / "obsy" / "templates").rglob("*") if p.suffix in {".j2", ".esl", ".esq"}]
    assert int(python(code)) == len(templates) > 3
