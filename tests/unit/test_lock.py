"""What `requirements.lock` promises: all that is declared, pinned, hashed, and missing only what is meant to be."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LEFT_OUT = {"dbus-python"}
"""pyindi-client asks for it and never imports it; it has no wheel (decision 4)."""


def entries() -> Iterator[tuple[Requirement, int]]:
    """Each entry of requirements.lock, and how many hashes it has."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for pin, rest in re.findall(r"^([A-Za-z][^\\\n]*?) *\\?\n(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL):
        yield Requirement(pin), rest.count("--hash=sha256:")


LOCK = {canonicalize_name(pin.name): (pin, hashes) for pin, hashes in entries()}


def declared() -> Iterator[Requirement]:
    """What pyproject.toml asks for, extras and build system included."""
    extras = PROJECT["project"]["optional-dependencies"]
    for group in (PROJECT["project"]["dependencies"], *extras.values(), PROJECT["build-system"]["requires"]):
        yield from map(Requirement, group)


def test_the_lock_pins_everything_declared() -> None:
    assert {"numpy", "pyindi-client", "hatchling"} <= {canonicalize_name(need.name) for need in declared()}
    for need in declared():
        pin, _ = LOCK.get(canonicalize_name(need.name), (None, 0))
        assert pin is not None and need.specifier.contains(str(pin.specifier).removeprefix("==")), (
            f"{need}: `make lock`"
        )


def test_every_pin_is_exact_and_has_its_hashes() -> None:
    assert len(LOCK) > 50
    for pin, hashes in LOCK.values():
        assert str(pin.specifier).startswith("==") and hashes, pin


def test_what_is_installed_is_what_is_locked() -> None:
    wanted = {name: pin for name, (pin, _) in LOCK.items() if pin.marker is None or pin.marker.evaluate()}
    differ = {name: version(name) for name, pin in wanted.items() if not pin.specifier.contains(version(name))}
    assert differ == {}, "run scripts/install.sh"


def needs(name: str) -> Iterator[Requirement]:
    """What an installed library asks for on this machine, without its extras."""
    for text in distribution(name).requires or ():
        need = Requirement(text)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield need


def test_no_library_misses_another_but_those_left_out_on_purpose() -> None:
    missing = set()
    for name, (pin, _) in LOCK.items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        for need in needs(name):
            if canonicalize_name(need.name) in LOCK:
                assert need.specifier.contains(version(need.name), prereleases=True), f"{name} needs {need}"
            else:
                missing.add(canonicalize_name(need.name))
    assert missing == LEFT_OUT


@pytest.mark.parametrize("script", ["install.sh", "real-parts.sh"])
def test_no_script_installs_a_library_beside_the_lock(script: str) -> None:
    text = (ROOT / "scripts" / script).read_text(encoding="utf-8")
    asked = [
        line for line in text.splitlines() if re.search(r"\binstall\b", line) and "pip" in line.split("install")[0]
    ]
    assert [line for line in asked if "--no-deps" not in line] == [], "what a library asks for stands in the lock"
    assert [
        line for line in asked if "--require-hashes" not in line and "--no-deps --no-build-isolation -e ." not in line
    ] == []


def test_what_other_pythons_do_without_is_locked_and_nobody_imports_it() -> None:
    said = re.search(r'LEAVE_OUT="(.*?)"', (ROOT / "scripts" / "pythons.sh").read_text(encoding="utf-8"))
    assert said is not None
    modules = {"mkdocs-material": "material", "mypy": "mypy"}
    assert set(said[1].split("|")) == set(modules) <= set(LOCK)
    imports = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(modules.values())})\b", re.MULTILINE)
    places = [path for room in ("obsy", "tests") for path in (ROOT / room).rglob("*.py")]
    assert [path for path in places if imports.search(path.read_text(encoding="utf-8"))] == []
