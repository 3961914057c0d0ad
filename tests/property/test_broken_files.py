"""However a file that is well is broken, what is wrong is told in words, at a place inside it."""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.cli.validate import validate
from obsy.engine.declare.folders import files
from tests.support.effort import costly

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
WELL = [*BLOCKS, *(path.read_text("utf-8") for room in ("site", "library", "plans") for path in files(ROOT / room))]
PLANS = [text for text in WELL if "kind: plan" in text]
OTHERS = [text for text in WELL if "kind:" in text and "kind: plan" not in text]
TOGETHER = 50
"""Broken plans that are looked at at once, each of them a case: 2,000 in CI, 20,000 in `make drills`."""
SIGNS = [
    *":-{}[],&*!|>'\"%@`#?=~/\\\t 0é\u00a0\u2013\u201d°µ\x00\u2028",
    ": ",
    "- ",
    "\n",
    "---\n",
    "!include ",
    "<<: ",
    "*a",
]
SCALARS = """
0 -1 1e999 .inf .nan 12:30:00 5,5 0x10 0o17 1_000 on no true null ~ 2026-11-21 21.11.2026 '' "" [] {} [[1]] {a: 1}
!secret gone !include gone.yaml !!int x *gone L 180 180s 3h '180 s' 35deg 35° -35 M31 m31 above 35 1 h 30 min
""".split()
SCALAR = re.compile(r"(?<=: )[^\[\]{},\n#]+|(?<=[\[ ])[^\[\]{},:\n#]+(?=[,\]])")
Mutation = Callable[[random.Random, list[str]], None]


def delete(chance: random.Random, lines: list[str]) -> None:
    del lines[chance.randrange(len(lines))]


def duplicate(chance: random.Random, lines: list[str]) -> None:
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))


def swap(chance: random.Random, lines: list[str]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def indent(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = chance.choice([" ", "  ", "\t", "- ", "    "]) + chance.choice([lines[at], lines[at].lstrip()])


def cut(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]


def insert(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    column = chance.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:column] + chance.choice(SIGNS) + lines[at][column + chance.randrange(2) :]


def change(chance: random.Random, lines: list[str]) -> None:
    """Another value, or another type, in the place of one."""
    places = [(at, found.span()) for at, line in enumerate(lines) for found in SCALAR.finditer(line)]
    if places:
        at, (start, end) = chance.choice(places)
        others = [each[start:end] for at, (start, end) in places for each in [lines[at]]]
        lines[at] = lines[at][:start] + chance.choice([chance.choice(SCALARS), chance.choice(others)]) + lines[at][end:]


def rename(chance: random.Random, lines: list[str]) -> None:
    keys = [(at, found.span()) for at, line in enumerate(lines) for found in re.finditer(r"\w+(?=:)", line)]
    if keys:
        at, (start, end) = chance.choice(keys)
        key = lines[at][start:end]
        other = chance.choice([key[1:], key.upper(), key + "s", key.replace("e", "a"), "name", "when", "want"])
        lines[at] = lines[at][:start] + other + lines[at][end:]


MUTATIONS: tuple[Mutation, ...] = (delete, duplicate, swap, indent, cut, insert, insert, change, change, change, rename)


def mutated(chance: random.Random, text: str) -> str:
    """A text with one to four faults."""
    for _ in range(chance.choice([1, 1, 2, 4])):
        lines = text.split("\n")
        chance.choice(MUTATIONS)(chance, lines)
        text = "\n".join(lines) or "\n"
    return text


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("broken")
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, root / room)
    (root / "plans").mkdir()
    return root


def inside(told: dict[str, object], root: Path) -> bool:
    """Whether a complaint points into a file that is there; what is missing altogether is told of a folder."""
    path, line, column = root / str(told["file"]), int(str(told["line"])), int(str(told["column"]))
    if path.is_dir():
        return (line, column) == (1, 1)
    lines = path.read_text("utf-8").split("\n")
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.long
@settings(max_examples=costly(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_a_broken_file_is_told_at_a_place_inside_it(here: Path, seed: int) -> None:
    chance = random.Random(seed)
    texts = {f"plans/{number}.yaml": mutated(chance, chance.choice(PLANS)) for number in range(TOGETHER)}
    if chance.random() < 0.5:
        texts["site/zz.yaml"] = mutated(chance, chance.choice(OTHERS))
    (here / "site" / "zz.yaml").unlink(missing_ok=True)
    for name, text in texts.items():
        (here / name).write_text(text, "utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        said = CliRunner().invoke(validate, ["--json"])
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exc_info
        told = json.loads(said.stdout)
        shown = CliRunner().invoke(validate, []) if seed % 8 == 0 else said
    assert said.exit_code == shown.exit_code == int(any(each["level"] == "error" for each in told))
    assert [each for each in told if not inside(each, here)] == []
    assert all(each["found"] and each["expected"] and each["mend"] for each in told), told
    assert [each for each in told if each["code"] == "unfit"] == []
