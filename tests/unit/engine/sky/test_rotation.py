"""How the Earth has turned of late, held against astropy's own reading of the same days."""

from pathlib import Path

import numpy as np
import pytest
from astropy.utils import iers

from obsy.engine.sky.rotation import _RECENT_DAYS, recent_rotation


@pytest.fixture(scope="module")
def astropys(tmp_path_factory: pytest.TempPathFactory) -> iers.IERS_A:
    """The last days of the table as astropy reads them."""
    days = Path(iers.IERS_A_FILE).read_text(encoding="ascii").splitlines(keepends=True)
    file = tmp_path_factory.mktemp("days") / "finals2000A"
    file.write_text("".join(days[-_RECENT_DAYS:]), encoding="ascii")
    return iers.IERS_A.read(file)


@pytest.mark.parametrize("name", ["MJD", "UT1_UTC", "PM_x", "PM_y", "dX_2000A", "dY_2000A"])
def test_each_number_is_astropys_to_the_bit_and_has_its_unit(astropys: iers.IERS_A, name: str) -> None:
    mine, theirs = recent_rotation()[name], astropys[name]
    assert mine.unit == theirs.unit
    assert np.array_equal(mine.value, theirs.value, equal_nan=True)


@pytest.mark.parametrize("name", ["UT1Flag", "PolPMFlag", "NutFlag"])
def test_who_says_it_is_what_astropy_says(astropys: iers.IERS_A, name: str) -> None:
    mine, theirs = recent_rotation()[name], astropys[name]
    assert [*mine] == ["" if each == "0" else each for each in theirs]  # which nothing says: astropy's filler
    assert {"B", "I", "P"} <= {*mine}


def test_astropy_takes_it_for_what_it_knows_of_a_day() -> None:
    table = recent_rotation()
    day = float(table["MJD"].value[100]) + 2_400_000.5 + 0.25
    assert table.ut1_utc(day) == iers.IERS_A.open(iers.IERS_A_FILE).ut1_utc(day)
    assert table.pm_xy(day) == iers.IERS_A.open(iers.IERS_A_FILE).pm_xy(day)
