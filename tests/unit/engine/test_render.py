import pytest
from jinja2 import UndefinedError

from obsy.engine.render import render

WORDS = {"profile": "obsy", "name": "m31", "ra_hours": "1", "dec_deg": "2", "sequence": "s.esq", "steps": ["Track"]}


def test_a_value_cannot_break_out_of_its_element():
    assert "<Name>&lt;/Name&gt;&amp;</Name>" in render("ekos/3.6.2/schedule.esl", **{**WORDS, "name": "</Name>&"})


def test_a_value_that_is_missing_is_no_empty_text():
    with pytest.raises(UndefinedError, match="'name' is undefined"):
        render("ekos/3.6.2/schedule.esl", **{word: value for word, value in WORDS.items() if word != "name"})
