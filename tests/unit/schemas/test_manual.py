"""The manual is run: what it shows is well, and what obsy says is in it."""

import ast
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from obsy.cli.explain import explanations
from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader
from obsy.engine.declare.sense.pipeline import ORDER
from obsy.engine.declare.survey import declare
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document
from tests.unit.schemas.test_kinds import models

ROOT = Path(__file__).resolve().parents[3]
MANUAL = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
SECTIONS = {
    heading: blocks
    for heading, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", MANUAL, re.MULTILINE | re.DOTALL)
    if (blocks := re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
}
BUILT = [(kind, block) for kind, blocks in SECTIONS.items() for block in blocks]


@pytest.mark.parametrize(("kind", "block"), BUILT, ids=[kind for kind, _ in BUILT])
def test_every_example_of_the_manual_is_well(kind: str, block: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(block, encoding="utf-8")
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text(
        "".join(f"{name}: https://example.org/{name}\n" for name in re.findall(r"!secret ([a-z0-9-]+)", block))
    )
    secrets.chmod(0o600)
    reader = Reader(tmp_path)
    documents = reader.read([file])
    checked = [check(document, ()) for document in documents]
    assert reader.complaints == []
    assert all(isinstance(model, Document) for model in checked), checked
    assert {document.kind for document in documents} == {kind}


@pytest.mark.long
@pytest.mark.once
def test_every_plan_of_the_manual_is_planned_and_what_is_reserved_waits(tmp_path: Path) -> None:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    for number, block in enumerate(SECTIONS["plan"]):
        (tmp_path / "plans" / f"{number}.yaml").write_text(block, encoding="utf-8")
    observatory = declare(tmp_path, tmp_path / "plans")
    planner = prepare(observatory, date(2026, 12, 10))
    wanted = planner.intent(Tally(), planner.night.start)
    told = {each.request.line.plan: each.reason.code for each in wanted.unplaced}
    told |= {each.request.line.plan: "placed" for each in wanted.blocks}
    assert told.keys() == {plan.name for plan in observatory.plans}
    assert {plan for plan, code in told.items() if code == "not-built-yet"} == {"io-over-jupiter", "survey"}
    assert told["sky-over-the-south"] in {"placed", "no-time-left"}
    assert told["veil"] == "paused"


def test_every_kind_has_its_example() -> None:
    assert {kind for kind, _ in BUILT} == set(KINDS)


def test_every_key_of_every_kind_and_every_step_of_a_pipeline_is_in_the_manual() -> None:
    keys = {key for kind in KINDS.values() for model in models(kind) for key in model.model_fields}
    unsaid = {key for key in keys if not re.search(rf"\b{key.replace('_', '[_ ]')}\b", MANUAL)}
    assert unsaid == set()
    assert set(ORDER) <= set(re.findall(r"\{step: (\w+)", MANUAL))


def test_every_complaint_of_the_source_is_explained_and_has_its_golden_case() -> None:
    explained = set(explanations())
    cases = (ROOT / "tests" / "golden" / "validate").glob("*/expected.txt")
    seen = set(re.findall(r"^\S+:\d+:\d+: ([a-z0-9-]+): ", "".join(case.read_text() for case in cases), re.MULTILINE))
    written = {code for file in sorted((ROOT / "obsy").rglob("*.py")) for code in codes(file)}
    assert explained == seen
    assert written - UNREACHABLE == seen


UNREACHABLE = {"unfit"}
"""What would be told of an error that pydantic does not know yet."""
SAYS_CODE = {"unfit": 0, "complain": 0, "Refusal": 0, "Diagnostic": 1, "_complain": 1, "_unknown": 1}
"""Which argument of what makes a complaint is its code."""


def codes(module: Path) -> set[str]:
    """The code of every complaint that a module makes: given to a call, or in the table of pydantic's own errors."""
    text = module.read_text(encoding="utf-8")
    if not any(f"{name}(" in text for name in SAYS_CODE) and module.name not in {"check.py", "night.py"}:
        return set()  # to read them all takes a second
    nodes = list(ast.walk(ast.parse(text)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    named = [(getattr(call.func, "id", getattr(call.func, "attr", "")), call.args) for call in calls]
    said = [args[SAYS_CODE[name]] for name, args in named if name in SAYS_CODE and len(args) > SAYS_CODE[name]]
    if module.match("declare/check.py"):
        told = [node.elts for node in nodes if isinstance(node, ast.Tuple) and len(node.elts) == 3]
        said += [code for code, expected, _ in told if " " in ast.unparse(expected)]
    if module.match("schemas/night.py"):
        returned = [node.value for node in nodes if isinstance(node, ast.Return)]
        said += [each.elts[0] for each in returned if isinstance(each, ast.Tuple) and len(each.elts) == 4]
    said += [way for node in said if isinstance(node, ast.IfExp) for way in (node.body, node.orelse)]
    return {node.value for node in said if isinstance(node, ast.Constant) and isinstance(node.value, str)}
