"""The mutation run itself: what it breaks, what it leaves alone, and that a fault is found or survives as it should."""

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.__main__ import arguments
from tests.mutants.mutate import Mutant, compiles, mutants
from tests.mutants.outcome import KILLED, SURVIVED, TIMED_OUT, UNTOUCHED, Outcome
from tests.mutants.records import Records, code, tried_at
from tests.mutants.score import Page, Score, percent, read
from tests.mutants.targets import LEFT_OUT, OWN_THE_ROOF, TARGETS, answering, mirror, missing
from tests.mutants.trial import Order

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def changes(source: str) -> set[str]:
    """The lines that stand in place of others."""
    plus = [
        line
        for m in mutants("a.py", source.encode())
        for line in m.diff(source.encode()).splitlines()
        if line[0] == "+"
    ]
    return {line[1:].strip() for line in plus}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ok = a < b", {"ok = (a <= b)", "ok = (a >= b)"}),
        ("ok = a <= b < c", {"ok = (a < b < c)", "ok = (a > b < c)", "ok = (a <= b <= c)", "ok = (a <= b >= c)"}),
        ("ok = a and b", {"ok = (a or b)"}),
        ("ok = not a", {"ok = (a)"}),
        ("ok = a + b * c", {"ok = (a - b * c)", "ok = a + (b / c)"}),
        ("ok = True", {"ok = False"}),
        ("ok = 0.5", {"ok = (0.5 + 1)"}),
        ("ok = 'word'", set()),
        ("ok = f'{1} word'", set()),
        ("ok: int = 3", {"ok: int = (3 + 1)"}),
        ("a += 1", {"a -= 1", "a += (1 + 1)"}),
        ("close()", {"pass"}),
        ("assert a < b", set()),
        ("if TYPE_CHECKING: import a", set()),
        ("ok = zip(a, b, strict=True)", set()),
        ("ok = [a for a in b if a]", {"ok = ([a for a in b])"}),
        ("ok = a if b() else c", {"ok = (a if not b() else c)"}),
        ("self.ok = a", {"pass"}),
        ("ok[a] = b", {"pass"}),
        ("ok = a[b]", set()),
        ("self.ok += a", {"self.ok -= a", "pass"}),
        ("raise ValueError(a)", {"pass"}),
        ("ok = Roof.CLOSED", {"ok = Roof.MOVING"}),
        ("ok = Roof.colour", set()),
    ],
)
def test_a_line_becomes(line: str, expected: set[str]) -> None:
    assert changes(line) == expected


def test_a_function_returns_none_and_takes_the_other_branch() -> None:
    source = 'def f(a: "x < 1" = 2) -> "y < 1":\n    """Return 1."""\n    if a():\n        return 5\n    return None\n'
    assert changes(source) == {
        'def f(a: "x < 1" = (2 + 1)) -> "y < 1":',
        "if not a():",
        "return None",
        "return (5 + 1)",
    }


def test_an_except_catches_nothing() -> None:
    assert changes("try:\n    ok = a\nexcept (OSError, ValueError) as error:\n    ok = b\n") == {"except () as error:"}


@cache
def mutants_of(module: str) -> tuple[bytes, list[Mutant]]:
    """A module that decides, and the mutants of it."""
    source = (ROOT / module).read_bytes()
    return source, mutants(module, source)


@pytest.mark.long
def test_every_module_has_faults_and_each_differs_from_the_others_and_compiles() -> None:
    assert all(mutants_of(module)[1] for module in TARGETS)
    source, found = mutants_of("obsy/engine/reduce/grade.py")
    sick = [mutant.applied(source) for mutant in found]
    assert all(compiles(each) for each in sick)
    trees = {ast.dump(ast.parse(each)) for each in [source, *sick]}
    assert len(trees) == len(sick) + 1


def test_every_module_that_decides_exists_and_is_answered_for() -> None:
    assert list(missing(ROOT)) == []
    assert mirror("obsy/engine/intent.py") == Path("tests/unit/engine/test_intent.py")
    assert all(path.startswith("tests/") for module in TARGETS for path in answering(ROOT, module))


def test_every_module_of_the_rooms_that_own_the_roof_decides_or_says_why_it_does_not() -> None:
    found = {str(path.relative_to(ROOT)) for room in OWN_THE_ROOF for path in (ROOT / room).rglob("[!_]*.py")}
    assert found - set(TARGETS) == set(LEFT_OUT)


TWO_TESTS = """
def ready():
    return 1

def test_one():
    assert ready()

def test_two():
    assert ready()
"""


