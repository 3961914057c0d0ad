"""What was well is not checked again, and never said to be well when a check would say otherwise."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.cli.examine import examine
from obsy.engine.declare import memory
from obsy.engine.declare.checked import Checked
from obsy.engine.declare.folders import observatories
from obsy.engine.declare.memory import FILE, Memory
from tests.support.effort import examples

ROOT = Path(__file__).resolve().parents[4]
SMALL = ROOT / "tests" / "golden" / "validate" / "observatory"
PLAN = "kind: plan\nname: m31\ntarget: M31\nwant: !include ../parts/want.yaml\npipeline: deep-sky\n"
WANT = "[{filter: L, exposure: 60 s, count: 3}]\n"
ENDED = "kind: plan\nname: old\ntarget: M31\nwant: [{filter: L, exposure: 60 s, count: 3}]\npipeline: deep-sky\n"
ENDED += "when: {dates: after 2020-01-01 and before 2020-02-01}\n"
OUTPUT = "kind: output\nname: board\nwrite: {safety_proxy: /no-such-folder-here/obsy/safety}\n"
PACK = "kind: pack\nname: their\nsource: https://example.org/their\nversion: '1'\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small observatory with a plan that includes a file, and the working folder."""
    shutil.copytree(SMALL, tmp_path / "here")
    (tmp_path / "outside.yaml").write_text(WANT)
    monkeypatch.chdir(tmp_path / "here")
    for file, text in {"plans/m31.yaml": PLAN, "parts/want.yaml": WANT, "secrets.yaml": "topic: swordfish\n"}.items():
        Path(file).parent.mkdir(exist_ok=True, parents=True)
        Path(file).write_text(text)
    Path("secrets.yaml").chmod(0o600)
    return Path()


def call() -> tuple[Path, tuple[Path, ...]]:
    ((root, plans),) = observatories().items()
    return root, plans


def recalled() -> Checked | None:
    return Memory(*call()).recall()


def looked() -> Checked:
    """What a check says, which is kept."""
    memory = Memory(*call())
    found, besides = examine(*call(), memory.read)
    memory.keep(found, besides)
    return found


def add(file: str, text: str) -> Callable[[], object]:
    return lambda: (Path(file).parent.mkdir(exist_ok=True, parents=True), Path(file).write_text(text))


def link(file: str, to: str) -> Callable[[], object]:
    return lambda: (Path(file).unlink(missing_ok=True), Path(file).symlink_to(to))


EDITS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "a blank more": lambda: Path("plans/m31.yaml").write_text(Path("plans/m31.yaml").read_text() + "\n"),
    "the plan as it was": add("plans/m31.yaml", PLAN),
    "the plan misspelt": add("plans/m31.yaml", PLAN.replace("target", "tarmac")),
    "another plan": add("plans/old.yaml", ENDED),
    "a plan of the same name": add("plans/m31-too.yaml", PLAN),
    "no plan": lambda: [path.unlink() for path in Path("plans").glob("*.yaml")],
    "another part": add("parts/want.yaml", WANT.replace("L,", "R,")),
    "a part without a filter that is there": add("parts/want.yaml", WANT.replace("L,", "no-such,")),
    "the part as it was": add("parts/want.yaml", WANT),
    "no part": lambda: Path("parts/want.yaml").unlink(missing_ok=True),
    "the part elsewhere, with the same text": link("parts/want.yaml", "../../outside.yaml"),
    "an output that has no folder": add("site/board.yaml", OUTPUT),
    "no output": lambda: Path("site/board.yaml").unlink(missing_ok=True),
    "an unlocked pack": add("site/their.yaml", PACK),
    "its lock": add("packs.lock", json.dumps({"their": {"source": PACK.split()[5], "version": "1", "commit": None}})),
    "a file more in it": add("packs/their/x.yaml", ENDED),
    "a file less in it": lambda: Path("packs/their/x.yaml").unlink(missing_ok=True),
    "a site that is changed": add("site/site.yaml", (SMALL / "site/site.yaml").read_text().replace("deg", "deg ", 1)),
    "a hidden file": add("plans/.hidden.yaml", "nonsense: ["),
    "other eyes on the secrets": lambda: Path("secrets.yaml").chmod(0o644),
    "no eyes on the secrets": lambda: Path("secrets.yaml").chmod(0o600),
    "a key of the house": add("site/heart.yaml", "kind: heartbeat\nname: it\naddress: !secret topic\n"),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(20), deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), max_size=6))
def test_what_is_recalled_is_what_a_check_would_say(here: Path, edits: list[str]) -> None:
    for each in ("the plan as it was", "the part as it was", *edits):
        EDITS[each]()
        kept, said = recalled(), looked()
        assert kept in (None, said)


