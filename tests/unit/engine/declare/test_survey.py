import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from obsy.engine.declare.folders import observatories, rooms
from obsy.engine.declare.survey import complaints, declare, survey
from obsy.engine.declare.target import FixedTarget
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.target import Asteroid, Comet


@pytest.fixture
def observatory(root: Path, tmp_path: Path) -> Path:
    """A copy of the example."""
    for part in ("site", "library", "plans"):
        shutil.copytree(root / part, tmp_path / "home" / part)
    return tmp_path / "home"


def test_the_example_has_no_complaint(root: Path) -> None:
    assert complaints(root, root / "plans") == []


def test_the_example_resolves_every_target(root: Path) -> None:
    here = declare(root, root / "plans")
    sorts = {plan.name: type(here.target(plan)) for plan in here.plans}
    assert len(sorts) >= 8
    assert (sorts["m31"], sorts["comet-161p"], sorts["ceres"]) == (FixedTarget, Comet, Asteroid)


def test_planets_come_from_the_plan_or_from_the_table(root: Path) -> None:
    here = declare(root, root / "plans")
    target = here.target(next(plan for plan in here.plans if plan.name == "xo-6-b"))
    assert isinstance(target, FixedTarget)
    assert target.events["b"].period_d == 3.7649893


def test_a_message_of_the_night_can_point_to_the_file(root: Path) -> None:
    mark = declare(root, root / "plans").mark("plan", "m31")
    assert mark.file.endswith("plans/m31.yaml")
    assert mark.line > 1


def test_a_plan_that_a_rule_names_is_known_by_it_and_so_is_each_of_its_targets(observatory: Path) -> None:
    rule = "kind: rule\nname: {0}\ntrigger: {{alert: gcn/{0}}}\nplan: {1}\nlasts: 2 h\n"
    (observatory / "site" / "rules.yaml").write_text(f"{rule.format('burst', 'm31')}---\n{rule.format('two', 'pair')}")
    pair = "kind: plan\nname: pair\ntargets: [M 33, M 34]\nwant: [{filter: L, exposure: 60 s, count: 9}]\n"
    (observatory / "pair.yaml").write_text(pair + "pipeline: deep-sky\n")
    found = declare(observatory, observatory / "plans" / "m31.yaml", observatory / "pair.yaml")
    assert found.asked_by == {"m31": "burst", "pair-m33": "two", "pair-m34": "two"}


def test_where_there_is_no_observatory_nothing_else_is_missed(tmp_path: Path) -> None:
    with pytest.raises(UnfitFiles) as caught:
        declare(tmp_path, tmp_path / "plans")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["no-observatory"]


def test_an_unknown_scenario_names_its_neighbour(root: Path) -> None:
    with pytest.raises(UserError, match="did you mean 'clear'"):
        declare(root).scenario("claer")


