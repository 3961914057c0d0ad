"""One job, as the scheduler would hand it over."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from obsy.engine.devices.ports import Exposure, Job, Pointing
from tests.support.ekos import simulated_equipment


@pytest.fixture
def job() -> Job:
    return Job(
        train="newton",
        object="veil_1-1",
        pointing=Pointing(ra_deg=312.75, dec_deg=-0.5),
        exposure=Exposure(kind="light", seconds=180.0, filter="Ha", gain=100, offset=10, binning=1, object="veil_1-1"),
        count=12,
        end=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
        temperature_c=-10.0,
    )


@pytest.fixture
def equipment():
    return replace(simulated_equipment(), columns=1024, rows=768)
