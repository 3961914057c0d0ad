"""The drivers that a start finds, and the example with all of its devices on one Alpaca server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.runtime import beginnable, named_devices
from tests.support.alpaca import AlpacaPeer
from tests.support.beginning import HALL, change


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The drivers that this machine has: INDI's simulators."""
    programs = {*SIMULATORS.values()}
    monkeypatch.setattr(named_devices, "which", lambda program: program if program in programs else None)
    monkeypatch.setattr(beginnable, "kstars_version", lambda: (3, 6, 2))
    return programs


@pytest.fixture
def hall(here: Path) -> Iterator[AlpacaPeer]:
    """The example, its devices all on an Alpaca server."""
    with AlpacaPeer().listening() as peer:
        peer.devices["observingconditions/1"] = dict(peer.devices["observingconditions/0"])
        change(
            here,
            HALL | {"elevation: 1650 m": HALL["elevation: 1650 m"].replace("127.0.0.1:1", f"127.0.0.1:{peer.port}")},
        )
        yield peer
