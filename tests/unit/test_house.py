"""The laws of the house that no linter knows: sizes, arrows, names, and what must be written down."""

import ast
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted((ROOT / "obsy").rglob("*.py"))
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# One forbidden arrow for each contract in pyproject.toml: contract, the file that draws it, what the file says.
CROOKED = (
    ("Arrows point down", "schemas/crooked.py", "import obsy.engine"),
    ("Arrows point down inside the engine", "engine/devices/crooked.py", "import obsy.engine.sky"),
    (
        "What may be written is cheap to read: no numbers library below the engine",
        "schemas/heavy.py",
        "import numpy",
    ),
    (
        "Making safe needs no plan, no schedule, no database and no astropy",
        "engine/safety/planned.py",
        "import obsy.engine.schedule",
    ),
    (
        "The guard of the roof needs nothing that a night needs",
        "engine/devices/indi/server.py",
        "import obsy.engine.render",
    ),
    (
        "Only a verb asks why: no night does, nor what plans it",
        "engine/runtime/blame.py",
        "import obsy.engine.runtime.why.answer",
    ),
    ("ruamel has one door: declare", "cli/crooked.py", "import ruamel.yaml"),
    ("jinja2 has one door: render", "engine/sky/painted.py", "from jinja2 import Template"),
    ("transitions has one door: night", "engine/devices/moved.py", "import transitions"),
    ("watchdog has one door: frames.watch", "engine/frames/crooked.py", "import watchdog.observers"),
    ("Django has one door: store", "cli/stored.py", "import django.db"),
    ("D-Bus has one door: devices.ekos", "engine/devices/simulated/crooked.py", "import jeepney"),
    ("INDI has one door: devices.indi", "engine/devices/simulated/indirect.py", "import PyIndi"),
    (
        "MQTT has a door each way: devices.sources.mqtt, telling.broker",
        "engine/devices/sources/crooked.py",
        "import paho.mqtt.client",
    ),
    ("apprise has one door: telling.service", "engine/telling/crooked.py", "import apprise"),
    ("ONNX Runtime has one door: clouds.network", "engine/clouds/crooked.py", "import onnxruntime"),
    (
        "Telling people touches no device, and nothing that moves one waits for it",
        "engine/telling/moving.py",
        "import obsy.engine.devices.ports",
    ),
    ("The language server's protocol has one door: editor.server", "engine/editor/crooked.py", "import lsprotocol"),
    ("emcee has one door: science.transit.posterior", "engine/science/crooked.py", "import emcee"),
    ("OR-Tools has one door: solver.exact", "engine/schedule/crooked.py", "import ortools.sat.python.cp_model"),
    ("The solver is numbers alone", "engine/solver/starry.py", "import obsy.moments"),
    ("Serial lines have one door: devices.sources.line", "engine/devices/indi/crooked.py", "import serial"),
    ("astroplan has one door: doctor.second_opinion", "engine/sky/observed.py", "import astroplan"),
    ("The sky is worked out without astropy", "engine/schedule/timed.py", "import astropy.time"),
    ("sgp4 has one door: sky.satellite", "engine/sky/crooked.py", "import sgp4"),
)


def arrows(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the package in `folder`, by the contracts that stand in its pyproject.toml."""
    command = [LINT_IMPORTS, "--no-cache", "--config", folder / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def crooked(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the package in which every contract is broken once."""
    copy = tmp_path_factory.mktemp("crooked")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(ROOT / "obsy", copy / "obsy", ignore=lambda _, names: {n for n in names if not is_code(n)})
    for _, name, line in CROOKED:
        path = copy / "obsy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(line + "\n", encoding="utf-8")
    told = arrows(copy)
    assert told.returncode == 1, told.stdout + told.stderr
    return told.stdout


def is_code(name: str) -> bool:
    """True for folders and Python files, the only things import-linter reads."""
    return name != "__pycache__" and (name.endswith(".py") or "." not in name)


@pytest.mark.parametrize(("contract", "name", "line"), CROOKED, ids=[name for name, _, _ in CROOKED])
def test_a_forbidden_arrow_is_told(contract: str, name: str, line: str, crooked: str) -> None:
    assert f"{contract} BROKEN" in crooked
    assert "obsy." + name.removesuffix(".py").replace("/", ".") in crooked, f"{line} in {name} is not named"


def test_every_contract_has_a_forbidden_arrow_to_prove_it() -> None:
    contracts = [contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]]
    assert sorted(contracts) == sorted(name for name, _, _ in CROOKED)


def layers(contract: str) -> list[list[str]]:
    """The rooms of a contract of layers that there are, from above."""
    (found,) = [each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["name"] == contract]
    (container,) = found["containers"]
    folder = ROOT / container.replace(".", "/")
    named = [re.findall(r"\w+", line) for line in found["layers"]]
    return [[each for each in line if (folder / each).is_dir() or (folder / f"{each}.py").is_file()] for line in named]


def test_the_picture_of_who_may_know_whom_shows_the_arrows_that_the_linter_holds() -> None:
    told = page("docs/architecture.md").partition("## Who may know whom\n")[2].partition("Arrows only point down")[0]
    first, *below = [re.findall(r"\w+", line) for line in told.splitlines() if line.startswith("    ")]
    assert [[each] for each in first] == layers("Arrows point down")
    assert below == layers("Arrows point down inside the engine")


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("obsy", cache_dir=None)
    code = {each for each in graph.modules if graph.find_children(each) == set()}  # a folder's face is not its rooms
    TopologicalSorter({each: graph.find_modules_directly_imported_by(each) & code for each in code}).prepare()


