"""A word of `when`, a kind of document and an importer are one file and one entry: each is added to a copy of obsy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]

ZENITH = '''
"""The target keeps away from the zenith."""

from typing import ClassVar

from obsy.schemas.constraints.constraint import Bounds, Constraint, Numbers, TargetSeen
from obsy.units import Separation


class Zenith(Constraint):
    """How near the zenith the target may come."""

    rests_on: ClassVar = "place"
    farther_than: Separation
    """Its least distance."""

    def margin(self, seen: TargetSeen) -> Numbers:
        """How much farther away it is, degrees."""
        return 90.0 - seen.altitude_deg - self.farther_than

    def unit(self, _seen: TargetSeen, _at: int) -> str:
        """The unit of its margin."""
        return "deg"

    def reason(self) -> str:
        """Why it refuses."""
        return f"it is not farther than {self.farther_than:g} deg from the zenith"

    def edge(self, _seen: TargetSeen, inside: int, outside: int) -> str:
        """What happens there."""
        return "it comes near the zenith" if outside > inside else "it leaves the zenith"

    def bounds(self) -> Bounds:
        """Where it lets a target stand."""
        return Bounds(highest_deg=90.0 - self.farther_than)
'''

BADGE = '''
"""What hangs at a door."""

from typing import Literal

from obsy.schemas.model import Document, Text


class Badge(Document):
    """A badge."""

    kind: Literal["badge"]
    says: Text
    """What stands on it."""
'''

WISHLIST = '''
"""Names, one a line, after a first line that says so."""

from collections.abc import Iterator

from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Leftover, Wish, frames


@reads("wish list", r"\\\\AWISHES\\\\n", "a first line 'WISHES'", "WISHES")
def targets(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield a wish for each line."""
    for number, name in enumerate(source.text.splitlines()[1:], 2):
        yield Wish(name, number, name, (frames("L", 60.0, 10),))
'''.replace("\\\\", "\\")

FILES = {
    "schemas/constraints/zenith.py": ZENITH,
    "schemas/badge.py": BADGE,
    "engine/importing/wishlist.py": WISHLIST,
}
ENTRIES = (
    (
        "schemas/when.py",
        "from obsy.schemas.model import Model\n",
        "from obsy.schemas.constraints.zenith import Zenith\n",
    ),
    ("schemas/when.py", "    airmass: Airmass | None = None\n", "    zenith: Zenith | None = None\n"),
    ("schemas/kinds.py", '    "power": "power.Power",\n', '    "badge": "badge.Badge",\n'),
    ("engine/importing/formats.py", '    "obsy": "friend.plans",\n', '    "wishes": "wishlist.targets",\n'),
)
"""In which file, before which line, which line."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with obsy as a stranger has extended it, beside a copy of the example."""
    folder = tmp_path_factory.mktemp("stranger")
    shutil.copytree(ROOT / "obsy", folder / "obsy")
    for room in ("site", "library", "plans"):
        shutil.copytree(ROOT / room, folder / room)
    for name, text in FILES.items():
        (folder / "obsy" / name).write_text(text.lstrip(), encoding="utf-8")
    for name, before, line in ENTRIES:
        path = folder / "obsy" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} in {name}"
        path.write_text(text.replace(before, line + before), encoding="utf-8")
    return folder


def obsy(home: Path, *arguments: str) -> str:
    """What the extended obsy says."""
    environment = os.environ | {"PYTHONPATH": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-m", "obsy", *arguments]
    found = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=200)
    return found.stdout + found.stderr


def plan(home: Path, phrase: str) -> None:
    """Write a plan that says so, of what is highest at midnight, and in the north, on 10 December."""
    said = "kind: plan\nname: near\ntarget: {ra: 05h12m, dec: 85 deg}\nwant: [{filter: L, exposure: 60 s, count: 5}]\n"
    (home / "plans" / "near.yaml").write_text(f"{said}when: {{zenith: {phrase}}}\npipeline: deep-sky\n")


@pytest.mark.slow
def test_a_new_constraint_is_checked_taught_and_kept(home: Path) -> None:
    plan(home, "further than 20 deg")
    assert "plans/near.yaml:5:16: not-understood" in (told := obsy(home, "validate"))
    assert "write 'farther than 20 deg'" in told

    plan(home, "farther than 89 deg")
    assert "plans/near.yaml:5:16: never-rises" in obsy(home, "validate")

    plan(home, "farther than 54 deg")  # from 47 deg at midnight to 57 deg at noon
    assert "All is well" in obsy(home, "validate")
    assert "it is not farther than 54 deg from the zenith" in obsy(home, "why", "near", "--night", "2026-12-10")
    assert '"How near the zenith the target may come.' in obsy(home, "schema", "plan")


@pytest.mark.long
def test_a_new_kind_is_checked_and_taught(home: Path) -> None:
    (home / "library" / "badge.yaml").write_text("kind: badge\nname: door\nsay: hello\n", encoding="utf-8")
    assert "library/badge.yaml:3:1: unknown-key" in (told := obsy(home, "validate"))
    assert "did you mean 'says'?" in told
    (home / "library" / "badge.yaml").write_text("kind: badge\nname: door\nsays: hello\n", encoding="utf-8")
    assert "1 badge" in obsy(home, "validate")


@pytest.mark.long
def test_a_new_importer_reads_what_it_recognises(home: Path) -> None:
    (home / "list.txt").write_text("WISHES\nM33\nM81\n", encoding="utf-8")
    assert "m33" in obsy(home, "import", "list.txt", "--dry-run")