def test_an_outcome_holds_as_long_as_its_module_and_the_tests_that_say_so(tmp_path: Path) -> None:
    module, own, other = "obsy/units.py", "tests/unit/test_units.py", "tests/unit/test_others.py"
    for name in (module, own, other):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("ok = a < b\n")
    off, turned = mutants(module, (tmp_path / module).read_bytes())

    def records() -> Records:
        return Records(tmp_path, tmp_path / "record.jsonl", "abc")

    (tmp_path / other).write_text(TWO_TESTS)
    kept = [records().keep(Outcome(off, KILLED, f"{other}::test_one[a]")), records().keep(Outcome(turned, SURVIVED))]
    records().keep(Outcome(off, UNTOUCHED))
    assert [records().recall(off), records().recall(turned)] == kept
    assert tried_at(kept) == "2 at abc"
    (tmp_path / own).write_text("ok = a <= b\n")
    assert [records().recall(off), records().recall(turned)] == [kept[0], None]
    (tmp_path / other).write_text(TWO_TESTS.replace("two", "three"))
    assert records().recall(off) == kept[0], "it rests on one test, not on its neighbours"
    for part in ("one", "ready"):
        (tmp_path / other).write_text(TWO_TESTS.replace(part, "four"))
        assert records().recall(off) is None
    (tmp_path / other).write_text(TWO_TESTS)
    (tmp_path / module).write_text('"""Words."""\n\nok = a < b  # changed\n')
    off, _ = mutants(module, (tmp_path / module).read_bytes())
    assert records().recall(off) == Outcome(off, KILLED, f"{other}::test_one[a]", "abc"), "words decide nothing"
    (tmp_path / module).write_text("ok = a < b or c\n")
    assert all(records().recall(each) is None for each in mutants(module, (tmp_path / module).read_bytes()))


USES = """
import os
from time import sleep, time

LEAST = 3

@pytest.fixture
def place():
    return os.getcwd()

@pytest.fixture(autouse=True)
def quiet():
    return LEAST

def other():
    return sleep

def test_one(place):
    assert place
"""


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("sleep, time", "monotonic, sleep, time", True),
        ("return sleep", "return time", True),
        ("def other", "def another", True),
        ("import os", "import os.path as os", False),
        ("getcwd", "getpid", False),
        ("LEAST = 3", "LEAST = 4", False),
        ("return LEAST", "return 3", False),
        ("assert place", "assert not place", False),
        ("\ndef other", "\nos.umask(0)\n\ndef other", False),
    ],
)
def test_what_a_test_found_holds_as_long_as_all_that_it_names_of_its_file_does(old: str, new: str, holds: bool) -> None:
    assert old in USES
    assert (code(USES.encode(), "test_one") == code(USES.replace(old, new).encode(), "test_one")) is holds


def test_what_found_a_fault_or_its_neighbours_before_is_likely_to_find_it_again(tmp_path: Path) -> None:
    (tmp_path / "obsy").mkdir()
    (tmp_path / "obsy" / "units.py").write_text(TWO_FUNCTIONS)
    less, *_, plus = found = mutants("obsy/units.py", TWO_FUNCTIONS.encode())
    records = Records(tmp_path, tmp_path / "record.jsonl", "abc")
    for each, by in zip(found[1:4], ("test_a", "test_a", "test_b"), strict=True):
        records.keep(Outcome(each, KILLED, by))
    records.keep(Outcome(less, KILLED, "test_c"))
    (tmp_path / "obsy" / "units.py").write_text(
        changed := TWO_FUNCTIONS.replace("    return a < b", "    a\n    return a < b")
    )
    records = Records(tmp_path, tmp_path / "record.jsonl", "abc")
    again = mutants("obsy/units.py", changed.encode())
    assert [records.recall(each) for each in again[1:4]] == [None] * 3
    assert records.likely(again[1]) == {"test_a": 12, "test_b": 1}
    assert records.likely(again[3]) == {"test_a": 2, "test_b": 11}
    assert records.likely(again[-1]) == {}


TWO_FUNCTIONS = """
LEAST = 3

def one(a):
    return a < b

def two(a):
    return a + b
"""


def test_what_a_test_found_in_a_function_holds_whatever_becomes_of_others(tmp_path: Path) -> None:
    module, own = "obsy/units.py", "tests/unit/test_units.py"
    for name in (module, own):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / own).write_text(TWO_TESTS)

    def recalled(source: str) -> list[str]:
        """What is remembered of each fault of a module."""
        (tmp_path / module).write_text(source)
        records = Records(tmp_path, tmp_path / "record.jsonl", "abc")
        return [outcome.by if (outcome := records.recall(each)) else "-" for each in mutants(module, source.encode())]

    (tmp_path / module).write_text(TWO_FUNCTIONS)
    records = Records(tmp_path, tmp_path / "record.jsonl", "abc")
    for each in mutants(module, TWO_FUNCTIONS.encode()):
        records.keep(
            Outcome(each, SURVIVED if "-" in each.text else KILLED, "" if "-" in each.text else f"{own}::test_one")
        )
    killed = f"{own}::test_one"
    assert recalled(TWO_FUNCTIONS) == [killed] * 5 + [""]
    assert recalled(TWO_FUNCTIONS.replace("a < b", "b < a")) == [killed, "-", "-", "-", killed, "-"]
    assert recalled(TWO_FUNCTIONS.replace("LEAST", "MOST")) == ["-", *[killed] * 4, "-"]