@pytest.mark.parametrize("given", ["plans", "plans/m31.yaml", "."])
def test_plans_are_given_by_folder_by_file_or_by_the_root(
    root: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    where, plans = rooms(Path(given))
    assert complaints(where, *plans) == []


@pytest.mark.parametrize("given", [["site"], ["library", "site/site.yaml"], []])
def test_the_observatory_alone_means_all_of_its_plans(
    root: Path, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    where, plans = rooms(*map(Path, given))
    assert (where, [path.absolute() for path in plans]) == (root, [root / "plans"])


@pytest.mark.parametrize(
    "given", [["plans", "plans"], ["plans", "plans/m31.yaml", "site"], ["plans", "./plans"], ["plans", "../{}/plans"]]
)
def test_what_is_given_twice_is_read_once(root: Path, given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    once, twice = (
        survey(where, *plans)
        for where, plans in (rooms(Path("plans")), rooms(*(Path(path.format(root.name)) for path in given)))
    )
    assert twice.complaints == ()
    assert twice.declared.files == once.declared.files


def test_several_files_are_several_plans(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    where, plans = rooms(Path("plans/m31.yaml"), Path("plans/ceres.yaml"))
    assert [plan.name for plan in declare(where, *plans).plans] == ["m31", "ceres"]


@pytest.mark.parametrize("folder", ["plans", "site", "library/nights"])
@pytest.mark.parametrize("given", [[], ["plans"]])
def test_from_a_subfolder_the_observatory_above_is_found(
    root: Path, folder: str, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / folder)
    where, plans = rooms(*map(Path, given))
    assert (where, len(declare(where, *plans).plans)) == (root, len(declare(root, root / "plans").plans))


def test_a_file_is_named_as_one_would_type_it(observatory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (observatory / "site" / "site.yaml").write_text("kind: sight")
    monkeypatch.chdir(observatory / "plans")
    where, plans = rooms()
    assert "../site/site.yaml" in {complaint.mark.file for complaint in complaints(where, *plans)}


def test_a_friends_plan_is_meant_for_the_observatory_of_the_working_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    shutil.copy(root / "plans" / "m31.yaml", tmp_path)
    where, plans = rooms(tmp_path / "m31.yaml")
    assert [plan.name for plan in declare(where, *plans).plans] == ["m31"]
    (tmp_path / "m31.yaml").write_text("kind: plam")
    assert {complaint.mark.file for complaint in complaints(where, *plans)} == {str(tmp_path / "m31.yaml")}


def test_a_folder_that_holds_the_observatory_is_none_of_its_plans(
    observatory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(observatory)
    where, _ = rooms(observatory.parent)
    assert where != observatory


def test_paths_of_two_observatories_are_checked_each_for_itself(observatory: Path, root: Path) -> None:
    found = observatories(root / "plans", observatory / "plans", root / "site")
    assert found == {root: (root / "plans",), observatory: (observatory / "plans",)}
    with pytest.raises(UserError, match="several observatories"):
        rooms(*found)


def test_secrets_and_hidden_files_are_not_read_even_when_they_are_named(observatory: Path) -> None:
    for name in ("secrets.yaml", ".hidden.yaml"):
        (observatory / "plans" / name).write_text("password: swordfish")
        assert complaints(observatory, observatory / "plans" / name) == []


@pytest.mark.long
@pytest.mark.once
def test_checking_needs_neither_astropy_nor_django_nor_numpy(root: Path) -> None:
    script = (
        "import sys\n"
        "from obsy.cli import cli\n"
        "cli.main(['validate', '--no-cache'], standalone_mode=False)\n"
        "print(sorted({'astropy', 'django', 'numpy', 'scipy', 'jinja2', 'rich'} & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.long
def test_checking_loads_no_kind_that_is_not_declared_and_no_list_of_packages(root: Path) -> None:
    script = (
        "import sys\n"
        "from obsy.cli import cli\n"
        "cli.main(['validate', '--no-cache'], standalone_mode=False)\n"
        "from obsy.schemas.kinds import _MODELS\n"
        "print(*(name for name, model in _MODELS.items() if f'obsy.schemas.{model.split(\".\")[0]}' in sys.modules))\n"
        "print({'importlib.metadata', 'obsy.schemas.cloud_model', 'obsy.engine.declare.join'} & set(sys.modules))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    declared = {path.read_text().partition("kind: ")[2].split()[0] for path in root.glob("[lps]*/**/*.yaml")}
    *_, kinds, others = told.stdout.splitlines()
    assert set(kinds.split()) == declared
    assert others == "set()"


CLUB = Path(__file__).parents[4] / "docs" / "club"
SHARED = sorted(str(path.relative_to(CLUB)) for room in ("site", "library") for path in (CLUB / room).rglob("*.yaml"))
KEY = re.compile(r"(?<![\w'-])([a-z_]{4,})(?=: )")


def spoilt(text: str) -> Iterator[tuple[str, int, str]]:
    """What is misspelt (a key of a kind, or a kind), the line of the fault, and the text with it."""
    kind = ""
    for number, line in enumerate(text.splitlines(), 1):
        kind = line if line.startswith("kind: ") else kind
        code, mark, remark = line.partition(" # ")
        own = line.startswith("#") or "{do: " in line  # a person's own words, not ours
        for each in [] if own else [*KEY.finditer(code), *re.finditer(r"(?<=^kind: )\w+", code)]:
            lines = text.splitlines(keepends=True)
            lines[number - 1] = f"{code[: each.end()]}q{code[each.end() :]}{mark}{remark}\n"
            indent = len(line) - len(line.lstrip(" -"))
            yield f"{kind}, {indent}, {each.group()}", number, "".join(lines)


@pytest.mark.long
def test_one_misspelt_word_in_a_shared_file_is_one_complaint_at_its_place(tmp_path: Path) -> None:
    here = shutil.copytree(CLUB, tmp_path / "club", ignore=shutil.ignore_patterns("data"))
    known = set()
    for name in SHARED:
        text = (here / name).read_text()
        for what, line, wrong in spoilt(text):
            if what in known:  # of four cameras, each word once
                continue
            known.add(what)
            (here / name).write_text(wrong)
            told = complaints(here, here / "plans")
            assert [(each.mark.file, each.mark.line) for each in told] == [(str(here / name), line)], (wrong, told)
        (here / name).write_text(text)
    assert len(known) > 100


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_file_that_is_no_yaml_is_one_complaint(name: str, tmp_path: Path) -> None:
    here = shutil.copytree(CLUB, tmp_path / "club", ignore=shutil.ignore_patterns("data"))
    (here / name).write_text((here / name).read_text() + "\tkind: train\n")
    assert [each.mark.file for each in complaints(here, here / "plans")] == [str(here / name)]


def test_a_plan_that_is_no_yaml_hides_nothing(tmp_path: Path) -> None:
    here = shutil.copytree(CLUB, tmp_path / "club", ignore=shutil.ignore_patterns("data"))
    (here / "plans" / "bad.yaml").write_text("kind: plan\n\tname: bad\n")
    sliver = here / "plans" / "silver-sliver.yaml"
    sliver.write_text(sliver.read_text().replace("above 35 deg", "above 88 deg"))
    assert {each.code for each in complaints(here, here / "plans")} == {"tab", "never-rises"}


def test_a_list_of_targets_is_a_plan_for_each_and_each_is_complained_of_where_it_stands(observatory: Path) -> None:
    plans = observatory / "plans"
    (plans / "list.yaml").write_text(
        "kind: plan\nname: list\ntargets:\n  - M33\n  - M3x1\n  - m 33\nchoose: 1 a night\n"
        "want: [{filter: L, exposure: 60 s, count: 3}]\npipeline: deep-sky\n"
    )
    told = [(each.mark.line, each.code) for each in complaints(observatory, plans)]
    assert told == [(5, "unknown-target"), (6, "name-twice")]
    (plans / "list.yaml").write_text((plans / "list.yaml").read_text().replace("M3x1", "M 31").replace("m 33", "M74"))
    names = [each.name for each in declare(observatory, plans).plans if each.name.startswith("list")]
    assert names == ["list-m33", "list-m31", "list-m74"]


WHOLE = """kind: plan
name: both
target: M3x1
priority: 5
want:
  - {filter: L, exposure: 60 s, count: 3}
  - {filter: R, exposure: 60 s, count: 3}
  - {filter: Xx, exposure: 60 s, count: 3}
when: {altitude: above 35 deg, moon: farther than 60 deg}
needs: {scale: below 4 arcsec}
pipeline: deep-sxy
"""


@pytest.mark.parametrize(
    ("well", "wrong", "line", "code"),
    [
        ("name: both", "name: Both", 2, "bad-name"),
        ("priority: 5", "priority: high", 4, "not-a-number"),
        ("L, exposure: 60 s", "L, exposure: soon", 6, "not-a-quantity"),
        ("R, exposure: 60 s, count: 3", "R, exposure: 60 s, count: 3, cover: all", 7, "not-a-mapping"),
        ("above 35 deg", "high", 9, "not-understood"),
        ("{scale: below 4 arcsec}", "[scale]", 10, "not-a-mapping"),
    ],
)
def test_what_is_wrong_hides_no_fault_of_sense_beside_it(
    well: str, wrong: str, line: int, code: str, observatory: Path
) -> None:
    plans = observatory / "plans"
    (plans / "both.yaml").write_text(WHOLE.replace(well, wrong))
    told = {(each.mark.line, each.code) for each in complaints(observatory, plans)}
    sense = {(3, "unknown-target"), (8, "filter-not-in-wheel"), (11, "unknown-reference")}
    assert told == {(line, code), *sense}


@pytest.mark.long
def test_what_is_left_of_a_plan_that_is_wrong_in_part_is_found_no_other_fault_of(root: Path, tmp_path: Path) -> None:
    for room in ("site", "library"):
        shutil.copytree(root / room, tmp_path / room)
    known, plan = set(), tmp_path / "plans" / "wrong.yaml"
    plan.parent.mkdir()
    for text in [path.read_text() for path in sorted((root / "plans").glob("*.yaml"))]:
        for number, line in enumerate(text.splitlines(), 1):
            for each in re.finditer(r"([a-z_]+): ([^\[{}\],#]*[^ \[{}\],#])", "" if line[0] == "#" else line):
                lines = text.splitlines(keepends=True)
                lines[number - 1] = f"{line[: each.start(2)]}[[wrong]]{line[each.end(2) :]}\n"
                if each[1] not in known | {"kind", "notes"}:
                    known.add(each[1])
                    plan.write_text("".join(lines))
                    told = survey(tmp_path, plan.parent)
                    assert {each.mark.line for each in (*told.complaints, *told.warnings)} == {number}, lines[
                        number - 1
                    ]
    assert len(known) > 20


def test_targets_by_another_key_hide_no_fault(observatory: Path) -> None:
    plan = observatory / "plans" / "both.yaml"
    plan.write_text(WHOLE.replace("target: M3x1", "tragets: [M31, M3x1]").replace("deep-sxy", "deep-sky"))
    told = {(each.mark.line, each.code) for each in complaints(observatory, plan)}
    assert told == {(3, "unknown-key"), (3, "unknown-target"), (8, "filter-not-in-wheel")}


HIGH = "kind: plan\nname: shapes\ntarget: M 42\nwant:\n  - {filter: L, exposure: 900 h, count: 20}\n"
HIGH += "when:\n  altitude: above 89 deg\npipeline: deep-sky\n"
NEVER = (7, "never-rises")


@pytest.mark.parametrize(
    ("well", "wrong", "told"),
    [
        ("target: M 42", "target: [M 42]", {(3, "not-text"), NEVER}),
        ("target: M 42", "target: [M 42, M 3x1]", {(3, "not-text"), (3, "unknown-target"), NEVER}),
        ("target: M 42", "target: 42", {(3, "not-text")}),
        (
            "target: M 42",
            "target: {name: My blob, ra: 05h35m17s, dec: -05d23m28s}",
            {(3, "never-both"), NEVER},
        ),
        ("pipeline: deep-sky", "pipeline: [deep-sky]", {(8, "not-text"), NEVER}),
        ("  - {filter", "    {filter", {(4, "not-a-list"), NEVER}),
        ("  altitude", "  - altitude", {(6, "not-a-mapping"), NEVER}),
    ],
)
def test_a_value_of_another_shape_hides_no_fault(
    well: str, wrong: str, told: set[tuple[int, str]], observatory: Path
) -> None:
    plan = observatory / "shapes.yaml"
    plan.write_text(HIGH.replace("filter: L", "filter: ZZ").replace(well, wrong))
    found = complaints(observatory, plan)
    assert {(each.mark.line, each.code) for each in found} == told | {(5, "filter-not-in-wheel")}
    assert all("remove" not in each.mend for each in found)


ELSEWHERE = """kind: plan
name: elsewhere
targts: [{ra: 1 h, dec: 91 deg}, {ra: 25 h, dec: 1 deg}]
goals:
  - {filter: L, exp: 180,
     n: many}
  - filter: L
    exposure: 180 s
    total: 1 h
    when: [{altitud: above 35},
           {moon: fareher than 60 deg}]
when: [{airmas: below 2},
       altitude: high]
pipeline: deep-sky
"""


def test_what_stands_within_a_misspelt_key_or_a_wrong_shape_is_told_at_once(observatory: Path) -> None:
    plan = observatory / "elsewhere.yaml"
    plan.write_text(ELSEWHERE)
    told = [(each.mark.line, each.code) for each in complaints(observatory, plan)]
    assert told == [
        (3, "unknown-key"),
        (3, "out-of-range"),
        (3, "out-of-range"),
        (4, "unknown-key"),
        (5, "unknown-key"),
        (5, "no-unit"),
        (6, "unknown-key"),
        (6, "not-a-number"),
        (10, "not-a-mapping"),
        (10, "unknown-key"),
        (10, "no-unit"),
        (11, "not-understood"),
        (12, "not-a-mapping"),
        (12, "unknown-key"),
        (13, "not-understood"),
    ]


def test_what_is_wrong_with_the_first_of_several_targets_is_told_once(observatory: Path) -> None:
    plan = observatory / "several.yaml"
    plan.write_text(HIGH.replace("target: M 42", "targets: [[M 42], M 43]").replace("900 h", "9 s"))
    told = [(each.mark.line, each.mark.column, each.code) for each in complaints(observatory, plan)]
    assert (3, 11, "not-text") in told
    assert [each for each in told if each[0] == 1] == []


def test_conditions_without_keys_are_told_to_have_some(observatory: Path) -> None:
    plan = observatory / "bare.yaml"
    plan.write_text(WHOLE.replace("{altitude: above 35 deg, moon: farther than 60 deg}", "[moon, dark]"))
    (told,) = (each for each in complaints(observatory, plan) if each.mark.line == 9)
    assert told.mend == "write '{key: value, key: value}'"


def test_an_unknown_name_is_asked_for_as_a_shell_takes_it(observatory: Path) -> None:
    plan = observatory / "shell.yaml"
    plan.write_text(WHOLE.replace("M3x1", "Zwölf; rm it"))
    (told,) = (each for each in complaints(observatory, plan) if each.mark.line == 3)
    assert told.mend.endswith("ask with 'obsy target 'Zwölf;' rm it --online'")
    plan.write_text(WHOLE.replace("M3x1", "Sun"))
    (told,) = (each for each in complaints(observatory, plan) if each.mark.line == 3)
    assert told.mend == "choose another: obsy points at no Sun"


def test_a_darkness_that_is_not_understood_is_taken_for_no_other(observatory: Path) -> None:
    site = observatory / "site" / "site.yaml"
    site.write_text(re.sub(r"latitude: \S+ deg", "latitude: 62 deg", site.read_text()))
    (observatory / "plans" / "sun.yaml").write_text(WHOLE.replace("altitude: above 35 deg", "sun: below civil"))
    told = {each.code for each in complaints(observatory, observatory / "plans" / "sun.yaml")}
    assert "filter-not-in-wheel" not in told
    assert "not-a-quantity" in told
