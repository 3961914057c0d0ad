"""The mutation run itself: what it breaks, what it leaves alone, and that a fault is found or survives as it should."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutate import mutants
from tests.mutants.targets import TARGETS, answering, mirror, missing

ROOT = Path(__file__).resolve().parents[2]


def changes(source: str) -> set[str]:
    """The lines that stand in place of others."""
    plus = [
        line
        for m in mutants("a.py", source.encode())
        for line in m.diff(source.encode()).splitlines()
        if line[0] == "+"
    ]
    return {line[1:].strip() for line in plus}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ok = a < b", {"ok = (a <= b)", "ok = (a >= b)"}),
        ("ok = a <= b < c", {"ok = (a < b < c)", "ok = (a > b < c)", "ok = (a <= b <= c)", "ok = (a <= b >= c)"}),
        ("ok = a and b", {"ok = (a or b)"}),
        ("ok = not a", {"ok = (a)"}),
        ("ok = a + b * c", {"ok = (a - b * c)", "ok = a + (b / c)"}),
        ("ok = True", {"ok = False"}),
        ("ok = 0.5", {"ok = (0.5 + 1)"}),
        ("ok = 'word'", set()),
        ("ok = f'{1} word'", set()),
        ("ok: int = 3", {"ok: int = (3 + 1)"}),
        ("a += 1", {"a -= 1", "a += (1 + 1)"}),
        ("close()", {"pass"}),
        ("assert a < b", set()),
        ("ok = [a for a in b if a]", {"ok = ([a for a in b])"}),
        ("ok = a if b() else c", {"ok = (a if not b() else c)"}),
    ],
)
def test_a_line_becomes(line: str, expected: set[str]) -> None:
    assert changes(line) == expected


def test_a_function_returns_none_and_takes_the_other_branch() -> None:
    source = 'def f(a: "x < 1" = 2) -> "y < 1":\n    """Return 1."""\n    if a():\n        return 5\n    return None\n'
    assert changes(source) == {
        'def f(a: "x < 1" = (2 + 1)) -> "y < 1":',
        "if not a():",
        "return None",
        "return (5 + 1)",
    }


@pytest.mark.parametrize("module", TARGETS)
def test_every_mutant_of_a_module_differs_and_compiles(module: str) -> None:
    source = (ROOT / module).read_bytes()
    found = mutants(module, source)
    assert found
    assert len({mutant.applied(source) for mutant in found}) == len(found)
    whole = ast.dump(ast.parse(source))
    assert all(ast.dump(ast.parse(mutant.applied(source))) != whole for mutant in found)


def test_every_module_that_decides_exists_and_is_answered_for() -> None:
    assert list(missing(ROOT)) == []
    assert mirror("obsy/engine/intent.py") == "tests/unit/engine/test_intent.py"
    assert all(path.startswith("tests/") for module in TARGETS for path in answering(ROOT, module))


def test_a_module_that_does_not_decide_is_refused() -> None:
    command = [sys.executable, "-m", "tests.mutants", "obsy/nothing.py"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "obsy/units.py" in told.stderr


def test_a_fault_is_found_where_a_test_looks_and_survives_where_none_does(tmp_path: Path) -> None:
    for name in ("tests/__init__.py", "obsy/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    shutil.copytree(ROOT / "tests" / "mutants", tmp_path / "tests" / "mutants")
    targets = tmp_path / "tests" / "mutants" / "targets.py"
    text = targets.read_text()
    begin, end = text.index("TARGETS:"), text.index("def mirror")
    targets.write_text(f'{text[:begin]}TARGETS: dict[str, tuple[str, ...]] = {{"obsy/deed.py": ()}}\n\n\n{text[end:]}')
    (tmp_path / "obsy" / "deed.py").write_text("def deed(a):\n    return a > 3\n")
    profile = 'from hypothesis import settings\n\nsettings.register_profile("mutants", max_examples=5)\n'
    (tmp_path / "tests" / "conftest.py").write_text(profile)
    (tmp_path / "tests" / "unit").mkdir()
    test = "from obsy.deed import deed\n\ndef test_it():\n    assert deed(9) and not deed(1)\n"
    (tmp_path / "tests" / "unit" / "test_deed.py").write_text(test)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\n')
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    command = [sys.executable, "-m", "tests.mutants", "--jobs", "1"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "return (a >= 3)" in told.stdout, told.stdout + told.stderr
    assert "return (a <= 3)" not in told.stdout
    assert "2 of 4 faults found: below 90 %" in told.stdout, told.stdout
    assert told.returncode == 1
    assert (tmp_path / "obsy" / "deed.py").read_text() == "def deed(a):\n    return a > 3\n"
