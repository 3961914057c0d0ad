import numpy as np

from obsy.engine.sky.constraints import Limit, allowed, allows, declared, reason, why_not, word
from obsy.engine.sky.grid import Mask
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.later import models_in
from obsy.schemas.when import When

HIGH, DARK = Altitude.model_construct(above=35.0), Sun.model_construct(below=-18.0)
ALL = np.ones(6, dtype=bool)


def blamed(limits: list[Limit], track: Track, within: Mask) -> Limit | None:
    """What refuses most of the instants on offer."""
    return why_not(limits, [allows(each, track) for each in limits], within)


def test_all_constraints_must_hold(seen):
    track = seen(altitude_deg=[30, 40, 40, 40, 40, 30], sun_altitude_deg=[-10, -10, -20, -20, -20, -20])
    assert allowed([HIGH, DARK], track).tolist() == [False, False, True, True, True, False]


def test_without_constraints_all_is_allowed(seen):
    assert allowed([], seen()).all()


def test_the_one_that_refuses_most_is_blamed(seen):
    track = seen(altitude_deg=[30, 30, 30, 40, 40, 40], sun_altitude_deg=[-10, -10, -20, -20, -20, -20])
    assert blamed([DARK, HIGH], track, ALL) is HIGH
    assert reason(HIGH) == "it does not stand above 35 deg"


def test_what_is_refused_outside_the_night_does_not_count(seen):
    track = seen(altitude_deg=[30, 30, 30, 40, 40, 30], sun_altitude_deg=[-10, -10, -10, -10, -20, -20])
    assert blamed([DARK, HIGH], track, track.sun_altitude_deg < -18) is HIGH


def test_of_two_alike_the_one_declared_first_is_blamed(seen):
    assert blamed([DARK, HIGH], seen(), ALL) is DARK


def test_nobody_is_blamed_when_nothing_is_refused(seen):
    assert blamed([HIGH], seen(altitude_deg=[50] * 6), ALL) is None


def test_what_when_names_is_declared_and_nothing_else():
    said = When.model_validate({"sun": "below -15 deg", "altitude": "above 35 deg"})
    assert declared(said) == (said.altitude, said.sun)


def test_a_constraint_is_called_by_its_word_in_when():
    fields = {name: field for name, field in When.model_fields.items() if not field.metadata}
    kinds = {name: next(models_in(field.annotation)) for name, field in fields.items()}
    assert {name: word(kind.model_construct()) for name, kind in kinds.items()} == {name: name for name in kinds}
