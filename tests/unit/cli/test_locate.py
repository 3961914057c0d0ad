"""Which nights are meant where nobody says it."""

from pathlib import Path

import pytest

from obsy.cli.locate import data_root_of
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.schemas.site import Site

EVENT = '{"time": "2026-11-21T18:00:00Z", "night": "2026-11-21", "event": "night-started"}\n'


@pytest.fixture
def site(here: Path) -> Site:
    return declare(here).site


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_nights_that_were_written_last_are_meant_and_at_first_the_simulated_ones(here: Path, site: Site) -> None:
    real, simulated = (DataRoot.of(here, site, each) for each in (False, True))
    assert data_root_of(here, site, None) == simulated
    write(real.folder / "journal" / "2026-11-21.jsonl", EVENT)
    write(simulated.store)
    assert data_root_of(here, site, None) == real
    assert data_root_of(here, site, True) == simulated


def test_where_no_night_has_been_frames_that_were_brought_in_are_meant(here: Path, site: Site) -> None:
    real = DataRoot.of(here, site, False)
    write(real.store)
    assert data_root_of(here, site, None) == real
