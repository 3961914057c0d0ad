"""Models that are made when a value is met: the same complaints and schema, and nothing is loaded before."""

import subprocess
import sys
from typing import Annotated

import pytest
from pydantic import ValidationError

from obsy.schemas.complaint import purpose
from obsy.schemas.constraints.season import Season
from obsy.schemas.later import later, loaded_later, models_in
from obsy.schemas.model import Model
from obsy.schemas.when import When

SAYS_ALTITUDE = """
import sys
from obsy.schemas.when import When
When.model_validate({"altitude": "above 30 deg"})
print(sorted(each.rpartition(".")[2] for each in sys.modules if each.startswith("obsy.schemas.constraints.")))
"""


class Lamp(Model):
    """What shines."""

    watts: int


@pytest.mark.once
def test_a_word_of_when_is_loaded_when_a_plan_says_it() -> None:
    said = subprocess.run([sys.executable, "-c", SAYS_ALTITUDE], capture_output=True, text=True, check=True).stdout
    assert eval(said) == ["altitude", "constraint"]  # noqa: S307 - our own list


def test_a_model_is_made_once_and_not_before_it_is_met() -> None:
    made = []

    def make() -> type[Model]:
        made.append(Lamp)
        return Lamp

    class Room(Model):
        lamp: later(make) | None = None  # type: ignore[valid-type]
        other: later(make) | None = None  # type: ignore[valid-type]

    assert Room.model_validate({}).lamp is None and not made
    for watts in (40, 60):
        assert Room.model_validate({"lamp": {"watts": watts}}).lamp == Lamp(watts=watts)
    assert made == [Lamp]


def test_what_is_wrong_with_a_value_is_told_as_of_every_part() -> None:
    with pytest.raises(ValidationError) as told:
        When.model_validate({"season": "from 1st of May"})
    assert {each["loc"][0] for each in told.value.errors()} == {"season"}


def test_a_type_tells_its_models_wherever_they_stand() -> None:
    kind = loaded_later("constraints.season.Season")
    assert list(models_in(tuple[Annotated[kind | None, "kept"], ...])) == [Season]
    assert list(models_in(Lamp | None)) == [Lamp] and not list(models_in(str | None))


def test_a_key_without_words_of_its_own_is_told_by_its_model() -> None:
    assert purpose(When, "season") == (Season.__doc__ or "").strip()
