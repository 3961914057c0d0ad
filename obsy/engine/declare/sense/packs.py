"""Every pack is there as it was brought, in the version that is declared."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.packs.lock import changes, copy_of, hashes, locked
from obsy.errors import UserError
from obsy.schemas.pack import Pack

WORDS = {"+": "is new", "-": "is gone", "~": "was changed"}


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of packs that were not brought, or were changed since."""
    packs = declared.of(Pack)
    try:
        known = locked(declared.root) if packs else {}
    except UserError as error:
        words = (str(error), "the lock that 'obsy pack' wrote", "take it from your commits again, or remove it")
        yield packs[0].complain("not-locked", words, "version")
        return
    for entry in packs:
        pack, mend = entry.document, f"run 'obsy pack {entry.document.name}'"
        lock = known.get(pack.name)
        if lock is None or (lock.source, lock.version) != (pack.source, pack.version):
            found = f"{pack.version} of '{pack.name}' is not in packs.lock"
            found += f", which has {lock.version} of {lock.source}" if lock else ""
            yield entry.complain("not-locked", (found, "a pack that was brought, and locked", mend), "version")
            continue
        folder = copy_of(declared.root, pack.name)
        for sign, path in changes(lock.files, hashes(folder)):
            words = (
                f"{folder / path} {WORDS[sign]} since it was brought",
                "the pack as its author made it",
                f"say it under 'change', remove {folder}, and {mend}",
            )
            yield entry.complain("pack-changed", words, "name")
