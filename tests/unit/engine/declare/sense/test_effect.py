"""What is said of the clock times of a scenario, whose night runs from noon of the longitude."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey


def told(root: Path, here: Path, text: str, zone: str = "Europe/Madrid", longitude: str = "-2.33 deg") -> list[str]:
    for room in ("site", "library"):
        shutil.copytree(root / room, here / room)
    site = here / "site" / "site.yaml"
    changed = site.read_text().replace("Europe/Madrid", zone).replace("-2.33 deg", longitude)
    site.write_text(changed)
    (here / "library" / "late.yaml").write_text(f"kind: scenario\nname: late\n{text}\n")
    found = survey(here)
    every = (*found.complaints, *found.warnings)
    return [f"{each.code}: {each.found}; {each.mend}" for each in every if each.mark.file.endswith("late.yaml")]


@pytest.mark.parametrize(
    ("clock", "place", "said"),
    [
        ("12:00", ("Europe/Madrid", "-2.33 deg"), "write '14:10' or later, if its beginning is meant"),
        ("13:30", ("Europe/Madrid", "-2.33 deg"), "write '14:10' or later, if its beginning is meant"),
        ("14:10", ("Europe/Madrid", "-2.33 deg"), None),
        ("11:59", ("Europe/Madrid", "-2.33 deg"), None),
        ("20:30", ("Europe/Madrid", "-2.33 deg"), None),
        ("11:50", ("Asia/Tokyo", "145 deg"), "write a time before '11:20', if its end is meant"),
        ("11:10", ("Asia/Tokyo", "145 deg"), None),
        ("12:30", ("UTC", "-155 deg"), None),  # there it is two in the night
    ],
)
def test_a_clock_time_between_the_two_noons_is_of_the_other_end_of_the_night(
    clock: str, place: tuple[str, str], said: str | None, root: Path, tmp_path: Path
) -> None:
    found = told(root, tmp_path, f"changes: [{{at: {clock}, rain: 2 mm/h}}]", *place)
    assert [each.partition("; ")[2] for each in found] == ([said] if said else [])
    assert all(each.startswith(f"before-noon: {clock} is of the ") for each in found)


@pytest.mark.parametrize(("begin", "end", "codes"), [("10:00", "13:00", []), ("13:00", "23:00", ["no-effect"])])
def test_a_fault_is_over_by_the_night_of_the_longitude_and_not_by_noon_of_the_clock(
    begin: str, end: str, codes: list[str], root: Path, tmp_path: Path
) -> None:
    fault = f"faults: [{{at: {begin}, until: {end}, device: rain-sensor, fault: disconnect}}]"
    found = told(root, tmp_path, fault, "UTC", "-155 deg")
    assert [each.partition(":")[0] for each in found] == codes
