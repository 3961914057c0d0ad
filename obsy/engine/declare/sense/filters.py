"""The filters a plan wants must be in the wheel of one train."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, did_you_mean
from obsy.engine.declare.declared import Declared
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each filter that no wheel has, and for plans whose filters are spread over several trains."""
    trains = [entry.document for entry in declared.of(Train)]
    known = list(dict.fromkeys(role for train in trains for role in train.roles))
    if not trains or not declared.all_well("train"):
        return
    for entry in declared.of(Plan):
        missing = False
        for number, goal in enumerate(entry.document.want):
            for role in [role for role in goal.filter if role not in known]:
                missing = True
                words = (
                    f"filter: '{role}'",
                    f"a filter in the wheel: {', '.join(known)}",
                    did_you_mean(role, known, "choose one"),
                )
                yield entry.complain("filter-not-in-wheel", words, "want", number, "filter")
        roles = entry.document.roles
        if not missing and not any(roles <= set(train.roles) for train in trains):
            words = (", ".join(sorted(roles)), "filters of one train", "split the plan into one for each train")
            yield entry.complain("filters-of-several-trains", words, "want")
