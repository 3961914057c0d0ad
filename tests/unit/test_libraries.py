"""Every library we ask for does work in the product, and the product imports nothing we do not ask for."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMED = ("pydantic", "ruamel.yaml", "jinja2", "astropy", "astroplan", "ccdproc", "photutils", "watchdog", "transitions")
"""What the observatory was asked to stand on, with pyindi-client, which is an extra."""
NEVER_IMPORTED = {"tzdata", "ruamel-yaml-clib"}
"""Data for zoneinfo, and the C part of ruamel.yaml, which ruamel.yaml imports itself."""


def imported(path: Path) -> Iterator[str]:
    """The modules a file imports to run, by their full names; those for type checkers alone do not count."""
    return imported_by(ast.parse(path.read_text(encoding="utf-8")))


def imported_by(node: ast.AST) -> Iterator[str]:
    """Those that a statement imports, or what stands within it."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from (name for each in getattr(node, part, ()) for name in imported_by(each))


@cache
def all_imported() -> frozenset[str]:
    """What the product imports; asked by the tests that want it, and not whenever tests are collected."""
    return frozenset(name for path in (ROOT / "obsy").rglob("*.py") for name in imported(path))


def declared(groups: list[list[str]]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for group in groups for text in group}


def distributions_used() -> set[str]:
    """The distributions that the product's imports come from."""
    known = packages_distributions()
    tops = {name.split(".")[0] for name in all_imported()} - set(sys.stdlib_module_names) - {"obsy"}
    found = {canonicalize_name(dist) for top in tops for dist in known.get(top, [top])}
    # Two are parts of what is declared: pydantic's own core, and the C part of ruamel.yaml.
    return found - {"pydantic-core", "ruamel-yaml-clib"}


@pytest.mark.slow
@pytest.mark.parametrize("library", NAMED)
def test_a_library_we_were_asked_to_use_does_work_in_the_product(library):
    assert any(name == library or name.startswith(f"{library}.") for name in all_imported())


@pytest.mark.long
def test_pyindi_client_drives_devices():
    assert "PyIndi" in all_imported()


@pytest.mark.long
def test_every_dependency_is_imported_by_the_product():
    assert declared([PROJECT["dependencies"]]) - NEVER_IMPORTED - distributions_used() == set()


def test_every_import_of_the_product_is_declared():
    extras = PROJECT["optional-dependencies"]
    wanted = declared([PROJECT["dependencies"], *(extras[name] for name in extras if name != "dev")])
    assert distributions_used() - wanted == set()


@pytest.mark.long
def test_linear_algebra_has_one_thread() -> None:
    count = "import obsy, numpy, scipy.linalg, os; print(len(os.listdir('/proc/self/task')))"
    assert subprocess.run([sys.executable, "-c", count], capture_output=True, check=True).stdout == b"1\n"
