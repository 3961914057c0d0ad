"""What became of one roof in a drill."""

from dataclasses import dataclass, field


@dataclass
class Deeds:
    """What happened to one roof, in seconds."""

    roof: str
    open_s: float = 0.0
    why: str = ""
    idle_s: float = 0.0
    """The longest time before anything moved to close it, though it had to be closed and something could."""
    unsafe_s: float = 0.0
    """The longest stretch for which it was not closed though it had to be, and something could close it."""
    excused_s: float = 0.0
    """The longest one in which nothing could."""
    struck_s: float = 0.0
    """So long it moved over a mount that did not rest."""
    over_s: float = 0.0
    """So long it did so because the policy says it, by `if_not_parked`."""
    dared_s: float = 0.0
    """So long it was on its way to open though something had said long enough that it must not."""
    under_s: float = 0.0
    """So long a mount moved under it while it stood, or travelled, half-way."""
    astray_s: float = 0.0
    """So long a mount moved under it while it was closed."""
    sun_s: float = 0.0
    """So long a mount pointed near the Sun under it."""
    collisions: int = 0
    """So often a mount was sent somewhere though its roof was not open."""
    closed_at_end: bool = True
    alarms: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.faults
