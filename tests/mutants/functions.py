"""The functions of a module, by their place in its text, and the code that a faulty text makes of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType


@dataclass(frozen=True)
class Function:
    """A function of a module or class, with all that is nested in it."""

    path: str
    name: str
    first: int
    """Its first line, decorators included, as its code object has it."""
    begin: int
    """The first line of its body."""
    end: int
    node: ast.FunctionDef | ast.AsyncFunctionDef = field(compare=False, repr=False)

    def code(self, source: bytes, file: str) -> CodeType:
        """Its code as compiled from a source."""
        return next(
            code
            for code in codes(compile(source, file, "exec"))
            if (code.co_qualname, code.co_firstlineno) == (self.name, self.first)
        )


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all that are nested in it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def functions(path: str, node: ast.AST, within: str = "") -> Iterator[Function]:
    """The functions of a module and of its classes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from functions(path, child, f"{within}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
            yield Function(
                path, within + child.name, first, child.body[0].lineno, child.end_lineno or child.lineno, child
            )
