"""Complaints as SARIF, which code hosts and editors show beside the lines of any tool.

Source: OASIS, Static Analysis Results Interchange Format, version 2.1.0.
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import obsy
from obsy.cli.explain import explanations
from obsy.diagnostics import Diagnostic


def sarif(found: Sequence[Diagnostic], warned: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return one run with a result for each complaint and each warning."""
    levels = [*((each, "error") for each in found), *((each, "warning") for each in warned)]
    said = explanations() if levels else {}
    rules = [
        {"id": code, "fullDescription": {"text": said[code].partition("\n\n")[0]}}
        for code in sorted({each.code for each, _ in levels} & said.keys())
    ]
    driver = {"name": "obsy", "semanticVersion": obsy.__version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, level) for each, level in levels],
    }
    return {"version": "2.1.0", "runs": [run]}


def _result(each: Diagnostic, level: str) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(PurePath(each.mark.file).as_posix())},
        "region": {"startLine": each.mark.line, "startColumn": each.mark.column},
    }
    words = f"{each.found}\nexpected: {each.expected}\nmend: {each.mend}"
    return {
        "ruleId": each.code,
        "level": level,
        "message": {"text": words},
        "locations": [{"physicalLocation": place}],
    }
