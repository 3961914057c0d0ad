import ast
import re
from collections.abc import Iterator
from pathlib import Path

from obsy.cli.progress import SPOKEN
from obsy.engine.runtime.notices import TOLD

ROOMS = ("night", "safety", "sequencer", "runtime", "devices")
EVENT = re.compile(r"[a-z]+(-[a-z]+)*\Z")
WRITERS = {"log", "_log", "write", "note"}


def written(root: Path) -> dict[str, set[str]]:
    """Each event that the code journals, with the facts that it names in the call."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in (root / "obsy" / "engine" / room).rglob("*.py"):
            for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
                for event in events(call):
                    found.setdefault(event, set()).update(word.arg for word in call.keywords if word.arg)
    return found


def events(call: ast.Call) -> Iterator[str]:
    """The names of events that a call may write."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in WRITERS:
        return
    for argument in call.args[: 2 if name == "write" else 1]:
        for each in [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and EVENT.match(each.value):
                yield each.value


def documented(root: Path) -> dict[str, str]:
    """Each event of the manual, with what is said of it."""
    text = (root / "docs" / "journal.md").read_text("utf-8")
    tables = text.partition("## The events")[2].partition("## What scripts")[0]
    return dict(re.findall(r"^\| `([a-z-]+)` \|(.*)$", tables, re.MULTILINE))


def test_every_event_that_is_written_is_documented(root: Path) -> None:
    assert sorted(set(written(root)) - set(documented(root))) == []


def test_every_event_that_is_documented_is_written(root: Path) -> None:
    assert sorted(set(documented(root)) - set(written(root)) - TOLD) == []


def test_every_notice_of_processing_is_documented_and_spoken(root: Path) -> None:
    assert TOLD <= set(documented(root))
    assert TOLD <= set(SPOKEN)


def test_what_is_said_on_the_terminal_is_documented(root: Path) -> None:
    assert sorted(set(SPOKEN) - set(documented(root))) == []


def test_every_fact_that_is_written_is_documented(root: Path) -> None:
    pages = documented(root)
    pages["frame-rejected"] += pages["frame-accepted"]  # "the same"
    missing = [(e, f) for e, facts in written(root).items() for f in sorted(facts) if f"`{f}`" not in pages.get(e, "")]
    assert missing == []
