"""Small faults: each a piece of a file's text and what stands in its place."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from functools import lru_cache
from pathlib import Path
from typing import Any

OBSY = Path(__file__).resolve().parents[2] / "obsy"

ORDER: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""What a comparison becomes: off by its boundary, and turned round."""
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
ENUMS = {"Enum", "StrEnum", "IntEnum"}
PLAIN = (ast.Compare, ast.BoolOp, ast.Constant)
"""Conditions that have mutants of their own, so that turning them round would only repeat one."""


class Caught(ast.expr):
    """What an `except` names."""


@dataclass(frozen=True)
class Mutant:
    """One fault in one file."""

    path: str
    line: int
    last: int
    """The last line of what is replaced, counted as `line` is, from 1."""
    begin: int
    """Offset in the file's bytes; `end` is one past the last."""
    end: int
    text: str
    what: str

    def applied(self, source: bytes) -> bytes:
        """The file with the fault in it."""
        return source[: self.begin] + self.text.encode() + source[self.end :]

    def diff(self, source: bytes) -> str:
        """The lines that differ."""
        before, after = source.decode().splitlines(), self.applied(source).decode().splitlines()
        around = slice(self.line - 1, self.last), slice(self.line - 1, len(after) - len(before) + self.last)
        lines = unified_diff(before[around[0]], after[around[1]], lineterm="", n=0)
        return "\n".join(line for line in lines if line[:2] not in {"--", "++", "@@"})


def mutants(path: str, source: bytes) -> list[Mutant]:
    """Every fault that the operators find in a file, in the order of its text; none repeats another."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: dict[tuple[int, int, str], Mutant] = {}
    for node in visible(tree):
        for text, what in faults(node):
            begin = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            mutant = Mutant(path, node.lineno, node.end_lineno or node.lineno, begin, end, text, what)
            found.setdefault((begin, end, text), mutant)
    return sorted(found.values(), key=lambda mutant: (mutant.begin, mutant.end, mutant.text))


def compiles(source: bytes) -> bool:
    """Whether a file with a fault in it is Python."""
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def visible(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """What runs and decides: no annotations, docstrings, asserts or words inside f-strings."""
    for child in ast.iter_child_nodes(node):
        if silent(child):
            continue
        if isinstance(child, ast.AnnAssign):
            yield from [child.value, *visible(child.value)] if child.value else []
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            body = ast.Module([*child.args.defaults, *child.args.kw_defaults, *child.body], [])  # type: ignore[list-item]
            yield from visible(body)
            continue
        if isinstance(child, ast.ClassDef):
            yield from visible(ast.Module(child.body, []))
            continue
        if isinstance(child, ast.ExceptHandler) and child.type:
            yield ast.copy_location(Caught(), child.type)
        if isinstance(child, ast.expr | ast.stmt):
            yield child
        yield from visible(child)


def silent(node: ast.AST) -> bool:
    """Whether a node decides nothing; zip's `strict` is an assertion, too, and some imports are only for types."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom | ast.arg)


def faults(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    """The texts that may stand in a node's place, and what was done to it."""
    for kinds, operator in OPERATORS:
        if isinstance(node, kinds):
            yield from operator(node)


def either(node: ast.BoolOp) -> Iterator[tuple[str, str]]:
    """`and` becomes `or`, and back."""
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield f"({ast.unparse(ast.BoolOp(other, node.values))})", "and, or"


def signs(node: ast.UnaryOp) -> Iterator[tuple[str, str]]:
    """`not` and minus are taken away; a negative constant has a mutant of its own."""
    if isinstance(node.op, ast.Not) or (isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)):
        yield f"({ast.unparse(node.operand)})", "sign removed"


def sums(node: ast.BinOp | ast.AugAssign) -> Iterator[tuple[str, str]]:
    """Plus becomes minus, times becomes through, and the like; words are not added up."""
    if (other := SUMS.get(type(node.op))) is None:
        return
    if isinstance(node, ast.AugAssign):
        yield ast.unparse(ast.AugAssign(node.target, other(), node.value)), "sum"
    elif not texts(node):
        yield f"({ast.unparse(ast.BinOp(node.left, other(), node.right))})", "sum"


