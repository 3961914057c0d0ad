"""A new kind is one file and one line: the places that name all kinds of a thing name the same ones."""

from dataclasses import fields
from typing import Annotated, Literal, get_args

import click
from pydantic import Field

from obsy.cli.apply import apply
from obsy.engine.declare.sense.pipeline import ORDER, order
from obsy.engine.devices.indi.weather import GAUGES
from obsy.engine.devices.simulated.weather import NOISE, NOISE_C
from obsy.engine.events.roof import WeatherNoted
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.event import GuardFacts
from obsy.engine.reduce.steps import STACK, STEPS
from obsy.engine.runtime.apply import RUNNERS
from obsy.schemas import when
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.later import models_in
from obsy.schemas.model import Model
from obsy.schemas.night import Activity, Guard
from obsy.schemas.pipeline import Bias, Stack, Step
from obsy.schemas.policy import Limits
from obsy.schemas.quantities import FAIR
from obsy.schemas.scenario import Change, Conditions
from obsy.schemas.weather import Quantity
from obsy.units import WEATHER


def test_every_word_of_when_is_a_constraint_or_reserved() -> None:
    built = (field for field in when.When.model_fields.values() if not field.metadata)  # the others are reserved
    declared = {kind for field in built for kind in models_in(field.annotation)}
    assert all(issubclass(kind, Constraint) for kind in declared) and len(declared) > 8


def test_every_step_has_its_module_and_its_place_in_the_order() -> None:
    assert (*STEPS, STACK) == ORDER == order(Step)


def test_a_new_step_has_its_place_where_the_union_lists_it() -> None:
    class Sharpen(Model):
        step: Literal["sharpen"]

    assert order(Annotated[Bias | Sharpen | Stack, Field(discriminator="step")]) == ("bias", "sharpen", "stack")


def test_every_runner_can_be_asked_for() -> None:
    (option,) = (each for each in apply.params if each.name == "runner")
    assert isinstance(option.type, click.Choice)
    assert set(option.type.choices) == set(RUNNERS)


def test_every_activity_of_a_table_has_its_module() -> None:
    assert set(ACTIVITIES) == set(get_args(Activity))


def test_every_guard_of_a_table_is_a_fact() -> None:
    assert {field.name for field in fields(GuardFacts)} == set(get_args(Guard))


def test_every_quantity_has_its_scale_and_may_have_a_limit() -> None:
    assert list(WEATHER) == list(get_args(Quantity)) == list(Limits.model_fields)
    # The others come from no weather driver by a usual name, and are what they are in a rehearsal.
    assert set(WEATHER) > set(GAUGES) and set(WEATHER) > set(NOISE) | set(NOISE_C) > set(GAUGES)
    assert set(WEATHER) == {each.name for each in fields(WeatherNoted)} - {"enclosure"}
    assert set(WEATHER) < set(FAIR) == set(Conditions.model_fields) < set(Change.model_fields)
    assert all(quantity.label for quantity in WEATHER.values())
