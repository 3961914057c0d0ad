"""What a later result does not bear is renamed, and of what never was nothing is said."""

from obsy.engine.runtime.report_files import write_reports


def test_what_is_stale_is_renamed_where_it_stands_and_the_rest_written(tmp_path):
    (tmp_path / "old.txt").write_text("of earlier")
    made = write_reports(tmp_path, {tmp_path / "new" / "a.txt": "now"}, [tmp_path / "old.txt", tmp_path / "never.txt"])
    assert made.written == (tmp_path / "new" / "a.txt",) and made.written[0].read_text() == "now"
    assert made.withdrawn == (tmp_path / "old-withdrawn.txt",) and made.withdrawn[0].read_text() == "of earlier"
    assert not (tmp_path / "old.txt").exists()
