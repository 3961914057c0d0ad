"""Every event that is declared is written, told to whoever must hear of it, and explained in the manual."""

import ast
import io
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from rich.console import Console

from obsy.cli.screen import LogLines
from obsy.engine.events import EVENTS, INFO, NOTICE, SORTS, TROUBLE, Event
from obsy.engine.fold import fold
from obsy.engine.journal import Journal, read
from obsy.engine.report.inputs import ReportInputs
from obsy.engine.report.page import html
from obsy.engine.report.story import story_of
from obsy.engine.report.terminal import terminal
from obsy.schemas.weather import Weather
from tests.support.golden import assert_golden

AT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
SAMPLES: dict[Any, Any] = {str: "stuck", int: 2, float: 3.5, bool: False, datetime: AT, Mapping: {}}
BEGIN, END = "<!-- events -->\n", "<!-- /events -->"


def sample(kind: type[Event]) -> Event:
    """An event of this kind with every fact it needs."""
    hints = get_type_hints(kind)
    needed = [each.name for each in fields(kind) if each.default is MISSING]
    return kind(**{name: SAMPLES[plain(hints[name])] for name in needed})


def plain(hint: Any) -> Any:
    """The type that a hint allows besides None, without its parameters."""
    inner = next(each for each in get_args(hint) if each is not type(None)) if isinstance(hint, UnionType) else hint
    return get_origin(inner) or inner


def entries(kind: type[Event], folder: Path) -> list[dict[str, Any]]:
    """What the journal keeps of one."""
    with Journal(folder / "journal.jsonl", "2026-11-21") as journal:
        journal.write(AT, sample(kind))
    return list(read(journal.path))


def of_severity(least: int) -> list[Any]:
    return [pytest.param(kind, id=name) for name, kind in EVENTS.items() if kind.severity >= least]


@pytest.mark.parametrize("kind", of_severity(INFO))
def test_every_event_can_be_written_and_read_back(kind: type[Event], tmp_path: Path) -> None:
    (entry,) = entries(kind, tmp_path)
    assert entry["event"] == kind.name
    assert kind.words({**entry, "from": "elsewhere"})


@pytest.mark.parametrize("kind", of_severity(NOTICE))
def test_whoever_watches_hears_of_every_notice(kind: type[Event], tmp_path: Path) -> None:
    (entry,) = entries(kind, tmp_path)
    screen = io.StringIO()
    LogLines(Console(file=screen, width=300), "UTC").tell({**entry, "from": "elsewhere"})
    assert kind.words({**entry, "from": "elsewhere"}) in screen.getvalue()


@pytest.mark.parametrize("kind", of_severity(TROUBLE))
def test_screen_page_and_summary_tell_every_trouble(kind: type[Event], tmp_path: Path) -> None:
    told = entries(kind, tmp_path)
    said, screen, story = (
        kind.words(told[0]),
        io.StringIO(),
        story_of("2026-11-21", fold(told), ReportInputs(site="hill")),
    )
    LogLines(Console(file=screen, width=300), "UTC").tell(told[0])
    assert "stuck" in said or kind.name in {"night-resumed", "activity-stuck", "obsy-died", "obsy-silent"}
    assert said in screen.getvalue()
    assert said.replace("'", "&#39;") in html(story)
    assert said in terminal(story)


@pytest.mark.parametrize("kind", [p for p in of_severity(INFO) if p not in of_severity(TROUBLE)])
def test_the_head_of_the_page_is_kept_for_trouble_and_what_a_plan_asks_to_be_told(
    kind: type[Event], tmp_path: Path
) -> None:
    if kind.severity < TROUBLE:
        assert bool(fold(entries(kind, tmp_path)).notices) == (kind.name == "star-beyond")


@pytest.mark.once
def test_every_event_is_written_somewhere(root: Path) -> None:
    unwritten = {kind.__name__ for kind in EVENTS.values()}
    for path in (root / "obsy" / "engine").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.parent.name != "events" and any(name in text for name in unwritten):
            unwritten -= {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert unwritten == set()


def test_every_quantity_that_an_input_may_measure_can_be_noted() -> None:
    (quantities,) = get_args(Weather.model_fields["measures"].annotation)[:1]
    assert set(get_args(quantities)) == {each.name for each in fields(EVENTS["weather"])} - {"enclosure"}


def test_the_tables_of_the_manual_are_those_of_the_register(root: Path) -> None:
    page = root / "docs" / "journal.md"
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    made = before + BEGIN + "\n".join(manual()) + END + after
    assert_golden(made, page)


def manual() -> Iterator[str]:
    """The tables, a line at a time."""
    for sort in SORTS:
        yield f"### {(sort.__doc__ or '').rstrip('.')}\n"
        yield "| event | severity | when | facts |\n|---|---|---|---|"
        for kind in EVENTS.values():
            if kind.__module__ == sort.__name__:
                when = (kind.__doc__ or "").strip().rstrip(".")
                facts = ", ".join(explained(kind)) or "none"
                yield f"| `{kind.name}` | {kind.severity.name.lower()} | {when} | {facts} |"
        yield ""


def explained(kind: type[Event]) -> Iterator[str]:
    """Each fact with what it means."""
    hints = get_type_hints(kind, include_extras=True)
    told = [each for each in fields(kind) if each.default is MISSING] + [
        each for each in fields(kind) if each.default is not MISSING
    ]
    for each in told:
        hint = hints[each.name]
        means = f": {hint.__metadata__[0]}" if get_origin(hint) is Annotated else ""
        fact = f"`{each.name.rstrip('_')}`{means}"
        yield fact if each.default is MISSING else f"[{fact}]"
