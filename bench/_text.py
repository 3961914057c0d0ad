"""Cases of text: YAML."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench._case import Case
from obsy.engine.declare.compose import nodes
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Origin

ROOT = Path(__file__).resolve().parents[1]


def text() -> list[Case]:
    """The cases: all plans of the example, ten times over."""
    plans = [path for path in sorted((ROOT / "plans").glob("*.yaml")) for _ in range(10)]

    def ours() -> Any:
        return [dict(written.value) for path in plans for written in Reader(ROOT).read([path])]

    def ruamel() -> Any:
        return [dict(value) for path in plans for value in YAML(typ="safe", pure=True).load_all(path.read_text())]

    def pure() -> Any:
        return [list(YAML(typ="safe", pure=True).compose_all(path.read_text())) for path in plans]

    def unlike(one: list[Any], other: list[Any]) -> float:
        return float(sum(bool(mine != theirs) for mine, theirs in zip(one, other, strict=True)))

    return [
        Case(
            "all plans, ten times, to values, each with its place",
            {"ours": ours, "ruamel_without_places": ruamel},
            unlike,
            "plans",
            2,
        ),
        Case(
            "all plans, ten times, to nodes",
            {"libyaml": lambda: [nodes(path.read_text(), Origin(str(path))) for path in plans], "ruamel": pure},
            lambda one, other: len(other) - len(one),
            "plans",
            2,
        ),
    ]
