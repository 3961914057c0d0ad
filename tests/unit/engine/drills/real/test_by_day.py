"""When a real roof may not be drilled, and what counts while it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment
from obsy.engine.drills.real.by_day import ASKED_EVERY, LASTS, by_day, check_may_be_drilled, drill_of, only_roof
from obsy.engine.runtime.guard.wire import guard_of
from obsy.engine.safety.daylight import why_too_light
from obsy.errors import UserError
from tests.support.house import site

NOON = 12.0


@pytest.fixture
def house(tmp_path: Path) -> SafetyEquipment:
    return declared(tmp_path, choice=", drills: by day")


def declared(folder: Path, hour: float = NOON, **settings: str) -> SafetyEquipment:
    (folder / "site").mkdir()
    (folder / "site" / "all.yaml").write_text(site(hour, **settings))
    return read_equipment(folder)


def test_at_noon_over_a_mount_that_parks_off_the_sun_it_may_be_drilled(house: SafetyEquipment) -> None:
    check_may_be_drilled(house, datetime.now(UTC))


@pytest.mark.parametrize("choice", ["", ", drills: never"])
def test_what_the_policy_does_not_allow_is_refused(tmp_path: Path, choice: str) -> None:
    with pytest.raises(UserError, match="say 'drills: by day' under 'safety'"):
        check_may_be_drilled(declared(tmp_path, choice=choice), datetime.now(UTC))


@pytest.mark.parametrize("device", ["Dome Simulator", "Telescope Simulator"])
@pytest.mark.parametrize(
    ("instead", "why"), [("", "has no 'device'"), ("device: {indi: Mine}\n", "nobody says what drives")]
)
def test_what_cannot_be_reached_is_refused_before_anything_begins(
    tmp_path: Path, device: str, instead: str, why: str
) -> None:
    (tmp_path / "site").mkdir()
    text = site(NOON, choice=", drills: by day").replace(f"device: {{indi: {device}}}\n", instead)
    (tmp_path / "site" / "all.yaml").write_text(text)
    with pytest.raises(UserError, match=why):
        check_may_be_drilled(read_equipment(tmp_path), datetime.now(UTC))


def test_it_is_refused_as_soon_as_it_would_last_into_the_dark(house: SafetyEquipment) -> None:
    def is_dark(when: datetime) -> bool:
        return not why_too_light(house.safety.sun, house.site.location, when)

    times = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in range(1440))
    dusk = next(filter(is_dark, times))
    check_may_be_drilled(house, dusk - LASTS - ASKED_EVERY)
    for begin in (dusk - LASTS, dusk, dusk + timedelta(hours=1)):
        with pytest.raises(UserError, match="dark enough to observe: wait"):
            check_may_be_drilled(house, begin)


def test_a_mount_that_parks_where_the_sun_passes_is_refused(tmp_path: Path) -> None:
    home = declared(tmp_path, choice=", drills: by day, sun: {mount: farther than 120 deg}")
    with pytest.raises(UserError, match=r"the mount 'mount' parks within \d+ deg of where the Sun stands"):
        check_may_be_drilled(home, datetime.now(UTC))


def test_nothing_but_the_suns_height_and_the_dwell_counts_otherwise(house: SafetyEquipment) -> None:
    drilled = by_day(house.safety)
    assert not why_too_light(drilled.sun, house.site.location, datetime.now(UTC))
    same = {"sun": house.safety.sun, "dwell": house.safety.dwell}
    assert drilled.model_copy(update=same) == house.safety
    assert drilled.sun.mount == house.safety.sun.mount


def test_no_night_finds_the_guard_of_a_drill(tmp_path: Path) -> None:
    assert drill_of(tmp_path, "here") != guard_of(tmp_path, "here")


def test_a_roof_that_is_not_there_is_refused(house: SafetyEquipment) -> None:
    assert only_roof(house, "dome").mounts == house.mounts
    with pytest.raises(UserError, match="'shed' is no roof of this site; these are: dome"):
        only_roof(house, "shed")
