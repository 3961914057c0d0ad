from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from obsy.engine.library.match import match


@dataclass(frozen=True)
class Light:
    camera: str = "ASI"
    binning: int = 1
    gain: int | None = 100
    offset: int | None = 30
    temperature_c: float | None = -10.3
    exposure_s: float = 180.0
    filter: str | None = "L"


@pytest.fixture
def library(make_master):
    return tuple(make_master(kind) for kind in ("bias", "dark", "flat"))


def test_a_light_finds_its_masters(library, calibration):
    found = match(Light(), library, calibration)
    assert (found.bias, found.dark, found.flat, found.missing) == (*library, ())


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"camera": "QHY"}, ["bias", "dark", "flat"]),
        ({"binning": 2}, ["bias", "dark", "flat"]),
        ({"gain": 0}, ["bias", "dark", "flat"]),
        ({"offset": 10}, ["bias", "dark", "flat"]),
        ({"temperature_c": -5.0}, ["dark"]),
        ({"exposure_s": 60.0}, ["dark"]),
        ({"filter": "R"}, ["flat"]),
    ],
)
def test_what_differs_does_not_calibrate(changed, lacks, library, calibration):
    found = match(replace(Light(), **changed), library, calibration)
    assert [line.split(":")[0] for line in found.missing] == lacks


def test_the_reason_names_what_was_looked_for(library, calibration):
    found = match(replace(Light(), exposure_s=60.0), library, calibration)
    assert found.missing == ("dark: none of 60 s at -10.3 degC of ASI, binning 1, gain 100, offset 30",)


def test_the_newest_wins(library, make_master, calibration):
    newer = make_master("bias", taken_at=datetime(2026, 11, 21, tzinfo=UTC), sha256="newer")
    assert match(Light(), (newer, *library), calibration).bias == newer
    assert match(Light(), (*library, newer), calibration).bias == newer


def test_what_a_header_does_not_say_rules_nothing_out(library, calibration):
    silent = replace(Light(), gain=None, offset=None, temperature_c=None)
    assert match(silent, library, calibration).missing == ()
