"""What is imported reads as written: all files at once, the screen and every plan. Renew with `OBSY_RENEW=1`.

Where each format was seen:
- EKOS: its elements as KStars 3.6.2 writes and reads them (kstars/ekos/scheduler/scheduler.cpp, capture/capture.cpp).
- N.I.N.A.: the target file and sequence items that several public tools make; the flipped `Rotation` in its own
  SimpleSequenceVM.cs. Target Scheduler: ExportProfile.cs and the schema of its release 5 (JSON properties).
- AAVSO: an answer of 2021 of its Target Tool in a comment of a public program, and what another reads of it.
- ACP: RTML 2.3 as photrix writes it for ACP Scheduler. OCS: examples of submissions to its portal.
- KStars, SkyPlanner: lists that a public planner writes for KStars (radians), and OAL 2.1 documents.
- NASA: the archive's documentation of its columns, rows in tests of public readers. ExoClock: what readers of it read.
- MPC: its own pages "Export format for minor-planet orbits" and "Export format for comet orbits". TLE: a set of NORAD.
- AstroPlanner's own export was not seen: a table with the columns that it shows.
- Telescopius: the header and a row of a real list, in the tests of a public reader of it; the mosaic's header likewise.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.import_ import import_
from tests.support.golden import assert_golden

CASES = Path(__file__).parent / "import"
BESIDE = ("lrgb & ha.esq", "exposureTemplates.json")
"""Read with the file that names it."""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example observatory, without plans."""
    (tmp_path / "site").symlink_to(ROOT / "site")
    shutil.copytree(ROOT / "library", tmp_path / "library")  # it is written into
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_imported_reads_as_written(here: Path) -> None:
    for folder in sorted(CASES.iterdir()):
        (here / folder.name).symlink_to(folder)
    named = [f"{path.parent.name}/{path.name}" for path in sorted(CASES.glob("*/*")) if path.name not in BESIDE]
    said = CliRunner().invoke(import_, named)
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exc_info
    files = [*sorted((here / "plans").iterdir()), *sorted((here / "library" / "comparisons").iterdir())]
    plans = [f"--- {path.name}\n{path.read_text()}" for path in files]
    assert_golden("".join([said.output, f"exit {said.exit_code}\n", *plans]), CASES.with_name("imported.txt"))
    again = CliRunner().invoke(import_, [*named[:2], "--dry-run"])
    assert "is there already" in again.output and "0 plans would be placed" in again.output
