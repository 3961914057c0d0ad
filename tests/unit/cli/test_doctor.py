"""`obsy doctor` exits 1 if something required is lacking, and says the mend of all that is not fit."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.doctor import doctor


def test_real_devices_without_programs_are_lacking_and_rehearsals_are_fit(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(here))
    monkeypatch.setattr("obsy.engine.doctor.gather.opinions", lambda *_, **__: ((), ()))
    told = CliRunner().invoke(doctor, [str(here)], catch_exceptions=False)
    assert told.exit_code == 1
    assert "lacking   kstars        not installed\n          mend: install KStars 3.6.2" in told.output
    for path in (here / "site").iterdir():
        path.write_text(path.read_text().replace("device: {indi:", "# device: {indi:"))
    told = CliRunner().invoke(doctor, [str(here), "--json"], catch_exceptions=False)
    checks = {each["check"]: each["level"] for each in json.loads(told.output)["checks"]}
    assert (told.exit_code, checks["kstars"], checks["git"]) == (0, "unneeded", "warning")
