"""Frames that were brought in before their train was declared get it once it is."""

from collections import Counter
from dataclasses import replace

from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.processing.sidecar import write_sidecar
from obsy.engine.store.store import Store


def match_anew(store: Store, rules: ProcessingRules) -> Counter[str]:
    """Give frames without a train the one that fits them by now; return how many frames each train got.

    rules: those of old files. A frame's sidecar is written before its row. Raises OSError if the disk takes none.
    """
    matched: Counter[str] = Counter()
    for found in store.frames():
        if found.train is not None or found.accepted is not None or (train := rules.train_of(found)) is None:
            continue
        said = replace(found, train=train)
        frame = replace(said, filter=rules.by_role(said).filter, pending=True, reason="")
        made, came = store.products_of(frame.sha256), store.arrivals(frame.sha256)
        write_sidecar(frame.path, store.folder, frame=frame, arrivals=came, products=made)
        store.put(frame)
        matched[train] += 1
    return matched
