"""What must not stand in a file that others will read."""

from collections.abc import Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.recipients import ROOMS
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.output import Output
from obsy.schemas.recipient import Recipient


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about addresses in the open, which are not repeated, and about whom a friend's plan would tell."""
    for entry in (*declared.of(Recipient), *declared.of(Heartbeat), *declared.of(Output)):
        file = Path(entry.written.at().file)
        if not any(file.is_relative_to(declared.root / room) for room in ROOMS):
            found = f"the {entry.document.kind} '{entry.document.name}' among the plans"
            words = (found, "one in site/: plans come from friends too", f"move it to {declared.root / 'site'}")
            yield entry.complain("not-among-plans", words, "kind")
        loc = ("write", "login") if isinstance(entry.document, Output) else ("address",)
        place, name = entry.written.place(loc), entry.document.name
        if place.key == loc[-1] and place.node.tag != "!secret":
            mend = f"write '{place.key}: !secret {name}', and '{name}: …' into secrets.yaml"
            yield entry.complain("secret-in-the-open", (f"'{place.key}' in the open", "'!secret name'", mend), *loc)
