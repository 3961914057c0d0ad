"""What a file points at, by its places, its names, and those of the observatory."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from obsy.engine.declare.names import known, meant
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.declare.survey import Survey
from obsy.engine.importing.wish import Leftover, Wish
from obsy.schemas.plan import Plan
from obsy.schemas.target import Position


def wished(wishes: Iterable[Wish | Leftover], here: Survey) -> Iterator[tuple[int, str, object]]:
    """Yield line, name and target of each wish of another program: its place, if the file says one.

    Of a name that nobody knows, the target is None.
    """
    names = own_names(here.declared)
    for wish in wishes:
        if isinstance(wish, Wish) and not wish.written:
            entry = names.get(key(wish.name))
            said = wish.target if isinstance(wish.target, Mapping) else {}
            place = {each: said[each] for each in ("ra", "dec") if each in said}
            by_name = meant(entry.target) if entry else known(wish.name)
            yield wish.line, wish.name, meant(Position.model_validate(place)) if place else said or by_name


def planned(plans: Mapping[str, int], here: Survey, path: Path) -> Iterator[tuple[int, str, object]]:
    """Yield line, name and target of each plan of obsy in a file; one without a name goes by its plan's.

    plans: the line of each.
    """
    left = dict(plans)
    for plan, written in here.declared.entries:
        own = next((name for name in plans if f"{plan.name}-".startswith(f"{name}-")), None)
        if isinstance(plan, Plan) and own and Path(written.at().file).absolute() == path.absolute():
            said = written.value.get("target")
            said = said.get("name") if isinstance(said, Mapping) else said
            left.pop(own, None)
            yield written.at("target").line, said if isinstance(said, str) else plan.name, meant(plan.target)
    yield from ((line, name, None) for name, line in left.items())