RIVALS = """
import os, signal
from tests.mutants.time_limit import Watch, waited_s

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
watch = Watch()
rivals = []
for _ in range(3):
    if (rival := os.fork()) == 0:
        os.setsid()
        signal.alarm(55)
        while True:
            pass
    rivals.append(rival)
if (child := os.fork()) == 0:
    os.setsid()
    watch.begin(0.25)
    end = waited_s() + 0.3
    while waited_s() < end:
        pass
    watch.end()
    os._exit(0)
code = watch.wait(child)
for rival in rivals:
    os.kill(rival, signal.SIGKILL)
assert code == 0
assert watch.took_s() < 0.25, watch.took_s()
"""
"""A test waits longer than it may take. Linux shares a processor out by sessions, and a session's part here is the less
the more it runs elsewhere: so each rival has one of its own, and the test a quarter at most, however busy the machine.
"""
ENDLESS = """
import os, time
from tests.mutants.time_limit import Watch

watch = Watch()
if (child := os.fork()) == 0:
    os.setsid()
    watch.begin(0.05)
    while True:
        {deed}
assert watch.wait(child) == -9
"""


def alone(script: str) -> None:
    """Run a script that forks in a process without threads."""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


@pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="this system does not say how long a process waits"
)
def test_time_that_a_test_waits_for_a_processor_is_not_its_own() -> None:
    alone(RIVALS)


@pytest.mark.parametrize("deed", ["pass", "time.sleep(60)"])
def test_a_test_that_takes_longer_of_its_own_accord_is_ended(deed: str) -> None:
    alone(ENDLESS.format(deed=deed))


def test_every_explained_line_is_a_line_of_its_module_or_of_a_mutant_of_it() -> None:
    text = read(ROOT / "docs" / "mutants.md")
    sources = {module: mutants_of(module)[0] for module in TARGETS}
    headings = {line[5:-1] for line in text.splitlines() if line.startswith("### `")}
    assert headings <= set(sources)
    for module in headings:
        diffs = [m.diff(sources[module]).splitlines() for m in mutants_of(module)[1]]
        assert {*Page(text, sources).lines(module)} <= {line[1:].strip() for diff in diffs for line in diff}


def test_what_orders_the_tests_can_be_told_from_other_plug_ins_as_tests_of_several_folders_need() -> None:
    assert len({Order({}, Path("failed")), Order({}, Path("failed"))}) == 2


def test_a_module_that_does_not_decide_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        arguments(["obsy/nothing.py"])
    assert "obsy/units.py" in capsys.readouterr().err


