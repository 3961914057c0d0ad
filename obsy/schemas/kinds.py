"""Every kind of document, written out: a new kind is one new file and one line here."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from obsy.schemas.model import Document

_MODELS = {
    "site": "site.Site",
    "horizon": "horizon.Horizon",
    "enclosure": "enclosure.Enclosure",
    "mount": "mount.Mount",
    "train": "train.Train",
    "weather": "weather.Weather",
    "policy": "policy.Policy",
    "override": "override.Override",
    "calibration": "calibration.Calibration",
    "catalogue": "catalogue.Catalogue",
    "pipeline": "pipeline.Pipeline",
    "night": "night.NightTable",
    "scenario": "scenario.Scenario",
    "recipient": "recipient.Recipient",
    "heartbeat": "heartbeat.Heartbeat",
    "output": "output.Output",
    "plan": "plan.Plan",
    "exposures": "exposures.Exposures",
    "comparison": "comparison.ComparisonTable",
    "transformation": "transformation.Transformation",
    "person": "people.Person",
    "share": "people.Share",
    "rule": "rule.Rule",
    "pack": "pack.Pack",
    "power": "power.Power",
}


class _Kinds(Mapping[str, type[Document]]):
    """The model of each kind, loaded when a document of that kind is met: start-up counts."""

    def __init__(self) -> None:
        self._loaded: dict[str, type[Document]] = {}

    def __getitem__(self, kind: str) -> type[Document]:
        if kind not in self._loaded:
            file, _, model = _MODELS[kind].partition(".")
            self._loaded[kind] = getattr(import_module(f"obsy.schemas.{file}"), model)
        return self._loaded[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in _MODELS

    def __iter__(self) -> Iterator[str]:
        return iter(_MODELS)

    def __len__(self) -> int:
        return len(_MODELS)


KINDS = _Kinds()
