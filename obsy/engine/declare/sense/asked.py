"""The plan that a rule names, of all that are declared."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, did_you_mean
from obsy.engine.declare.declared import Declared
from obsy.schemas.rule import Rule


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of a rule whose plan nobody has written, where all plans were read."""
    if not (declared.all_plans and declared.all_named("plan")):
        return
    known = list(declared.names("plan"))
    targets = {str(each.place(("name",)).node.value) for each in declared.written if each.kind == "plan"}
    for entry in declared.of(Rule):
        name = entry.document.plan
        if isinstance(name, str) and name.strip() not in {*known, *targets}:
            mend = did_you_mean(name, known, f"name another, or declare a plan with 'name: {name.strip()}'")
            yield entry.complain(
                "unknown-reference", (entry.written.said("plan"), "a plan that is declared", mend), "plan"
            )
