"""What is said of the weather, a key a quantity: limits, places in a source, the weather of a rehearsal."""

from collections.abc import Callable
from typing import Any

from pydantic import Field, create_model

from obsy.schemas.model import Model
from obsy.units import WEATHER

FAIR = dict.fromkeys(WEATHER, 0.0) | {"seeing": 3.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0, "sky": -25.0}
FAIR |= {"battery": 100.0, "mains": 100.0, "monitor": 100.0, "disk": 1000.0}
"""The weather when a night begins, where its scenario does not say it, in the units of the quantities."""


def by_quantity(name: str, kind: Callable[[str], Any]) -> type[Model]:
    """Return a model with a key for each quantity of the weather, any of which may be left out.

    kind: the type of what is said of a quantity, or None.
    """
    keys = {each: (kind(each), Field(None, description=WEATHER[each].about)) for each in WEATHER}
    model: type[Model] = create_model(name, __base__=Model, **keys)  # type: ignore[call-overload]
    return model
