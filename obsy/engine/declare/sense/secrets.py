"""What must not stand in a file that others will read."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.output import Output
from obsy.schemas.recipient import Recipient


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of addresses in the open, which are not repeated."""
    for entry in (*declared.of(Recipient), *declared.of(Heartbeat), *declared.of(Output)):
        loc = ("write", "login") if isinstance(entry.document, Output) else ("address",)
        place, name = entry.written.place(loc), entry.document.name
        if place.key == loc[-1] and place.node.tag != "!secret":
            mend = f"write '{place.key}: !secret {name}', and '{name}: …' into secrets.yaml"
            yield entry.complain("secret-in-the-open", (f"'{place.key}' in the open", "'!secret name'", mend), *loc)
