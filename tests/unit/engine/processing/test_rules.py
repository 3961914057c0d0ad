"""What processing is told of what was declared."""

from pathlib import Path

from obsy.engine.frames.frame import Frame
from obsy.engine.identity import Identity
from obsy.engine.processing.rules import ProcessingRules
from tests.support.frames import A_LIGHT


def test_where_nothing_is_said_every_light_is_shown_none_contradicts_itself_and_a_minute_is_waited() -> None:
    rules = ProcessingRules("home", lambda at: at.date(), lambda _: None, lambda _: None, {})
    light = Frame(**A_LIGHT)
    assert rules.shown(light)
    assert rules.contradiction(light) == ""
    assert rules.ticket(Path("L.fits")) == Identity()
    assert (rules.patience_s, rules.retry_s) == (60.0, 5.0)
