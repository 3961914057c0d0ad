"""Tests with real parts ask no network for the Earth's rotation, whichever of them runs first."""

import tests.support.offline  # noqa: F401
