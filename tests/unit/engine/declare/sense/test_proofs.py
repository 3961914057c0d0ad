"""Who asks for a signal to noise that no step measures is told of a pipeline that does, or of the step."""

from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.read import Reader
from obsy.engine.declare.sense import proofs
from obsy.schemas.model import Document

PLAN = """kind: plan
name: p
target: SS Cyg
want: [{filter: R, exposure: 60 s, until: {snr: 20}}]
pipeline: bare
---
kind: pipeline
name: bare
steps: [{step: bias}, {step: measure}]
"""
WHOLE, MORE = "{step: measure}, {step: solve}", "{step: bias}, {step: measure}, {step: solve}"


@pytest.mark.parametrize(
    ("declared", "mend"),
    [
        ({}, "add '- {step: solve}' to the pipeline"),
        ({"whole": WHOLE}, "write 'pipeline: whole'"),
        ({"more": MORE, "whole": WHOLE}, "write 'pipeline: whole'"),
    ],
)
def test_it_names_a_pipeline_that_is_declared(tmp_path: Path, declared: dict[str, str], mend: str) -> None:
    others = (f"---\nkind: pipeline\nname: {name}\nsteps: [{steps}]\n" for name, steps in declared.items())
    (tmp_path / "p.yaml").write_text(PLAN + "".join(others))
    entries = []
    for written in Reader(tmp_path).read([tmp_path / "p.yaml"]):
        document = check(written, ())
        assert isinstance(document, Document), document
        entries.append(Entry(document, written))
    told = [*proofs.check(Declared(tmp_path, tuple(entries), tuple(each.written for each in entries)))]
    assert [(each.code, each.mend) for each in told] == [("snr-not-measured", mend)]
