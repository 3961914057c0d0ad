"""Which driver a declared thing is reached through."""

import re
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from obsy.diagnostics import nearest, unfit
from obsy.schemas.address import LAST_PORT
from obsy.schemas.model import Model, Text

ALPACA = (
    "camera", "covercalibrator", "dome", "filterwheel", "focuser", "observingconditions", "rotator", "safetymonitor",
    "telescope",
)  # fmt: skip
"""What obsy reaches by Alpaca. Source: ASCOM Alpaca API Reference, device types."""
NUMBERED = rf"^({'|'.join(ALPACA)})/\d{{1,9}}$"
PROGRAM = r"^/?[A-Za-z0-9_][A-Za-z0-9_.+/-]*$"
"""Never an option of the server that begins it."""


def check_broker(mqtt: str | None, topics: dict[tuple[str, ...], str]) -> None:
    """Raise what `unfit` makes of an MQTT broker that is no host, and of topics that stand for several.

    topics: by the place where each is said.
    """
    if mqtt is not None and not re.fullmatch(r"[^\s/:]+(:\d{1,5})?", mqtt):
        host = re.sub(r"^[a-z]+://|/.*$", "", mqtt)
        raise unfit("not-understood", at=("mqtt",), expected="a broker's host, or 'host:port'", mend=f"write '{host}'")
    host, _, port = (mqtt or "").partition(":")
    if port and not 0 < int(port) <= LAST_PORT:
        raise unfit("out-of-range", at=("mqtt",), expected=f"a port from 1 to {LAST_PORT}", mend=f"write '{host}:1883'")
    for at, topic in topics.items():
        if not re.fullmatch(r"[^/+#\s][^+#\s]*[^/+#\s]|[^/+#\s]", topic):
            words = ("one topic, without blanks, '+' and '#'", "write for example 'obsy/hill'")
            raise unfit("not-understood", at=at, expected=words[0], mend=words[1])


class Device(Model):
    """Exactly one way to the hardware; a simulated night needs none."""

    ways: ClassVar[tuple[str, ...]] = ("indi", "alpaca")
    example: ClassVar[str] = "CCD Simulator"
    typical: ClassVar[str] = "camera/0"

    indi: Text | None = None
    """The device's name on the INDI server."""
    alpaca: Annotated[Text | None, Field(json_schema_extra={"pattern": NUMBERED})] = None
    """The device's type and number on the Alpaca server, such as `camera/0`."""
    server: Text | None = None
    """Which of the site's `servers` has it; unsaid, the only one."""
    driver: Annotated[Text | None, Field(json_schema_extra={"pattern": PROGRAM})] = None
    """The INDI driver that obsy begins for it, such as `indi_asi_ccd`: then no server of the site has it."""
    label: Text | None = None
    """What KStars calls that driver, where it is not the device's name: `ZWO CCD`."""

    @property
    def way(self) -> str:
        """Return which of the ways it is."""
        return next(way for way in self.ways if getattr(self, way) is not None)

    @property
    def called(self) -> str:
        """Return what its INDI or Alpaca server calls it; nothing if none has it."""
        return self.indi or self.alpaca or ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        said = [way for way in self.ways if getattr(self, way) is not None]
        if len(said) != 1:
            known = f"{', '.join(self.ways[:-1])} or {self.ways[-1]}"
            raise unfit(
                "one-driver",
                found=f"both {' and '.join(said)}" if said else f"neither {' nor '.join(self.ways)}",
                expected=f"either {known}",
                mend=f"write 'device: {{indi: {self.example}}}'",
            )
        return self

    @model_validator(mode="after")
    def _is_driven_once(self) -> Self:
        for key in ("server", "driver", "label"):
            if getattr(self, key) is not None and self.indi is None and (key != "server" or self.alpaca is None):
                found, mend = f"'{key}' says nothing of what is no INDI device", f"remove '{key}'"
                raise unfit("no-effect", found=found, expected="a device of INDI", mend=mend, at=(key,))
        if self.alpaca is not None and not re.fullmatch(NUMBERED, self.alpaca, re.ASCII):
            expected = f"a type and a number, of {', '.join(ALPACA)}"
            raise unfit("not-understood", at=("alpaca",), expected=expected, mend=self._numbered(self.alpaca))
        if self.driver is not None and self.server is not None:
            words = ("a 'server' that has it, or a 'driver' that obsy begins", "remove 'driver'")
            raise unfit("never-both", at=("driver",), expected=words[0], mend=words[1])
        if self.driver is not None and not re.fullmatch(PROGRAM, self.driver):
            words = ("the name of a program", "write for example 'indi_asi_ccd'")
            raise unfit("not-understood", at=("driver",), expected=words[0], mend=words[1])
        return self

    def _numbered(self, said: str) -> str:
        """Return the cure for what is no type and number of Alpaca."""
        sort, number = re.findall("[a-z]*", said.lower())[0], re.findall("[0-9]{1,9}$", said) or ["0"]
        meant = nearest(sort, ALPACA)
        return f"write '{meant}/{number[0]}'" if meant else f"write for example '{self.typical}'"
