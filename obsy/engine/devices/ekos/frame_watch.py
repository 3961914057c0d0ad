"""A frame that does not come: when a camera's driver has died, EKOS says 'capturing' for ever."""

from datetime import datetime, timedelta

from obsy.errors import DeviceTimeout


class FrameWatch:
    """Knows since when EKOS exposes, and how long a frame may take from there until its file has come."""

    def __init__(self, limit_s: float) -> None:
        """limit_s: exposure, download and patience together."""
        self._limit = timedelta(seconds=limit_s)
        self._since: datetime | None = None
        self._seen = 0

    def look(self, now: datetime, *, exposing: bool, seen: int) -> None:
        """Take note of a moment. Raise DeviceTimeout if the frame is overdue.

        seen: how many files have come until now. A slew, a cooler or a focus run that goes before is no frame.
        """
        if not exposing or seen != self._seen or self._since is None:
            self._since, self._seen = (now if exposing else None), seen
        elif now - self._since > self._limit:
            late_s = (now - self._since).total_seconds()
            raise DeviceTimeout(
                f"EKOS has said 'capturing' for {late_s:.0f} s, and no file has come: look whether the camera's driver "
                "still runs"
            )
