"""With which place and which time a mount reckons, held against what is true."""

from dataclasses import dataclass

from obsy.schemas.mount import Reckons


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How far from the truth are the place and the clock that a mount reckons with; None where it does not say."""

    latitude_deg: float | None = None
    longitude_deg: float | None = None
    """East."""
    clock_s: float | None = None
    """Later than ours."""

    def beyond(self, allowed: Reckons) -> str:
        """Return what of it is farther off than it may be, in words; empty if nothing is."""
        found = (
            ("latitude", self.latitude_deg, "deg", allowed.place),
            ("longitude", self.longitude_deg, "deg", allowed.place),
            ("clock", self.clock_s, "s", allowed.time),
        )
        far = ((what, by, unit) for what, by, unit, most in found if by is not None and not abs(by) <= most)
        off = [f"a {what} {by:+.6g} {unit} off" for what, by, unit in far]
        return f"it reckons with {' and '.join(off)}" if off else ""

    def unsaid(self) -> str:
        """Return what it does not say, in words; empty if it says all."""
        said = {"latitude": self.latitude_deg, "longitude": self.longitude_deg, "time": self.clock_s}
        missing = [what for what, by in said.items() if by is None]
        return f"it does not say with which {' and '.join(missing)} it reckons" if missing else ""