def lines(path: Path) -> int:
    """How many lines `path` has."""
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def defined(path: Path) -> tuple[dict[int, int], dict[int, list[str]], list[str]]:
    """By the line of each function of a file, how long it is and which types it lacks; and the classes of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {each.lineno: (each.end_lineno or 0) - each.lineno + 1 for each in functions}
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    return lengths, {each.lineno: bare(each) for each in functions}, classes


def bare(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The arguments of `function` that lack a type, and `return` if that does."""
    stated = function.args
    every = [*stated.posonlyargs, *stated.args, *stated.kwonlyargs, stated.vararg, stated.kwarg]
    untyped = [a.arg for a in every if a and a.annotation is None and a.arg not in {"self", "cls"}]
    return untyped + (["return"] if function.returns is None else [])


def test_no_file_is_longer_than_300_lines() -> None:
    assert {str(path): lines(path) for path in SOURCES if lines(path) > 300} == {}


def test_half_of_the_files_have_at_most_80_lines() -> None:
    assert statistics.median(lines(path) for path in SOURCES) <= 80


def test_no_function_is_longer_than_60_lines() -> None:
    long = {f"{path}:{line}": n for path in SOURCES for line, n in defined(path)[0].items() if n > 60}
    assert long == {}


def test_every_function_is_typed() -> None:
    untyped = {f"{path}:{line}": lacks for path in SOURCES for line, lacks in defined(path)[1].items() if lacks}
    assert untyped == {}


def test_no_class_name_has_two_meanings() -> None:
    where: dict[str, list[str]] = {}
    for path in [path for path in SOURCES if path.parent.name != "migrations"]:  # Django names those
        for name in defined(path)[2]:
            where.setdefault(name, []).append(str(path))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What git answers in this repository, without any ignore rules of the person running it."""
    command = ["git", "-c", "core.excludesFile=/dev/null", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_observatory_is_never_ignored() -> None:
    wanted = ["site/site.yaml", "plans/m31.yaml", "library/nights/standard.yaml", "requirements.lock"]
    told = git("check-ignore", "--no-index", *wanted)
    assert (told.stdout, told.returncode) == ("", 1), told.stderr


def test_what_a_machine_makes_is_ignored() -> None:
    made = ["data/simulated/store.sqlite", ".venv/pyvenv.cfg", "secrets.yaml", "site/secrets.yaml"]
    assert git("check-ignore", "--no-index", *made).stdout.split() == made


@cache
def written() -> tuple[tuple[str, str], ...]:
    """Name and text of each file that is, or would be, committed; packed catalogues and pictures left out."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    paths = [ROOT / name for name in filter(None, listed.stdout.split("\0"))]
    contents = {path: path.read_bytes() for path in paths if path.is_file()}
    return tuple(
        (str(path.relative_to(ROOT)), content.decode("utf-8", errors="replace"))
        for path, content in contents.items()
        if b"\0" not in content
    )


def told_by(pattern: str) -> list[str]:
    """Each place in a committed file where `pattern` is found."""
    search = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in written()
        if search.search(text)  # line by line takes ten times as long
        for number, line in enumerate(text.splitlines(), start=1)
        if search.search(line)
    ]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert told_by(r"(?<![\w.~$)}-])/(?:home|root|Users|work|workspace|builds|mnt)/[\w.]") == []


def test_no_file_names_a_package_registry() -> None:
    hosts = r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|crates|debian|conda|golang)[\w.-]*"
    assert told_by(hosts + r"|(?<!no-emit)--(?:extra-)?index-url|(?<!emit)-find-links[ =]") == []


def test_no_test_is_left_out_because_a_module_of_ours_cannot_be_loaded() -> None:
    assert told_by(r"importorskip\(\s*f?[\"']obsy") == []  # a file that got another name would end its test unseen


def page(name: str) -> str:
    """The text of a page people are promised."""
    path = ROOT / name
    assert path.is_file(), f"{name} is not written yet"
    return path.read_text(encoding="utf-8")


def verbs() -> list[str]:
    """The commands `obsy --help` lists."""
    command = [sys.executable, "-m", "obsy", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = re.findall(r"^  ([a-z][a-z-]*)", told.stdout.partition("Commands:")[2], re.MULTILINE)
    assert found, told.stdout
    return found


def test_every_verb_is_in_the_readme() -> None:
    readme = page("README.md")
    assert [verb for verb in verbs() if f"obsy {verb}" not in readme] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = page("docs/decisions/README.md")
    assert [p.name for p in folder.glob("*.md") if p.name != "README.md" and f"({p.name})" not in index] == []


def test_every_test_that_is_named_as_proof_of_the_house_is_there() -> None:
    proofs = page("docs/decisions/0045-the-house-done.md")
    files = set(re.findall(r"`(tests/[\w/]+\.py)`", proofs))
    assert [name for name in files if not (ROOT / name).is_file()] == []
    every = "".join((ROOT / name).read_text(encoding="utf-8") for name in files if (ROOT / name).is_file())
    assert [name for name in re.findall(r"`(test_\w+)`", proofs) if f"def {name}(" not in every] == []


def test_what_may_ask_the_network_in_astropy_has_few_doors() -> None:
    """Clocks and frames of the sky fetch a table of the IERS if theirs is old; import-linter knows whole packages."""
    asks = re.compile(r"^\s*(from|import) astropy(\.| import )(time|coordinates|utils\.iers|utils import iers)\b", re.M)
    doors = {each.relative_to(ROOT).as_posix() for each in SOURCES if asks.search(each.read_text(encoding="utf-8"))}
    assert doors == {
        "obsy/cli/target.py",  # angles alone
        "obsy/engine/declare/online.py",  # asks SIMBAD, and says so
        "obsy/engine/devices/simulated/cards.py",  # angles alone
        "obsy/engine/doctor/second_opinion.py",  # with the table that is installed
    }
