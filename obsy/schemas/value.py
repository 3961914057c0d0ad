"""What makes one night better than another: how much an hour of exposure is worth, by reason."""

from typing import Annotated

from pydantic import Field

from obsy.schemas.model import Model, Number
from obsy.units import Quantity

Weight = Annotated[Number, Field(ge=0, le=10)]
Ahead = Annotated[float, Quantity("a time span", {"d": 1.0, "h": 1 / 24}, "60 d", 1.0, 366.0)]


class Value(Model):
    """Weights, in steps of priority: an hour of exposure is worth the sum of what they say."""

    priority: Annotated[Number, Field(ge=0.1, le=10)] = 1.0
    """Of each step of a plan's priority."""
    deadline: Weight = 3.0
    """In the last night that a plan's `dates` leave; half of it in the one before, a third before that."""
    season: Weight = 2.0
    """Of what takes all the time in which it can be had in the nights `ahead`; less, if it takes less or wants more."""
    ahead: Ahead = 60.0
    """How many nights `season` looks ahead, tonight's included."""
    quality: Weight = 1.0
    """At the highest that a target can be taken tonight; in proportion, through more air."""
    moon: Weight = 0.5
    """Without moonlight; less, the more of the sky's light is the Moon's, a tenth of which counts in narrow filters."""
    share: Weight = 2.0
    """Of a group that has had nothing of its `share` of the time; in proportion, if it has had some of it."""
    staying: Weight = 0.5
    """Of a frame after one of the same picture."""
    filter: Weight = 0.25
    """Of a frame after one of the same train through the same filter."""
    balance: Weight = 0.5
    """Of the hours of a picture by which the goal that lags most has come on."""
    completion: Weight = 1.0
    """Of an hour, for a goal that is finished tonight; of all of its time, if that is less than an hour."""
    urgency: Weight = 2.0
    """Of what needs all of its time that is left tonight; it decides what is next, and adds nothing to a night."""
