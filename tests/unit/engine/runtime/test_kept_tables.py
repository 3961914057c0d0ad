"""Tables are kept by their bytes, and no longer than their files stay as they are."""

from obsy.engine.reduce.star_table import StarTable
from obsy.engine.runtime.kept_tables import A_BYTE, KeptTables
from tests.unit.engine.science.star_fields import StarField


def test_what_was_not_asked_for_longest_goes_first_once_all_take_too_much(tmp_path, monkeypatch):
    paths, read = [tmp_path / f"{each}.ecsv" for each in range(3)], []
    for path, table in zip(paths, StarField(frames=3).tables(), strict=True):
        table.write(path)
    honest, size = StarTable.read, paths[0].stat().st_size
    monkeypatch.setattr(StarTable, "read", lambda path: read.append(path.name) or honest(path))
    kept = KeptTables(most=2.5 * A_BYTE * size)
    for at in (0, 1, 0, 2, 0, 1):
        kept.read(paths[at])
    assert read == ["0.ecsv", "1.ecsv", "2.ecsv", "1.ecsv"] and 0 < kept.bytes <= 2.5 * A_BYTE * size
    kept.forget()
    assert kept.bytes == 0


def test_a_table_holds_numbers_and_no_columns_of_astropy(tmp_path):
    (table,) = StarField(frames=1).tables()
    table.write(tmp_path / "a.ecsv")
    assert type(StarTable.read(tmp_path / "a.ecsv").x).__module__ == "numpy"
