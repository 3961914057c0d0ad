"""When a sensor is as cold as it was told to be, whoever cools it."""

from math import inf

from obsy.errors import DeviceError

COOLED_WITHIN_C, COOLS_WITHIN_S = 0.5, 2700.0
STALLS_C, STALLS_S = 0.1, 300.0
"""A sensor that has come no nearer than this in so many seconds will not reach its set point."""
WARMS_C, WARMS_S, WARM_C = 5.0, 30.0, 15.0
"""It is warmed so many degrees at a time, with so many seconds between, until so warm; then the cooler is off."""


class Cooling:
    """The way of one sensor to its set point."""

    def __init__(self, name: str, celsius: float, now_s: float) -> None:
        """name: of the camera. now_s: by a clock that nobody sets."""
        self._name, self._celsius = name, celsius
        self._nearest_c, self._since_s = inf, now_s

    def is_there(self, now_c: float, now_s: float, *, settled: bool) -> bool:
        """Return whether it has come to the set point. Raise DeviceError if it comes no nearer.

        settled: whether the camera says that it is done.
        """
        off_c = abs(now_c - self._celsius)
        if off_c < self._nearest_c - STALLS_C:
            self._nearest_c, self._since_s = off_c, now_s
        stalls = now_s - self._since_s >= STALLS_S
        if stalls and off_c > COOLED_WITHIN_C:
            raise DeviceError(
                f"'{self._name}' was asked for {self._celsius:g} degC and stays at {now_c:g} degC: "
                "declare a 'temperature' that it reaches tonight"
            )
        return off_c <= COOLED_WITHIN_C and (stalls or settled)
