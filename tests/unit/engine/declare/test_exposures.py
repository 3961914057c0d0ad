"""An exposure set is as if its goals had been written in the plan, but for their place."""

from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.read import Reader
from obsy.schemas.plan import Plan

HEAD = "kind: plan\nname: m31\ntarget: M31\npipeline: deep-sky\n"
SET = """kind: exposures
name: lrgb
defaults: {exposure: 180 s, filters: [R, G, B]}
want:
  - {filter: L, exposure: $exposure, total: 3 h}
  - {filter: $filters, exposure: $exposure, total: 1 h}
"""
L, RGB = "{filter: L, exposure: 180 s, total: 3 h}", "{filter: [R, G, B], exposure: 180 s, total: 1 h}"
HA = "{filter: Ha, exposure: 600 s, count: 4}"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def plan(want: str) -> Plan:
    Path("plan.yaml").write_text(f"{HEAD}want: {want}\n")
    Path("set.yaml").write_text(SET)
    reader = Reader(Path())
    (document,) = (each for each in reader.read([Path("plan.yaml"), Path("set.yaml")]) if each.kind == "plan")
    checked = check(document, ())
    assert isinstance(checked, Plan), checked
    assert reader.complaints == []
    return checked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("lrgb", f"[{L}, {RGB}]"),
        ("[lrgb]", f"[{L}, {RGB}]"),
        (f"[{HA}, lrgb]", f"[{HA}, {L}, {RGB}]"),
        ("{exposures: lrgb}", f"[{L}, {RGB}]"),
        ("[{exposures: lrgb, with: {exposure: 90 s}}]", f"[{L}, {RGB}]".replace("180", "90")),
        ("[{exposures: lrgb, with: {filters: V}}]", f"[{L}, {RGB}]".replace("[R, G, B]", "V")),
    ],
)
def test_a_plan_that_names_a_set_is_the_plan_written_out(said: str, meant: str) -> None:
    one, other = plan(said), plan(meant)
    assert one == other
    assert [goal.key(role) for goal in one.want for role in goal.filter] == [
        goal.key(role) for goal in other.want for role in goal.filter
    ]


def test_two_plans_give_one_set_their_own_values() -> None:
    Path("set.yaml").write_text(SET)
    for number in (60, 90):
        want = f"[{{exposures: lrgb, with: {{exposure: {number} s}}}}]"
        Path(f"{number}.yaml").write_text(f"{HEAD}want: {want}\n")
    paths = [Path("60.yaml"), Path("90.yaml"), Path("set.yaml")]
    reader = Reader(Path())
    documents = reader.read(paths)
    checked = [check(document, ()) for document in documents]
    assert [each.want[0].exposure for each in checked] == [60.0, 90.0, 180.0]  # type: ignore[union-attr]
    goal = documents[0].at("want", 1)
    assert (str(goal), [str(each) for each in goal.via]) == ("set.yaml:6:5", ["60.yaml:5:8"])
    assert reader.sources(paths[0]) == (paths[0].resolve(), paths[2].resolve())


def test_an_anchor_is_written_out_once_however_often_it_is_used() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    Path("set.yaml").write_text(SET.replace("defaults:", "\n".join(lines) + "\ndefaults:") + "  - {filter: *a19}\n")
    Path("plan.yaml").write_text(f"{HEAD}want: lrgb\n")
    plan_, _ = Reader(Path()).read([Path("plan.yaml"), Path("set.yaml")])
    assert len(plan_.value["want"]) == 3  # type: ignore[arg-type]
