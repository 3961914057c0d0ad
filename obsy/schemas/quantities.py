"""What is said of the weather, a key a quantity: limits, places in a source, the weather of a rehearsal."""

from collections.abc import Callable
from typing import Any

from pydantic import Field, create_model

from obsy.schemas.model import Model
from obsy.units import WEATHER


def by_quantity(name: str, kind: Callable[[str], Any]) -> type[Model]:
    """Return a model with a key for each quantity of the weather, any of which may be left out.

    kind: the type of what is said of a quantity, or None.
    """
    keys = {each: (kind(each), Field(None, description=WEATHER[each].about)) for each in WEATHER}
    model: type[Model] = create_model(name, __base__=Model, **keys)  # type: ignore[call-overload]
    return model