DEED = """\
import os

LEAST = 3

def greeting():
    return True

GREETING = greeting()

def far():
    return True

def near(a):
    return a > 10

def deed(a):
    while a < 0:
        a += 1
    if a > 100:
        os._exit(7)
    return a > LEAST
"""
TEST = """\
import subprocess
import sys

from obsy.engine.library.deed import GREETING, deed, near

def test_a_greeting():
    assert GREETING

def test_far_away():
    subprocess.run([sys.executable, "-c", "from obsy.engine.library import deed; assert deed.far()"], check=True)

def test_a_deed():
    assert deed(4) and not deed(1) and not deed(-2)
    assert near(20) and not near(0)
"""
TEST_OF_THE_ROOM = """\
from obsy.engine.library.deed import near

def test_nearer():
    assert near(11) and not near(10)

def test_an_example_that_fails_is_enough():
    from hypothesis import Phase, settings
    assert not {Phase.shrink, Phase.explain} & {*settings().phases}
"""
EXPLAINED = """\
### `obsy/engine/library/deed.py`

    while a < 0:
    while (a <= 0):
    while a < (0 + 1):
    a += 1
    a += (1 + 1)
    if a > 100:
    if (a >= 100):
    if a > (100 + 1):
    os._exit(7)
    pass
    os._exit((7 + 1))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with one module that decides, and the mutation run."""
    for name in ("tests", "obsy", "obsy/engine", "obsy/engine/library"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    shutil.copytree(ROOT / "tests" / "mutants", tmp_path / "tests" / "mutants")
    targets = tmp_path / "tests" / "mutants" / "targets.py"
    text = targets.read_text()
    begin, end = text.index("TARGETS:"), text.index("def mirror")
    own = 'TARGETS: dict[str, tuple[str, ...]] = {"obsy/engine/library/deed.py": ()}\nHEAVY = ("hypothesis", "pytest")'
    targets.write_text(f"{text[:begin]}{own}\n\n\n{text[end:]}")
    (tmp_path / "obsy" / "engine" / "library" / "deed.py").write_text(DEED)
    load = 'settings.register_profile("house", max_examples=5)\nsettings.load_profile("house")'
    freeze = "def pytest_collection_finish():\n    gc.freeze()  # as the tests of this repository do"
    profile = f"import gc\n\nfrom hypothesis import settings\n\n{load}\n\n\n{freeze}\n"
    (tmp_path / "tests" / "conftest.py").write_text(profile)
    (room := tmp_path / "tests" / "unit" / "engine" / "library").mkdir(parents=True)
    (room / "test_deed.py").write_text(TEST)
    (room / "test_other.py").write_text(TEST_OF_THE_ROOM)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "mutants.md").write_text(EXPLAINED)
    marks = 'markers = ["real", "slow"]'
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib", "-p", "no:zarr"]\n{marks}\n'
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def played(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.mutants", "--jobs", "2", "--grace", "0.3", "--record", "record.jsonl"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=200)


@pytest.mark.parametrize(("found", "of_all", "told"), [(3225, 3230, 99), (29, 100, 29), (1, 1, 100), (0, 7, 0)])
def test_nobody_is_told_that_all_were_found_where_some_were_missed(found: int, of_all: int, told: int) -> None:
    assert percent(found / of_all) == told


@pytest.mark.slow
def test_what_becomes_of_each_fault_is_told_kept_and_decides_the_run(tree: Path) -> None:
    told = played(tree)
    assert told.returncode == 1, told.stdout + told.stderr
    row = next(line for line in told.stdout.splitlines() if line.startswith("obsy/engine/library/deed.py  ")).split()
    killed, timed_out, crashed, survived, explained = "11", "2", "1", "1", "7"
    assert row[1:] == [killed, timed_out, crashed, survived, explained, "0", "93", "%", "63", "%"]
    assert "return (a >= LEAST)" in told.stdout
    assert "return (a <= LEAST)" not in told.stdout
    assert "LEAST = (3 + 1)" not in told.stdout, "what a module decides while it loads is tried too"
    assert told.stdout.splitlines()[-2:] == ["2 timed out, more than 5 %", "1 survived without an explanation"]
    assert (tree / "obsy" / "engine" / "library" / "deed.py").read_text() == DEED
    again = played(tree).stdout
    assert told.stdout[told.stdout.index("module ") : told.stdout.index("\n22 faults")] in again
    assert again.startswith("22 of 22 are on record\n")
    changed = TEST.replace("def test_a_deed():", "def test_a_deed():\n    assert deed(5)")
    (tree / "tests" / "unit" / "engine" / "library" / "test_deed.py").write_text(changed)
    stale = played(tree).stdout
    assert told.stdout[told.stdout.index("module ") : told.stdout.index("\n22 faults")] in stale
    assert stale.splitlines()[1] == "2 tests, 0 s without a fault", "what found them before is asked alone"


def test_a_module_fails_the_run_if_few_of_its_faults_are_found_and_so_does_what_is_wrongly_explained() -> None:
    path = "obsy/units.py"
    source, found = mutants_of(path)
    outcomes = tuple(Outcome(mutant, KILLED if n else SURVIVED) for n, mutant in enumerate(found[:5]))
    few = Score(outcomes, Page("", {path: source}), sampled=False).faults()
    assert few == ["1 survived without an explanation", f"{path} is below 90 %"]
    lines = "\n".join(f"    {line[1:]}" for each in found[:2] for line in each.diff(source).splitlines())
    page = Page(f"### `{path}`\n\n{lines}", {path: source})
    wrongly = f"{path}:{found[1].line}: {found[1].text} is explained, and a test finds it"
    assert Score(outcomes, page, sampled=False).faults() == [wrongly]


def test_a_few_faults_that_hang_say_nothing_about_the_limits() -> None:
    path = "obsy/units.py"
    source, found = mutants_of(path)
    hanging = tuple(Outcome(mutant, TIMED_OUT) for mutant in found[:4])
    assert Score(hanging, Page("", {path: source}), sampled=True).faults() == []
    assert len(Score(hanging, Page("", {path: source}), sampled=False).faults()) == 1


@pytest.mark.long
def test_tests_that_fail_without_a_fault_find_nothing(tree: Path) -> None:
    (tree / "tests" / "unit" / "engine" / "library" / "test_deed.py").write_text(TEST.replace("not deed(1)", "deed(1)"))
    told = played(tree)
    assert told.returncode == 1
    assert "the tests fail without any fault: tests/unit/engine/library/test_deed.py::test_a_deed" in told.stderr
