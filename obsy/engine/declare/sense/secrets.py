"""What must not stand in a file that others will read."""

from collections.abc import Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.recipients import ROOMS
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.recipient import Recipient


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about addresses in the open, which are not repeated, and about whom a friend's plan would tell."""
    for entry in (*declared.of(Recipient), *declared.of(Heartbeat)):
        place = Path(entry.written.at().file)
        if not any(place.is_relative_to(declared.root / room) for room in ROOMS):
            found = f"the {entry.document.kind} '{entry.document.name}' among the plans"
            words = (found, "one in site/: plans come from friends too", f"move it to {declared.root / 'site'}")
            yield entry.complain("not-among-plans", words, "kind")
        if entry.written.place(("address",)).node.tag != "!secret":
            name = entry.document.name
            mend = f"write 'address: !secret {name}', and '{name}: …' into secrets.yaml"
            yield entry.complain("secret-in-the-open", ("an address in the open", "'!secret name'", mend), "address")
