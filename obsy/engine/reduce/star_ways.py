"""The light of a frame's stars measured in more than one way: its columns in a table of stars."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from astropy.table import Table
from numpy.typing import NDArray

_FLUX, _ERROR, _FLAGS = "flux_", "flux_error_", "flags_"
_DIGITS = 8
"""Of a flux, and half as many of its error: a table is half as long as with all of them."""


class WayLight(NamedTuple):
    """The light of each star in one way, as the table's own columns have it."""

    flux: NDArray[np.float64]
    """Electrons in the exposure."""
    flux_error: NDArray[np.float64]
    flags: NDArray[np.int64]


def columns(ways: Mapping[str, WayLight]) -> dict[str, NDArray[np.generic]]:
    """Return the columns of a file: `flux_1.25`, `flux_error_1.25` and `flags_1.25`, or with `psf` for the radius."""
    told: dict[str, NDArray[np.generic]] = {}
    for way, light in ways.items():
        told[_FLUX + way] = _rounded(light.flux, _DIGITS)
        told[_ERROR + way] = _rounded(light.flux_error, _DIGITS // 2)
        told[_FLAGS + way] = light.flags
    return told


def ways_in(told: Table) -> dict[str, WayLight]:
    """Return what a file says of other ways; nothing of those before there were any. Raises KeyError for half a way."""
    names = [name.removeprefix(_FLAGS) for name in told.colnames if name.startswith(_FLAGS)]
    return {
        name: WayLight(
            _numbers(told, _FLUX + name), _numbers(told, _ERROR + name), np.asarray(told[_FLAGS + name], dtype=np.int64)
        )
        for name in names
    }


def _numbers(told: Table, name: str) -> NDArray[np.float64]:
    return np.ma.filled(np.ma.asanyarray(told[name]), np.nan).astype(np.float64)


def _rounded(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Return numbers with so many digits that count; what is none stays."""
    with np.errstate(divide="ignore", invalid="ignore"):
        last = digits - 1 - np.floor(np.log10(np.abs(np.where(values == 0, 1.0, values))))
        scale = 10.0 ** np.where(np.isfinite(last), last, 0.0)
        return np.asarray(np.round(values * scale) / scale)
