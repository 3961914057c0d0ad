"""What an editor is told while somebody writes a plan beside the example."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsy.engine.editor.cursor import Cursor, cursor
from obsy.engine.editor.hover import hover
from obsy.engine.editor.suggestions import suggestions
from obsy.engine.editor.workspace import Workspace

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
HEAD = "kind: plan\nname: mine\n"


@pytest.fixture(scope="module")
def workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    here = tmp_path_factory.mktemp("here")
    for room in ("site", "library"):
        shutil.copytree(root / room, here / room)
    (here / "plans").mkdir()
    (here / "plans/set.yaml").write_text("kind: exposures\nname: red\nwant: [{filter: R, exposure: 60 s, count: 3}]\n")
    found = Workspace(here, here / "plans")
    assert found.all() == {}
    return found


def here(text: str) -> Cursor:
    before, _, after = text.partition("|")
    return cursor(before + after, before.count("\n"), len(before) - before.rfind("\n") - 1)


def proposed(workspace: Workspace, text: str) -> list[str]:
    return [label for label, _, _ in suggestions(here(HEAD + text), workspace)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("target: m 3|", {"M 31", "M 33"}),
        ("want:\n  - {filter: |", {"L", "R", "Ha"}),
        ("want:\n  - {filter: [L, |", {"L", "R", "Ha"}),
        ("pipeline: |", {"deep-sky", "photometry"}),
        ("want: |", {"red"}),
        ("want:\n  - re|", {"red", "filter"}),
        ("when:\n  |", {"altitude", "moon", "season"}),
        ("when:\n  altitude: |", {"above 35 deg", "below 35 deg"}),
        ("urg|", {"urgency", "target", "want"}),
    ],
)
def test_what_may_stand_there_is_proposed(workspace: Workspace, text: str, expected: set[str]) -> None:
    found = proposed(workspace, text)
    assert expected <= {each.replace("M31", "M 31").replace("M33", "M 33") for each in found}, found


def test_keys_that_must_be_there_come_first_and_those_that_are_do_not_come_again(workspace: Workspace) -> None:
    found = proposed(workspace, "|")
    assert found.index("want") < found.index("notes")
    assert "name" not in found


def test_an_unsaved_text_is_judged_as_if_it_were_saved(workspace: Workspace) -> None:
    path = workspace.plans / "mine.yaml"
    workspace.buffers[path] = HEAD + "target: M31\nwant: red\npipeline: deep-skye\n"
    try:
        ((told, level),) = workspace.one(path)[path]
        assert (told.code, told.mark.line, level) == ("unknown-reference", 5, "error")
        workspace.buffers[path] = HEAD + "target: M31\nwant: red\npipeline: deep-sky\n"
        assert workspace.one(path) == {path: []}
    finally:
        del workspace.buffers[path]


def test_a_name_leads_to_its_document(workspace: Workspace) -> None:
    mark = workspace.place(here(HEAD + "want: red|"), "red")
    assert mark is not None and (Path(mark.file).name, mark.line) == ("set.yaml", 2)
    assert workspace.place(here(HEAD + "want: blue|"), "blue") is None
    included = workspace.included(workspace.plans / "mine.yaml", "!include set.yaml")
    assert included is not None and Path(included.file).name == "set.yaml"
    assert workspace.included(workspace.plans / "mine.yaml", "!include none.yaml") is None


def test_a_target_says_how_it_stands_tonight(workspace: Workspace) -> None:
    said = hover(here(HEAD + "target: M31|"), "M31", workspace, NOW)
    assert said.startswith("**M 31**: galaxy of magnitude 3.4")
    assert "On 2026-11-26 at nerpio: culminates at 21:" in said
    assert "70 deg from the Moon" in said
    assert "knows nothing" in hover(here(HEAD + "target: Nobody|"), "Nobody", workspace, NOW)


def test_a_key_says_what_it_means(workspace: Workspace) -> None:
    assert hover(here(HEAD + "pri|"), "priority", workspace, NOW).startswith("How much it is wanted")
