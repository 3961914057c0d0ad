"""Numbers of the machinery that contradict each other."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.train import Train


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about roofs that fail before they arrive, mounts without a flip, parking out of reach."""
    for roof in declared.of(Enclosure):
        if roof.document.timeout <= roof.document.travel:
            found = f"{roof.written.said('timeout')} is no longer than {roof.written.said('travel')}"
            words = (found, "a timeout that lets the roof arrive", "write a timeout of one and a half times the travel")
            yield roof.complain("timeout-too-short", words, "timeout")
    for mount in declared.of(Mount):
        if (mount.document.type == "german-equatorial") != (mount.document.meridian is not None):
            yield mount.complain(
                "meridian-flip", _flip(mount.document), "meridian" if mount.document.meridian else "type"
            )
    for train in declared.of(Train):
        focuser = train.document.focuser
        if focuser is not None and not 0 <= focuser.best <= focuser.travel:
            words = (
                train.written.said("focuser", "best"),
                f"from 0 to {focuser.travel:g} steps",
                "correct one of the two",
            )
            yield train.complain("out-of-range", words, "focuser", "best")


def _flip(mount: Mount) -> tuple[str, str, str]:
    if mount.meridian is None:
        return (
            "a german-equatorial mount without 'meridian'",
            "how it flips",
            "add 'meridian: {past: 10 min, flip: 3 min}'",
        )
    return f"'meridian' on a mount of type {mount.type}", "a flip only where the mount has one", "remove 'meridian'"
