"""All that `obsy validate` looks at, loaded only if something has changed since it last did."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.checked import Checked
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.folders import LOCK, SECRETS
from obsy.engine.declare.survey import Survey, survey
from obsy.engine.declare.text import text_of
from obsy.engine.drills import EVERY, SHIPPED
from obsy.schemas.scenario import Scenario
from obsy.schemas.weather import Weather


def examine(root: Path, plans: tuple[Path, ...], read: dict[str, bytes]) -> tuple[Checked, list[Path]]:
    """Return what is said of an observatory, and what else than files that declare something it depends on.

    read: gets the content of every file that was read.
    """
    seen = survey(root, *plans, texts=partial(text_of, noted=read))
    kinds = Counter(entry.document.kind for entry in seen.declared.entries)
    complaints = (*seen.complaints, *_strange(seen))
    return Checked(complaints, seen.warnings, kinds, seen.declared.files), list(_besides(seen.declared))


def _besides(declared: Declared) -> Iterator[Path]:
    yield from (declared.root / SECRETS, declared.root / LOCK)
    devices = (each.document.device for each in declared.of(Weather))
    yield from (Path(each.model) for each in devices if each is not None and each.model)
    if declared.has("output"):
        from obsy.engine.declare.sense.outputs import tops

        yield from (top for _, top in tops(declared))


def _strange(seen: Survey) -> Iterator[Diagnostic]:
    """Complain of addresses that no service has, and of drills that would be others.

    Other verbs do not: Apprise takes half a second to load, and a drill that ships is copied beside the site's own.
    """
    drills = {EVERY, *(path.stem for path in SHIPPED.glob("*.yaml"))}
    for scenario in seen.declared.of(Scenario):
        if (name := scenario.document.name) in drills:
            whose = "all drills at once" if name == EVERY else "a drill that ships"
            found = f"{scenario.written.said('name')}, which is {whose}"
            words = (found, "a name of its own", f"write 'name: my-{name}'")
            yield scenario.complain("name-twice", words, "name")
    if not seen.declared.has("recipient"):
        return
    from obsy.engine.telling.service import is_strange
    from obsy.schemas.recipient import Recipient

    for entry in seen.declared.of(Recipient):
        if is_strange(entry.document.address.get_secret_value()):
            expected = "one that Apprise understands, such as 'ntfys://topic'"
            words = ("'address' belongs to no service", expected, "look it up in Apprise's manual, and mend its secret")
            yield entry.complain("not-an-address", words, "address")
