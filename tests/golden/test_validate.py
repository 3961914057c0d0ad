"""Every complaint reads as written: a folder is a case. Renew with `OBSY_RENEW=1`, and read the diff.

A case is laid over `observatory/`, which is well; a file `without` lists what it leaves out, `alone` leaves out all.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.validate import validate
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parent / "validate"
CASES = sorted(path for path in GOLDEN.iterdir() if path.is_dir() and path.name != "observatory")


def lay_out(case: Path, here: Path) -> None:
    """Lay a case over the observatory, in a new folder."""
    if not (case / "alone").exists():
        shutil.copytree(GOLDEN / "observatory", here)
    shutil.copytree(case, here, symlinks=True, dirs_exist_ok=True)
    for name in (case / "without").read_text().split() if (case / "without").exists() else ():
        (here / name).unlink()
    if (here / "secrets").exists():  # a file of the right name would never be committed
        (here / "secrets").rename(here / "secrets.yaml").chmod(0o644 if (here / "readable").exists() else 0o600)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_complaint_reads_as_written(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    lay_out(case, here)
    monkeypatch.chdir(here)
    said = CliRunner().invoke(validate, [])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exc_info
    assert_golden(f"{said.output}exit {said.exit_code}\n", case / "expected.txt")
