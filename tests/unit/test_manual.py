"""The pages of the manual: what they show is well or played, and what is written for them leaves nothing out."""

import re
from pathlib import Path

import pytest
from click import Context, Option

from obsy.cli import VERBS, cli
from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document
from scripts.manual import language, verbs
from tests.support.manual import BLOCK, play
from tests.unit.schemas.test_kinds import models

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {path.stem: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
PLAYED = {"first-night", "recipes", "science"}
"""Run by tests/scenario/test_manual.py."""


@pytest.mark.once
def test_commands_stand_on_pages_that_are_played() -> None:
    assert {page for page, text in PAGES.items() if "```console\n" in text} == PLAYED


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES)
def test_a_list_and_a_table_stand_apart_as_the_site_needs_and_a_forge_does_not(page: str) -> None:
    prose = re.sub(r"^```.*?^```$", "```", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    item = r"(?:[-*]|\d+\.) "
    assert re.findall(rf"^(?!{item}|  |#|$|\|)[^\n]+\n(?:{item}|\|)[^\n]*", prose, re.MULTILINE) == []


@pytest.mark.once
@pytest.mark.parametrize(
    "page", sorted(PAGES.keys() - PLAYED - {"language"})
)  # tests/unit/schemas/test_manual.py reads that
def test_every_document_that_a_page_shows_is_well(page: str, tmp_path: Path) -> None:
    for number, (_, text) in enumerate(BLOCK.findall(PAGES[page])):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
        names = set(re.findall(r"!secret ([a-z0-9-]+)", text))
        (tmp_path / "secrets.yaml").write_text("".join(f"{name}: a-secret\n" for name in names), encoding="utf-8")
        (tmp_path / "secrets.yaml").chmod(0o600)
        reader = Reader(tmp_path)
        checked = [check(document, ()) for document in reader.read([tmp_path / f"{number}.yaml"])]
        assert reader.complaints == []
        assert checked
        assert all(isinstance(model, Document) for model in checked), checked


@pytest.mark.once
def test_every_kind_and_key_is_told() -> None:
    told = "\n".join(language())
    sections = dict(re.findall(r"^##+ [^\n]* \{#([a-z-]+)\}\n(.*?)(?=^##|\Z)", told, re.MULTILINE | re.DOTALL))
    assert set(KINDS) <= set(sections)
    for kind in KINDS.values():
        for model in models(kind):
            section = sections[next(k for k in (kind_of(model), f"part-{model.__name__.lower()}") if k in sections)]
            assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(model.model_fields)
    assert set(re.findall(r"\(#([a-z-]+)\)", told)) <= set(sections)


def kind_of(model: type) -> str:
    return next((kind for kind, each in KINDS.items() if each is model), "")


@pytest.mark.once
def test_a_key_says_its_unit_what_counts_unsaid_and_what_is_reserved() -> None:
    told = "\n".join(language())
    assert "| `overlap` | a share, such as `50 %` | `15 %` | Share of a tile's edge" in told
    assert "| `priority` | a whole number, at least 1 and at most 10 | `5` |" in told
    assert "*Reserved: `twilight`, `dawn`.*" in told


@pytest.mark.once
def test_every_verb_and_option_is_told() -> None:
    sections = dict(re.findall(r"^## obsy (\S+)\n(.*?)(?=^## |\Z)", "\n".join(verbs()), re.MULTILINE | re.DOTALL))
    assert list(sections) == list(VERBS)
    for name, section in sections.items():
        command = cli.get_command(Context(cli), name)
        assert command is not None
        options = [each for each in command.params if isinstance(each, Option)]
        assert [each.opts for each in options if f"`{each.opts[-1]}" not in section.replace(", ", "`")] == []


@pytest.mark.once
def test_a_page_is_played_in_its_order_and_shows_what_was_said(tmp_path: Path) -> None:
    page = "```yaml\n# plans/a.yaml\nkind: plan\n```\n```console\n$ cat plans/a.yaml\nof old\n$ false; echo $?\n```\n"
    assert play(page, tmp_path) == page.replace("of old", "# plans/a.yaml\nkind: plan").replace("$?\n", "$?\n1\n")
