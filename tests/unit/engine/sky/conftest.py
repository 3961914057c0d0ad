"""Places, grids and the published cases that the tests of the sky share."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.track import Track
from obsy.schemas.site import Location
from tests.support.tracks import six_instants


@pytest.fixture
def calar_alto() -> Location:
    return Location(37.2236, -2.5463, 2168.0)


@pytest.fixture
def evening() -> Grid:
    return Grid(datetime(2026, 11, 21, 17, tzinfo=UTC), 60.0, 841)


@pytest.fixture
def seen() -> Callable[..., Track]:
    """A track of six instants a minute apart."""
    return six_instants
