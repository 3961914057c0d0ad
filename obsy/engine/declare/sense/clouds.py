"""A model of clouds that was not trained on the camera itself advises, and no roof opens on its word alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.weather import Weather

if TYPE_CHECKING:
    from obsy.schemas.cloud_model import CloudModel


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about models that are missing, or are none."""
    for entry in declared.of(Weather):
        model = _file(entry)
        if model is not None and isinstance(read := _read(model), str):
            words = (read, "a model that 'obsy clouds train' has written", "train it, or remove 'model'")
            yield entry.complain("no-such-file", words, "device", "model")


def only_advises(entry: Entry[Weather]) -> str:
    """Return why no limit may rest on an input; empty if one may."""
    device = entry.document.device
    if device is None or device.allsky is None:
        return ""
    file = _file(entry)
    if file is None:
        return "the model that ships knows no camera of yours"
    model = _read(file)
    return model if isinstance(model, str) else model.why_it_only_advises(entry.document.name)


def _file(entry: Entry[Weather]) -> Path | None:
    device = entry.document.device
    return Path(device.model) if device is not None and device.model else None


def _read(path: Path) -> "CloudModel | str":
    """Return a model, or why it is none."""
    from obsy.schemas.cloud_model import CloudModel  # noqa: PLC0415 - few cameras have one of their own

    try:
        return CloudModel.model_validate_json(path.read_bytes())
    except OSError as fault:
        return f"the model '{path.name}' cannot be read: {fault.strerror}"
    except ValueError:
        return f"'{path.name}' is no model of clouds"
