"""The manual is run: what it shows is well, and what obsy says is in it."""

import re
from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader
from obsy.schemas.kinds import KINDS, PLANNED
from obsy.schemas.model import Document

ROOT = Path(__file__).resolve().parents[3]
MANUAL = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
SECTIONS = {
    heading: blocks
    for heading, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", MANUAL, re.MULTILINE | re.DOTALL)
    if (blocks := re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
}
BUILT = [(kind, block) for kind, blocks in SECTIONS.items() if "planned" not in kind for block in blocks]


@pytest.mark.parametrize(("kind", "block"), BUILT, ids=[kind for kind, _ in BUILT])
def test_every_example_of_the_manual_is_well(kind: str, block: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(block, encoding="utf-8")
    reader = Reader(tmp_path)
    documents = reader.read([file])
    checked = [check(document, ()) for document in documents]
    assert reader.complaints == []
    assert all(isinstance(model, Document) for model in checked), checked
    assert {document.kind for document in documents} == {kind}


def test_every_kind_has_its_example() -> None:
    assert {kind for kind, _ in BUILT} == set(KINDS)


def test_every_planned_kind_is_settled_on_paper() -> None:
    assert {heading.split()[0] for heading in SECTIONS if "planned" in heading} == set(PLANNED)


def test_every_complaint_is_explained_and_has_its_golden_case() -> None:
    explained = set(re.findall(r"`([a-z0-9-]+)`", MANUAL.partition("## Complaints")[2].partition("|---|---|")[2]))
    cases = (ROOT / "tests" / "golden" / "validate").glob("*/expected.txt")
    seen = set(re.findall(r"^\S+:\d+:\d+: ([a-z0-9-]+): ", "".join(case.read_text() for case in cases), re.MULTILINE))
    assert explained == seen
