"""Stands between an INDI server and one of INDI's own drivers: notes what is said and when, and lies for the driver.

python -S -E indi_tap.py DRIVER FOLDER, with the server at stdin and stdout. What the driver itself says, and what it is
asked, goes into FOLDER/NAME.words, each line with the seconds of `time.monotonic`. FOLDER/NAME.orders takes orders:

    say ELEMENT VALUE              a number reads so from now on, whatever the driver says
    state PROPERTY STATE           the property is in that state from now on, whatever the driver says
    answer ELEMENT STATE [ELEMENT] who presses the switch hears this state, with the last switch on; the driver nothing
    claim ELEMENT                  the switch is said to be on, now
    honest                         no more of that
"""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from xml.etree.ElementTree import Element, XMLPullParser, tostring

NOTED = ("CONNECTION", "DOME_SHUTTER", "TELESCOPE_PARK", "WEATHER_PARAMETERS")
STATES = {"On": True, "Off": False}


class Elements:
    """The elements of a stream of XML without an end, each as soon as it is whole."""

    def __init__(self) -> None:
        self._parser, self._open = XMLPullParser(("start", "end")), list[Element]()
        self._parser.feed(b"<all>")

    def of(self, heard: bytes) -> Iterator[Element]:
        self._parser.feed(re.sub(rb"<\?xml[^>]*>", b"", heard))  # drivers begin so, and may begin again
        for event, element in self._parser.read_events():
            if event == "start":
                self._open.append(element)
            else:
                self._open.pop()
                if len(self._open) == 1:
                    yield element
                    self._open[0].clear()


class Tap:
    """One driver, and whoever speaks to it."""

    def __init__(self, driver: str, folder: Path) -> None:
        name = Path(driver).name
        self.driver = subprocess.Popen([driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        (folder / f"{name}.part").write_text(str(self.driver.pid))
        os.replace(folder / f"{name}.part", folder / f"{name}.pid")  # it is read at any time
        self._words = (folder / f"{name}.words").open("a", buffering=1)
        self.orders = os.open(folder / f"{name}.orders", os.O_RDWR)
        self._known: dict[str, Element] = {}
        self._numbers: dict[str, str] = {}
        self._answers: dict[str, tuple[str, str]] = {}
        self._states: dict[str, str] = {}

    def order(self, line: str) -> None:
        what, *rest = line.split()
        if what == "say":
            self._numbers[rest[0]] = rest[1]
        elif what == "state":
            self._states[rest[0]] = rest[1]
        elif what == "answer":
            self._answers[rest[0]] = (rest[1], rest[-1] if len(rest) > 2 else rest[0])  # noqa: PLR2004
        elif what == "claim":
            self._send(self._switched(self._with(rest[0]), rest[0], "Ok"))
        elif what == "honest":
            self._numbers, self._answers, self._states = {}, {}, {}

    def hear(self, element: Element) -> None:
        """The driver has said something."""
        if element.tag.startswith(("def", "set")):
            self._note("said" if element.tag.startswith("set") else "believes", element)
            self._known[element.get("name", "")] = deepcopy(element)
        for part in element:
            if (value := self._numbers.get(part.get("name", ""))) is not None:
                part.text = value
        if (state := self._states.get(element.get("name", ""))) is not None:
            element.set("state", state)
        self._send(element)

    def ask(self, element: Element) -> None:
        """The driver is asked something."""
        if element.tag.startswith("new"):
            self._note("asked", element)
        pressed = _pressed(element)
        if pressed in self._answers and element.tag == "newSwitchVector":
            state, on = self._answers[pressed]
            self._send(self._switched(self._known[element.get("name", "")], on, state))
        elif self.driver.stdin is not None:
            self.driver.stdin.write(tostring(element) + b"\n")
            self.driver.stdin.flush()

    def _with(self, switch: str) -> Element:
        return next(each for each in self._known.values() if any(part.get("name") == switch for part in each))

    def _switched(self, known: Element, on: str, state: str) -> Element:
        head = {"device": known.get("device", ""), "name": known.get("name", ""), "state": state}
        said = Element("setSwitchVector", head)
        for part in known:
            one = Element("oneSwitch", {"name": part.get("name", "")})
            one.text = "On" if part.get("name") == on else "Off"
            said.append(one)
        return said

    def _send(self, element: Element) -> None:
        os.write(1, tostring(element) + b"\n")

    def _note(self, what: str, element: Element) -> None:
        if (name := element.get("name", "")) in NOTED:
            print(f"{time.monotonic():.3f}", what, name, element.get("state", "-"), _pressed(element), file=self._words)


def _pressed(element: Element) -> str:
    return next((part.get("name", "") for part in element if STATES.get((part.text or "").strip())), "-")


def main() -> None:
    tap = Tap(sys.argv[1], Path(sys.argv[2]))
    said, asked = Elements(), Elements()
    hears = {0: (asked.of, tap.ask)}
    if tap.driver.stdout is not None:
        hears[tap.driver.stdout.fileno()] = (said.of, tap.hear)
    try:
        while True:
            for each in select.select([*hears, tap.orders], [], [])[0]:
                if not (heard := os.read(each, 65536)):
                    return
                if each == tap.orders:
                    for line in heard.decode().splitlines():
                        tap.order(line)
                    continue
                elements, takes = hears[each]
                for element in elements(heard):
                    takes(element)
    finally:
        tap.driver.kill()


if __name__ == "__main__":
    main()
