"""What a file's own header cannot say, in a JSON file beside it: the store can be made again from these."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, create_model

from obsy.engine.disk import write_whole
from obsy.engine.frames.frame import Frame
from obsy.engine.identity import Identity
from obsy.engine.store.record import Arrival, Product, State, StoredFrame, as_columns

SUFFIX = ".json"
FROM_HEADER = {part.name for part in fields(Frame)} - {part.name for part in fields(Identity)} - {"filter"}
"""Not what a frame was asked for, which its header need not say, nor its filter, which a driver calls as it likes."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One sidecar; more in its file is passed over."""

    frame: dict[str, Any]
    """The fields of a StoredFrame that its header does not give; empty for other files."""
    arrivals: tuple[Arrival, ...]
    products: tuple[Product, ...]
    path: Path = Path()
    """Of the file that it stands beside."""
    unreadable: bool = False
    """Whether there is one, and nothing can be taken from it."""


_SAID: dict[str, Any] = {name: (kind, None) for name, kind in get_type_hints(StoredFrame).items()}
_CONTENT = TypeAdapter(Sidecar)
_FRAME = create_model("_FRAME", **{name: kind for name, kind in _SAID.items() if name not in FROM_HEADER})


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
    write_whole(path.with_name(path.name + SUFFIX), text.encode(), alone=True)  # who holds the lock


def read_sidecar(path: Path, folder: Path) -> Sidecar:
    """The sidecar of the file at `path`; an empty one if there is none, or none that can be read."""
    beside = path.with_name(path.name + SUFFIX)
    try:
        content = _CONTENT.validate_json(beside.read_bytes())
        frame = _frame(content.frame)
        arrivals = tuple(replace(each, path=folder / each.path) for each in content.arrivals)
        products = tuple(replace(each, path=folder / each.path) for each in content.products)
    except (OSError, ValueError):
        return Sidecar({}, (), (), path, unreadable=beside.exists())
    return Sidecar(frame, arrivals, products, path)


def sidecars(folder: Path, *below: str) -> Iterator[Sidecar]:
    """Every sidecar in these folders below `folder`, by path."""
    for place in below:
        for found in sorted((folder / place).rglob(f"*{SUFFIX}")):
            if not found.with_name(found.name + SUFFIX).exists():  # a file that was put aside may be called so as well
                yield read_sidecar(found.with_name(found.name.removesuffix(SUFFIX)), folder)


def _frame(columns: dict[str, Any]) -> dict[str, Any]:
    """The fields of a frame that its header does not give. Raises ValueError if one is not what it should be."""
    if not columns:
        return {}
    said = _FRAME.model_validate(columns)
    found = {name: getattr(said, name) for name in said.model_fields_set}
    if not {"source", "night"} <= set(found) or found.get("state") in (State.ARRIVED, State.REFUSED, State.QUARANTINED):
        raise ValueError("it does not say enough")
    return found
