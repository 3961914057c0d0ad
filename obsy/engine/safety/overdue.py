"""When something takes longer than it may, and people are to be called."""


class Overdue:
    """Notices that something wanted has not come in time, and each time that as long has passed again."""

    def __init__(self, within_s: float) -> None:
        """Nothing is wanted."""
        self.within_s = within_s
        self._since_s: float | None = None

    def is_so(self, now_s: float, *, wanted: bool) -> bool:
        """Return whether it is to be told now. now_s: on a clock that nobody sets."""
        if not wanted or self._since_s is None:
            self._since_s = now_s if wanted else None
            return False
        if now_s - self._since_s < self.within_s:
            return False
        self._since_s = now_s
        return True
