"""A target of N.I.N.A. with its exposures, as public files have one; it was not tried in N.I.N.A. itself."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting.wanted import Series, place_of, series, unsaid
from obsy.errors import UserError
from obsy.schemas.plan import Plan

_LISTS = {
    "Items": "NINA.Sequencer.SequenceItem.ISequenceItem, NINA.Sequencer",
    "Conditions": "NINA.Sequencer.Conditions.ISequenceCondition, NINA.Sequencer",
    "Triggers": "NINA.Sequencer.Trigger.ISequenceTrigger, NINA.Sequencer",
}


def as_nina(entries: Sequence[Entry[Plan]], declared: Declared, today: date) -> tuple[str, list[str]]:
    """Return a container of a deep-sky object: for each series the filter, then a loop of exposures."""
    if len(entries) > 1:
        names = ", ".join(entry.document.name for entry in entries)
        raise UserError(f"N.I.N.A. takes one target a file: export one of {names}")
    name, place = place_of(entries[0], "N.I.N.A.")
    ids = count(1)
    target = {
        **_typed(ids, "NINA.Astrometry.InputTarget, NINA.Astrometry"),
        "Expanded": True,
        "TargetName": name,
        "PositionAngle": entries[0].document.angle or 0.0,
        "InputCoordinates": {
            **_typed(ids, "NINA.Astrometry.InputCoordinates, NINA.Astrometry"),
            **_parts("RA", "Hours", place.ra_deg / 15),
            "NegativeDec": place.dec_deg < 0,
            **_parts("Dec", "Degrees", abs(place.dec_deg)),
        },
    }
    wanted = series(entries[0], "N.I.N.A.")
    items = [item for one in wanted for item in _taken(ids, one)]
    container = {**_container(ids, "DeepSkyObjectContainer", name, items, []), "Target": target}
    told = [*unsaid(entries[0], ("angle",)), "centring, focus and guiding: add your own instructions to the target"]
    return json.dumps(container, indent=2, ensure_ascii=False) + "\n", told


def _typed(ids: Iterator[int], kind: str) -> dict[str, Any]:
    return {"$id": str(next(ids)), "$type": kind}


def _parts(prefix: str, unit: str, value: float) -> dict[str, Any]:
    whole, rest = divmod(round(value * 360_000), 360_000)
    return {f"{prefix}{unit}": whole, f"{prefix}Minutes": rest // 6000, f"{prefix}Seconds": rest % 6000 / 100}


def _container(ids: Iterator[int], kind: str, name: str, items: list[Any], conditions: list[Any]) -> dict[str, Any]:
    made = {**_typed(ids, f"NINA.Sequencer.Container.{kind}, NINA.Sequencer"), "Name": name}
    made["Strategy"] = {"$type": "NINA.Sequencer.Container.ExecutionStrategy.SequentialStrategy, NINA.Sequencer"}
    for key, values in (("Conditions", conditions), ("Items", items), ("Triggers", [])):
        of = f"System.Collections.ObjectModel.ObservableCollection`1[[{_LISTS[key]}]], System.ObjectModel"
        made[key] = {**_typed(ids, of), "$values": values}
    return made | {"IsExpanded": True, "Parent": None, "ErrorBehavior": 0, "Attempts": 1}


def _taken(ids: Iterator[int], one: Series) -> Iterator[dict[str, Any]]:
    kind = "NINA.Sequencer.SequenceItem.FilterWheel.SwitchFilter, NINA.Sequencer"
    chosen = {**_typed(ids, "NINA.Core.Model.Equipment.FilterInfo, NINA.Core"), "_name": one.filter}
    yield {**_typed(ids, kind), "Filter": chosen, "Parent": None}
    binning = {**_typed(ids, "NINA.Core.Model.Equipment.BinningMode, NINA.Core"), "X": 1, "Y": 1}
    exposure = _typed(ids, "NINA.Sequencer.SequenceItem.Imaging.TakeExposure, NINA.Sequencer")
    exposure |= {"ExposureTime": one.exposure_s, "Gain": -1, "Offset": -1, "Binning": binning, "ImageType": "LIGHT"}
    exposure |= {"ExposureCount": 0, "Parent": None}
    loop = {**_typed(ids, "NINA.Sequencer.Conditions.LoopCondition, NINA.Sequencer"), "Iterations": one.count}
    name, conditions = f"{one.count} in {one.filter}", [{**loop, "CompletedIterations": 0}]
    yield _container(ids, "SequentialContainer", name, [exposure], conditions)
