"""A rain sensor on a serial port: one that is asked, or a relay in a loop through the modem lines."""

import serial

from obsy.engine.devices.ports import Clock, Reading
from obsy.engine.devices.sources.apart import Apart
from obsy.errors import DeviceError
from obsy.units import WEATHER

BAUD = 9600
ANSWER_S = 2.0
LONGEST = 32
QUESTION, DRY = b"S#", b"safe#"


class SerialRain:
    """A Hydreon RG-11 or the like. It says whether it rains and not how much: rain is the most that is plausible.

    rg11: a controller that is sent `S#` and answers `safe#`, or any other word that ends in `#` when it rains.
    contact: the relay's contact that is closed while it is dry joins RTS to CTS, so that a torn cable is rain.
    """

    def __init__(self, clock: Clock, port: str, written: str) -> None:
        """Open nothing yet. port: a device, or a pyserial address such as `socket://host:port`."""
        self._clock, self._port, self._written = clock, port, written
        self._line: serial.SerialBase | None = None
        self._apart = Apart(f"the serial port '{port}'")

    async def read(self) -> Reading:
        """Return whether it rains. Raise DeviceError if the port is gone, or nothing answers."""
        return Reading({"rain": WEATHER["rain"].most if await self._apart.run(self._wet) else 0.0}, self._clock.now())

    def close(self) -> None:
        """Let the port go."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _wet(self) -> bool:
        """The port stays open: opening it resets many a controller."""
        try:
            if self._line is None:
                self._line = serial.serial_for_url(self._port, BAUD, timeout=ANSWER_S, write_timeout=ANSWER_S)
            return self._asked(self._line) != DRY if self._written == "rg11" else self._loop_is_open(self._line)
        except Exception:
            self.close()
            raise

    def _asked(self, line: serial.SerialBase) -> bytes:
        line.reset_input_buffer()  # an answer that came too late is no answer to the next question
        line.write(QUESTION)
        answer = bytes(line.read_until(b"#", LONGEST)).strip()
        if not answer.endswith(b"#"):
            raise DeviceError(f"it answered {answer!r}, and not '{DRY.decode()}'")
        return answer

    def _loop_is_open(self, line: serial.SerialBase) -> bool:
        """Break the loop once: a CTS that is on all the same is no evidence."""
        line.rts = False
        if line.cts:
            raise DeviceError("CTS is on without RTS: the relay is not in the loop")
        line.rts = True
        return not line.cts
