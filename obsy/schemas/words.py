"""What each key means: the docstring beneath it, read from the source only when somebody asks.

pydantic can do the same when a class is made, but then every start of obsy pays for reading all of its sources.
"""

import ast
import inspect
from functools import cache
from textwrap import dedent

from pydantic import BaseModel


def purpose(model: type[BaseModel], key: str) -> str:
    """The docstring beneath a key of a model or of one it inherits from; '' if there is none."""
    classes = (each for each in model.__mro__ if issubclass(each, BaseModel) and each is not BaseModel)
    written = (each for each in classes if each.__pydantic_generic_metadata__["origin"] is None)
    return next((told[key] for each in written if key in (told := _told(each))), "")


@cache
def _told(model: type[BaseModel]) -> dict[str, str]:
    """The docstring of each key that stands in the class itself."""
    body = ast.parse(dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
    told = {}
    for line, following in zip(body.body, body.body[1:], strict=False):
        match line, following:
            case ast.AnnAssign(target=ast.Name(id=key)), ast.Expr(value=ast.Constant(value=str(words))):
                told[key] = inspect.cleandoc(words)
    return told
