"""Outcomes that last: what became of each fault, and of which source and tests that is true."""

import ast
import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from tests.mutants.functions import functions
from tests.mutants.mutate import Mutant, mutants
from tests.mutants.outcome import UNTOUCHED, Outcome
from tests.mutants.targets import answering


@dataclass
class Records:
    """A file of JSON lines, to which each outcome is added; without a path, nothing is kept."""

    root: Path
    path: Path | None
    commit: str
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    hashes: dict[tuple[str, str], str] = field(default_factory=dict)
    names: dict[str, dict[Mutant, str]] = field(default_factory=dict)
    found: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How often which tests found a fault, or any of its function, whatever has changed since."""

    def __post_init__(self) -> None:
        if self.path and self.path.exists():
            for each in map(json.loads, self.path.read_text(encoding="utf-8").splitlines()):
                self.known[each["fault"]] = each
                for place in places(each["fault"]) if each["by"] else ():
                    self.found[place][each["by"]] += 1

    def recall(self, mutant: Mutant) -> Outcome | None:
        """What became of a fault, if neither its function nor the test that says so has changed since."""
        each = self.known.get(self.fault(mutant))
        if each is None or each["tests"] != self.tests(mutant, each["by"]):
            return None
        return Outcome(mutant, each["became"], each["by"], each["commit"])

    def likely(self, mutant: Mutant) -> Counter[str]:
        """The tests that found this fault before, and those that found others of its function."""
        exactly, near = (self.found[place] for place in places(self.fault(mutant)))
        return Counter({test: 10 * exactly[test] + near[test] for test in near})

    def keep(self, outcome: Outcome) -> Outcome:
        """Add an outcome to the file."""
        outcome = replace(outcome, commit=self.commit)
        if self.path and outcome.became != UNTOUCHED:
            what = {"module": outcome.mutant.path, "fault": self.fault(outcome.mutant), "became": outcome.became}
            what |= {"by": outcome.by, "tests": self.tests(outcome.mutant, outcome.by), "commit": outcome.commit}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(what)}\n")
        return outcome

    def fault(self, mutant: Mutant) -> str:
        """A fault's name: its function, the hash of that one's code, which of its faults it is, and the text."""
        if mutant.path not in self.names:
            self.names[mutant.path] = dict(named((self.root / mutant.path).read_bytes(), mutant.path))
        return self.names[mutant.path][mutant]

    def tests(self, mutant: Mutant, by: str) -> str:
        """The hash of what an outcome rests on: the test that found the fault, or the module and all that could."""
        path, _, test = by.partition("::")
        if test:
            return self.code(path, test.partition("[")[0].partition("::")[0])
        places = [self.root / each for each in answering(self.root, mutant.path)]
        files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
        return digest(
            "".join(self.code(each) for each in (mutant.path, *(str(f.relative_to(self.root)) for f in files)))
        )

    def code(self, path: str, test: str = "") -> str:
        """The hash of a file's code without its words; of one test, of what it rests on. Empty if it is gone."""
        if (path, test) not in self.hashes:
            file = self.root / path
            self.hashes[path, test] = digest(code(file.read_bytes(), test)) if file.is_file() else ""
        return self.hashes[path, test]


def named(source: bytes, path: str) -> Iterator[tuple[Mutant, str]]:
    """Each fault of a module with its name; what stands in no function is the module's."""
    tree = ast.parse(source)
    within = list(functions(path, tree))
    hashes = {each.name: digest(ast.dump(wordless(each.node))) for each in within}
    for each in within:
        each.node.body = []
    hashes[""] = digest(ast.dump(wordless(tree)))
    count: Counter[str] = Counter()
    for mutant in mutants(path, source):
        name = next((each.name for each in within if each.begin <= mutant.line and mutant.last <= each.end), "")
        yield mutant, f"{path}:{name}@{hashes[name]}:{count[name]}:{mutant.text}"
        count[name] += 1


def places(fault: str) -> tuple[str, str]:
    """A fault's name without the hash and the count, and the name of its function."""
    function, _, rest = fault.partition("@")
    return f"{function}@{rest.split(':', 2)[-1]}", function


def code(source: bytes, test: str = "") -> str:
    """A module's code without comments and docstrings, and if a test is named, only what that rests on."""
    tree = ast.parse(source)
    if test:
        tree.body = rests_on(tree.body, test)
    return ast.dump(wordless(tree))


def rests_on(body: list[ast.stmt], test: str) -> list[ast.stmt]:
    """A test, what it names of its file, what that names in turn, and what holds for all tests; in their order."""
    parts = [part for each in body for part in single(each)]
    named_by = [binds(part) for part in parts]
    wanted, taken = {test}, set[int]()
    while found := {
        place
        for place, names in enumerate(named_by)
        if place not in taken and (names & wanted or names <= EVERYBODYS or is_autouse(parts[place]))
    }:
        taken |= found
        wanted.update(*(needs(parts[place]) for place in found))
    return [parts[place] for place in sorted(taken)]


EVERYBODYS = frozenset({"pytestmark"})
"""What binds no name, or only such, holds for every test of its file."""


def single(statement: ast.stmt) -> list[ast.stmt]:
    """A statement, or one for each name that it imports."""
    match statement:
        case ast.Import(names):
            return [ast.Import([each]) for each in names]
        case ast.ImportFrom(module, names, level):
            return [ast.ImportFrom(module, [each], level) for each in names]
    return [statement]


def binds(statement: ast.stmt) -> set[str]:
    """The names that a statement gives to its file."""
    match statement:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return {name}
        case ast.Import(names) | ast.ImportFrom(_, names):
            return {(each.asname or each.name).partition(".")[0] for each in names}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def needs(statement: ast.stmt) -> set[str]:
    """The names that a statement may ask for, fixtures and those in words too."""
    found = set[str]()
    for node in ast.walk(statement):
        match node:
            case ast.Name(name) | ast.arg(name) | ast.Constant(str(name)):
                found.add(name)
    return found


def is_autouse(statement: ast.stmt) -> bool:
    """Whether it is a fixture of every test."""
    return any(isinstance(node, ast.keyword) and node.arg == "autouse" for node in ast.walk(statement))


def wordless(tree: ast.AST) -> ast.AST:
    """The same without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [each for each in node.body if not said(each)]
    return tree


def said(node: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def digest(text: str) -> str:
    """A short hash."""
    return sha256(text.encode()).hexdigest()[:12]


def described(root: Path) -> str:
    """The commit that is checked out, with a + if something was changed since."""
    said = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    return subprocess.run(said, cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def tried_at(outcomes: Iterable[Outcome]) -> str:
    """At which commits how many were tried; each holds as long as its source and its tests are the same."""
    commits = Counter(outcome.commit for outcome in outcomes if outcome.commit)
    return ", ".join(f"{count} at {commit}" for commit, count in commits.most_common())
