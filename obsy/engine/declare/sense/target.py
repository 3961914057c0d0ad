"""Names of targets must be known."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import near
from obsy.engine.declare.resolve import known
from obsy.engine.declare.written import Loc, Written


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each target that nobody knows by that name, in plans that are otherwise unfit too."""
    for written in declared.written:
        loc, name = _name(written) if written.kind == "plan" else ((), "")
        if name and known(name) is None:
            alike = near(name)
            mend = f"did you mean {_or(alike)}?" if alike else "write 'target: {ra: 00h42m44.3s, dec: +41d16m09s}'"
            words = (written.said(*loc), "a name that obsy knows, or a position", mend)
            yield Diagnostic(written.at(*loc), "unknown-target", *words)


def _name(written: Written) -> tuple[Loc, str]:
    """Where a target's name stands, and the name; '' if it has none."""
    target = written.value.get("target")
    loc: Loc = ("target", "name") if isinstance(target, dict) else ("target",)
    name = target.get("name") if isinstance(target, dict) else target
    return loc, name.strip() if isinstance(name, str) else ""


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(f"'{name}'" for name in names)