def test_what_changes_is_seen_and_what_is_as_it_was_is_well_again(here: Path) -> None:
    said = looked()
    for edit, undo in {
        "a blank more": "the plan as it was",
        "another part": "the part as it was",
        "no part": "the part as it was",
        "an output that has no folder": "no output",
        "a file more in it": "a file less in it",
        "other eyes on the secrets": "no eyes on the secrets",
    }.items():
        EDITS[edit]()
        assert recalled() is None, edit
        EDITS[undo]()
        assert recalled() == said, undo
    EDITS["a hidden file"]()
    assert recalled() == said
    EDITS["the part elsewhere, with the same text"]()
    assert recalled() is None


@pytest.mark.parametrize("late", [add("plans/late.yaml", "kind: nonsense\n"), add("secrets.yaml", "")])
def test_what_comes_while_it_is_checked_is_looked_at_the_next_time(here: Path, late: Callable[[], object]) -> None:
    memory = Memory(*call())
    found, besides = examine(*call(), memory.read)
    late()
    memory.keep(found, besides)
    assert recalled() is None


def test_it_holds_for_this_call_on_this_day_with_this_house_key_only(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked() == recalled()
    root, plans = call()
    assert Memory(root, (*plans, Path("plans/m31.yaml"))).recall() is None
    with monkeypatch.context() as other:
        other.setenv("OBSY_TOPIC", "another")
        assert recalled() is None
    with monkeypatch.context() as other:
        other.setattr(memory.time, "gmtime", lambda: (2030, 1, 1))
        assert recalled() is None
    with monkeypatch.context() as other:
        other.setattr(sys, "path", [*sys.path, str(root)])
        assert recalled() is None
    assert recalled() is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
@given(st.data())
def test_a_file_that_was_cut_or_spoilt_is_no_memory(here: Path, data: st.DataObject) -> None:
    if not FILE.exists():
        looked()
    whole = FILE.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]]))
    FILE.write_bytes(spoilt)
    assert recalled() is None
    FILE.write_bytes(whole)
    assert recalled() is not None


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null", b'{"circumstances": 1}'])
def test_what_nobody_keeps_so_is_no_memory(here: Path, body: bytes) -> None:
    looked()
    Path(FILE).write_bytes(memory._digest(body).encode() + b"\n" + body)
    assert recalled() is None


def test_another_count_of_files_is_not_believed(here: Path) -> None:
    looked()
    FILE.write_bytes(FILE.read_bytes().replace(b'"files": ', b'"files": 1'))
    assert recalled() is None


def test_the_folder_of_an_output_is_noted_though_it_is_not_there(here: Path) -> None:
    EDITS["an output that has no folder"]()
    found, besides = examine(*call(), {})
    assert [each.code for each in found.warnings] == ["no-such-folder"]
    assert Path("/no-such-folder-here") in besides


def test_where_nothing_may_be_written_it_is_checked_each_time(here: Path) -> None:
    FILE.parent.write_text("no folder")
    assert looked().complaints == ()
    assert recalled() is None


@pytest.mark.long
def test_every_file_that_a_check_opens_is_noted(here: Path) -> None:
    """Else a change of it would not be seen: this holds whoever reads a file of his own to it."""
    for each in ("an unlocked pack", "its lock", "a file more in it", "a key of the house"):
        EDITS[each]()
    script = (
        "import sys, os\nfrom pathlib import Path\nfrom obsy.cli.examine import examine\nopened = set()\n"
        "sys.addaudithook(lambda name, args: opened.add(args[0]) if name == 'open' else None)\n"
        "read = {}\nfound, besides = examine(Path(), (Path('plans'),), read)\n"
        "noted = {os.path.realpath(each) for each in (*read, *besides)}\n"
        "print(*sorted(os.path.relpath(each) for each in map(os.path.realpath, filter(lambda one: isinstance(one, "
        "(str, Path)), opened)) if each.startswith(os.getcwd()) and each not in noted))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stdout.split() == []


@pytest.mark.long
@pytest.mark.once
def test_what_is_recalled_loads_no_schema_and_no_yaml(here: Path) -> None:
    script = (
        "import sys\nfrom obsy.cli import cli\ncli.main(['validate'], standalone_mode=False)\n"
        "print({'pydantic', 'pydantic_core', 'ruamel.yaml', 'obsy.units'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", script]
    first, second = (subprocess.run(run, capture_output=True, text=True, check=True).stdout.split("\n") for _ in "12")
    assert first[0] == second[0]
    assert second[1] == "set()"


def test_no_check_asks_for_more_than_the_day() -> None:
    files = [*(ROOT / "obsy/engine/declare/sense").glob("*.py"), *(ROOT / "obsy/schemas").glob("*.py")]
    assert [file.name for file in files if re.search(r"\bnow\(|\btoday\(|\btime\.time\(", file.read_text())] == []
