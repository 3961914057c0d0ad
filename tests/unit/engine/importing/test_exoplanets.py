"""Tables of planets become plans of transits."""

from pathlib import Path

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import given
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Wish


@pytest.mark.parametrize(("host", "lasts"), [("hostname", "3"), ("pl_hostname", "0.125")])
def test_a_transit_lasts_as_long_by_the_archives_older_table_which_has_days(
    host: str, lasts: str, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    row = f"A,A b,1.5,2.5,2455000.5,BJD_TDB,3,{lasts}"
    file.write_text(f"{host},pl_name,ra,dec,pl_tranmid,pl_tsystemref,pl_orbper,pl_trandur\n{row}\n")
    source = given(file)
    (planet,) = (each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish))
    assert planet.target["planets"]["b"] == {"epoch": "2455000.5 BJD_TDB", "period": "3 d", "duration": "3 h"}
