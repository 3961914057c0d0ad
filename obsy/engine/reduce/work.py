"""What a worker can be asked to do: top-level functions of one picklable order each."""

from pathlib import Path

from obsy.engine.devices.ports import Pointing
from obsy.engine.reduce.orders import Field, LightOrder, LightResult, LiveOrder, MasterOrder, StackOrder

# Each imports what it needs when it is first called, so that a worker, and whoever submits to it, starts at once.


def reduce_light(order: LightOrder) -> LightResult:
    """The verdict on a light; its products are written if it was accepted."""
    from obsy.engine.reduce.reduction import reduce  # noqa: PLC0415

    return reduce(order)


def build_master(order: MasterOrder) -> str:
    """Write the master, and return its SHA-256. Raises FrameError when its frames cannot be combined."""
    from obsy.engine.reduce.masters import build  # noqa: PLC0415

    return build(order)


def add_live(order: LiveOrder) -> None:
    """Write the running mean with one more frame, and its picture. Raises FrameError."""
    from obsy.engine.reduce.live import add  # noqa: PLC0415

    add(order)


def combine_stack(order: StackOrder) -> str:
    """Write the stack of all aligned frames and its picture, and return its SHA-256. Raises FrameError."""
    from obsy.engine.reduce.stacks import combine  # noqa: PLC0415

    return combine(order)


def lies_on(path: Path, field: Field) -> bool:
    """Whether the picture in a file lies on the grid of a plan's field; not where the file cannot be read."""
    from obsy.engine.reduce.grids import lies_on  # noqa: PLC0415

    return lies_on(path, field)


def star_width(path: Path) -> float:
    """Median half-flux radius of a focus frame's stars, unbinned pixels; NaN if there are none. Raises FrameError."""
    from obsy.engine.reduce.focus import half_flux_radius  # noqa: PLC0415

    return half_flux_radius(path)


def pointed(path: Path, believed: Pointing, scale_arcsec: float) -> Pointing | str:
    """The middle of a frame, or in words why it is not known."""
    from obsy.engine.reduce.pointing import pointed  # noqa: PLC0415

    return pointed(path, believed, scale_arcsec)
