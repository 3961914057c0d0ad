"""Where a complaint points: at the value that is meant, within lists and phrases too."""

from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader

PLAN = "kind: plan\nname: m31\ntarget: M31\npipeline: deep-sky\n"


@pytest.mark.parametrize(
    ("said", "under"),
    [
        ("priority: 11", "11"),
        ("when: {altitude: above 35}", "35}"),
        ('when: {altitude: "above 30 deg and below 95 deg"}', "95 deg"),
        ("when: {moon: farther than 60 deg and relaxed below 100 deg}", "100 deg"),
        ("when: {altitude: above 30 deg and over 5 deg}", "over 5 deg"),
        ("when: {altitude: above 30 deg and above 40 deg}", "above 40 deg"),
        ("formerly: [m32, 7]", "7]"),
        ("mosaik: {columns: 2, rows: 2}", "mosaik"),
        ("notes: [a, b]", "notes"),
    ],
)
def test_a_complaint_points_at_what_is_meant(said: str, under: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{PLAN}want: [{{filter: L, exposure: 180 s, total: 3 h}}]\n{said}\n")
    (document,) = Reader(tmp_path).read([tmp_path / "a.yaml"])
    told = check(document, ())
    assert isinstance(told, list)
    assert [said[each.mark.column - 1 :].startswith(under) for each in told] == [True], told