def constants(node: ast.Constant) -> Iterator[tuple[str, str]]:
    """True becomes False, and a number one more; words are left alone."""
    if isinstance(node.value, bool):
        yield str(not node.value), "constant"
    elif isinstance(node.value, int | float):
        yield f"({node.value} + 1)", "constant"


def calls(node: ast.Expr) -> Iterator[tuple[str, str]]:
    """What is called for its effect is not called."""
    if isinstance(node.value, ast.Call | ast.Await):
        yield "pass", "call removed"


def answers(node: ast.Return) -> Iterator[tuple[str, str]]:
    """None comes back, where that is not as good as what came."""
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value in {None, False}):
        yield "return None", "returns None"


def unassigned(node: ast.Assign | ast.AugAssign) -> Iterator[tuple[str, str]]:
    """What is kept in an object, or under a key, is not."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets):
        yield "pass", "assignment removed"


def unraised(node: ast.Raise) -> Iterator[tuple[str, str]]:
    """Nothing is raised."""
    yield "pass", "raise removed"


def uncaught(node: Caught) -> Iterator[tuple[str, str]]:
    """Nothing is caught."""
    yield "()", "nothing caught"


def members(node: ast.Attribute) -> Iterator[tuple[str, str]]:
    """The next member of an enumeration, after its last the first."""
    if isinstance(node.value, ast.Name) and node.attr in (names := enums().get(node.value.id, [])):
        yield f"{node.value.id}.{names[(names.index(node.attr) + 1) % len(names)]}", "another member"


@lru_cache
def enums() -> dict[str, list[str]]:
    """The members of every enumeration, by its name."""
    found = {}
    for path in sorted(OBSY.rglob("*.py")):
        if "Enum" in (text := path.read_text(encoding="utf-8")):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in ENUMS for base in node.bases):
                    names = (target for each in node.body if isinstance(each, ast.Assign) for target in each.targets)
                    found[node.name] = [name.id for name in names if isinstance(name, ast.Name)]
    return found


def jumps(node: ast.Continue | ast.Break) -> Iterator[tuple[str, str]]:
    """`break` becomes `continue`, and back."""
    yield ("break" if isinstance(node, ast.Continue) else "continue"), "jump"


def comparisons(node: ast.Compare) -> Iterator[tuple[str, str]]:
    """Each sign of a comparison becomes each of its others."""
    for place, sign in enumerate(node.ops):
        for other in ORDER[type(sign)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield f"({ast.unparse(ast.Compare(node.left, ops, node.comparators))})", "comparison"


def turned(node: ast.If | ast.IfExp | ast.While) -> Iterator[tuple[str, str]]:
    """The other branch; comparisons and the like have mutants of their own."""
    test = node.test
    if isinstance(test, PLAIN) or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        return
    changed = copy.copy(node)
    changed.test = ast.UnaryOp(ast.Not(), test)
    if isinstance(changed, ast.IfExp):
        yield f"({ast.unparse(changed)})", "branch"
    else:
        indent = " " * node.col_offset
        yield ast.unparse(changed).replace("\n", "\n" + indent), "branch"


def unfiltered(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[tuple[str, str]]:
    """A comprehension lets everything through."""
    for place, loop in enumerate(node.generators):
        if loop.ifs:
            changed = copy.copy(node)
            every = ast.comprehension(loop.target, loop.iter, [], loop.is_async)
            changed.generators = [*node.generators[:place], every, *node.generators[place + 1 :]]
            yield f"({ast.unparse(changed)})", "filter removed"


def texts(node: ast.BinOp) -> bool:
    """Whether words are added up, or a type is."""
    sides = (node.left, node.right)
    return any(
        isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str)) for s in sides
    )


OPERATORS: tuple[tuple[Any, Callable[[Any], Iterator[tuple[str, str]]]], ...] = (
    (ast.Compare, comparisons),
    (ast.BoolOp, either),
    (ast.UnaryOp, signs),
    ((ast.BinOp, ast.AugAssign), sums),
    ((ast.Assign, ast.AugAssign), unassigned),
    (ast.Raise, unraised),
    (Caught, uncaught),
    (ast.Attribute, members),
    (ast.Constant, constants),
    (ast.Expr, calls),
    (ast.Return, answers),
    ((ast.Continue, ast.Break), jumps),
    ((ast.If, ast.IfExp, ast.While), turned),
    ((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), unfiltered),
)
