"""What an Alpaca device answers: a value, or the number and the words of its refusal."""

import json
from operator import index
from typing import Any

from obsy.errors import DeviceError

NOT_IMPLEMENTED, INVALID_VALUE, NOT_SET, NOT_CONNECTED, PARKED, SLAVED, INVALID_OPERATION = (
    0x400, 0x401, 0x402, 0x407, 0x408, 0x409, 0x40B,
)  # fmt: skip
MEANS = {
    NOT_IMPLEMENTED: "it has no such ability",
    INVALID_VALUE: "it takes no such value",
    NOT_SET: "it has no value yet",
    NOT_CONNECTED: "its driver is not connected to it: see to its power and its cable",
    PARKED: "it is parked",
    SLAVED: "it follows another device: end that in its driver",
    INVALID_OPERATION: "it cannot do that now",
}
"""Source: ASCOM Alpaca API Reference, reserved error numbers; from 0x500 to 0xFFF each driver has its own."""


class AlpacaRefusal(DeviceError):
    """A device answered that it does not do what was asked. `number` is Alpaca's, `said` is the driver's."""

    def __init__(self, device: str, asked: str, number: int, said: str) -> None:
        means = MEANS.get(number, "a fault of its driver")
        words = f": {said}" if said else ""
        super().__init__(f"'{device}' refused '{asked}' with error 0x{number:X}, {means}{words}")
        self.number = number


def value_of(content: bytes, device: str, asked: str, number: int) -> Any:
    """Return the value of an answer, None of one without.

    number: of the question; a server that counts none answers 0. Raise AlpacaRefusal if it is a refusal, DeviceError if
    it is no answer of Alpaca's, or one to another question.
    """
    try:
        said = json.loads(content)
        refused, answers = index(said.get("ErrorNumber", 0)), index(said.get("ClientTransactionID") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise DeviceError(
            f"what answers '{asked}' for '{device}' does not speak Alpaca: see which program listens there"
        ) from None
    check_number(answers, number, device, asked)
    if refused:
        raise AlpacaRefusal(device, asked, refused, str(said.get("ErrorMessage") or "").strip())
    return said.get("Value")


def check_number(answers: int, number: int, device: str, asked: str) -> None:
    """Raise DeviceError for the answer to another question, which something between has kept: it may be old."""
    if answers not in (0, number):
        raise DeviceError(
            f"what came for '{asked}' of '{device}' answers question {answers}, and {number} was asked: "
            "see what stands between, such as a proxy that keeps answers"
        )
