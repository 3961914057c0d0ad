"""What a file's own header cannot say, in a JSON file beside it: the store can be made again from these."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from obsy.engine.frames.copy import Seen
from obsy.engine.frames.frame import Frame
from obsy.engine.identity import Identity
from obsy.engine.reduce.product import write
from obsy.engine.store.record import Arrival, Product, StoredFrame, as_columns, as_value

SUFFIX = ".json"
FROM_HEADER = {part.name for part in fields(Frame)} - {part.name for part in fields(Identity)} - {"filter"}
"""Not what a frame was asked for, which its header need not say, nor its filter, which a driver calls as it likes."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One sidecar. `frame` has the fields of a StoredFrame that its header does not give; empty for other files."""

    path: Path
    """Of the file that it stands beside."""
    frame: dict[str, Any]
    arrivals: tuple[Arrival, ...]
    products: tuple[Product, ...]


def write_sidecar(
    path: Path,
    folder: Path,
    *,
    frame: StoredFrame | None = None,
    arrivals: Iterable[Arrival] = (),
    products: Iterable[Product] = (),
) -> None:
    """Write the sidecar of the file at `path`, whole or not at all; paths in it are relative to `folder`.

    Raises OSError if the disk does not take it.
    """
    own = as_columns(frame, folder) if frame else {}
    content = {
        "frame": {name: value for name, value in own.items() if name not in FROM_HEADER},
        "arrivals": [{**as_columns(each, folder), "seen": asdict(each.seen)} for each in arrivals],
        "products": [as_columns(each, folder) for each in products],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=date.isoformat)
    write(path.with_name(path.name + SUFFIX), text.encode())


def read_sidecar(path: Path, folder: Path) -> Sidecar:
    """The sidecar of the file at `path`; an empty one if there is none, or none that can be read."""
    try:
        content = json.loads(path.with_name(path.name + SUFFIX).read_text(encoding="utf-8"))
        frame = _dated(content["frame"])
        arrivals = tuple(
            as_value(Arrival, each | {"seen": Seen(**each["seen"])}, folder) for each in content["arrivals"]
        )
        products = tuple(as_value(Product, _dated(each), folder) for each in content["products"])
    except (OSError, ValueError, KeyError, TypeError):
        return Sidecar(path, {}, (), ())
    return Sidecar(path, frame, arrivals, products)


def sidecars(folder: Path, *below: str) -> Iterator[Sidecar]:
    """Every sidecar in these folders below `folder`, by path."""
    for place in below:
        for found in sorted((folder / place).rglob(f"*{SUFFIX}")):
            yield read_sidecar(found.with_name(found.name.removesuffix(SUFFIX)), folder)


def _dated(columns: dict[str, Any]) -> dict[str, Any]:
    return columns | {"night": date.fromisoformat(columns["night"])} if columns else columns
