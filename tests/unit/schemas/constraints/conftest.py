"""The track that the tests of constraints share."""

from collections.abc import Callable

import pytest

from obsy.engine.sky.track import Track
from tests.support.tracks import six_instants


@pytest.fixture
def seen() -> Callable[..., Track]:
    """A track of six instants a minute apart."""
    return six_instants
