"""An answer of Alpaca's by itself: its value, its refusal, and which question it is to."""

import json

import pytest

from obsy.engine.devices.alpaca.answer import AlpacaRefusal, value_of
from obsy.errors import DeviceError


def answered(number=0, **said):
    return value_of(json.dumps(said).encode(), "dome/0", "shutterstatus", number)


# The reserved numbers as the ASCOM Alpaca API Reference has them.
@pytest.mark.parametrize(
    ("number", "meaning"),
    [
        (0x400, "no such ability"),
        (0x401, "takes no such value"),
        (0x402, "no value yet"),
        (0x407, "not connected to it"),
        (0x408, "is parked"),
        (0x409, "follows another device"),
        (0x40B, "cannot do that now"),
        (0x500, "a fault of its driver"),
    ],
)
def test_a_refusal_is_told_by_what_its_number_means(number, meaning):
    with pytest.raises(AlpacaRefusal, match=meaning) as told:
        answered(ErrorNumber=number, Value=1)
    assert told.value.number == number


def test_a_refusal_is_told_with_its_drivers_words_if_it_has_any():
    for said, end in (
        ({"ErrorMessage": " motor stalled\n"}, ": motor stalled"),
        ({"ErrorMessage": None}, ""),
        ({}, ""),
    ):
        with pytest.raises(AlpacaRefusal, match=f"with error 0x500, a fault of its driver{end}$"):
            answered(ErrorNumber=0x500, **said)


def test_an_answer_without_a_number_of_an_error_is_no_refusal():
    assert answered(Value=3) == 3
    assert answered() is None


@pytest.mark.parametrize("said", ['{"ErrorNumber": 1E999}', '{"ClientTransactionID": 1E999}', '{"ErrorNumber": 0.4}'])
def test_a_number_that_counts_nothing_is_no_answer(said):
    with pytest.raises(DeviceError, match="does not speak Alpaca"):
        value_of(said.encode(), "dome/0", "shutterstatus", 0)


@pytest.mark.parametrize("said", [{}, {"ClientTransactionID": 0}, {"ClientTransactionID": None}])
def test_a_server_that_counts_no_questions_is_believed(said):
    assert answered(7, Value=1, **said) == 1


@pytest.mark.parametrize("number", [0, 1, 8])
def test_the_answer_to_another_question_is_none(number):
    assert answered(7, Value=1, ClientTransactionID=7) == 1
    with pytest.raises(DeviceError, match=f"answers question 7, and {number} was asked: see what stands between"):
        answered(number, Value=1, ClientTransactionID=7)
    with pytest.raises(DeviceError, match="answers question 1"):
        answered(0 if number == 1 else number, Value=1, ClientTransactionID=1)
