"""Trains that are no more: since a day that has passed, and with no plan left that only they could take."""

from collections.abc import Iterator
from datetime import timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import in_use
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

SOMEWHERE = timedelta(days=1)
"""By so much the day of some zone is ahead of UTC."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of a day to come: whether a train is in use does not change overnight by itself."""
    for entry in declared.of(Train):
        if (since := entry.document.retired) is not None and since > (declared.today + SOMEWHERE).date():
            words = (
                f"retired: {since}, which is to come",
                "a day that has passed: until then it is in use",
                "remove 'retired'",
            )
            yield entry.complain("not-retired-yet", words, "retired")


def warned(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of each plan that could go on, and that nothing but retired trains would serve."""
    used = [entry.document for entry in in_use(declared)]
    gone = [entry for entry in declared.of(Train) if entry.document.retired is not None]
    for entry in declared.of(Plan) if gone and declared.all_well("train") else ():
        plan = entry.document
        served = [each for each in gone if plan.served_by(each.document)]
        if not served or any(map(plan.served_by, used)) or _is_over(plan, declared):
            continue
        train = served[-1].document
        found = f"only '{train.name}' serves it, which is retired since {train.retired}: no night takes anything for it"
        other = f"ask for what {' or '.join(each.name for each in used)} has" if used else "declare another train"
        since = served[-1].written.at("retired")
        mend = (
            f"keep it for frames that you have, which 'obsy reduce' works off; else {other}, "
            f"remove 'retired' at {since}, or delete the plan if it is done"
        )
        words = (found, "a train in use that serves", mend)
        yield entry.complain("only-retired", words, "want")


def _is_over(plan: Plan, declared: Declared) -> bool:
    """Return whether the dates of every goal are past, which is told otherwise."""
    ends = [dates.span(0.0)[1] for goal in plan.want if (dates := goal.when.dates or plan.when.dates) is not None]
    return len(ends) == len(plan.want) and all(end is not None and end <= declared.today + SOMEWHERE for end in ends)
