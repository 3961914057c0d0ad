import subprocess
import sys
from pathlib import Path

import pytest

from obsy.engine.declare import complaints, declare
from obsy.engine.declare.survey import rooms
from obsy.engine.declare.target import AsteroidTarget, CometTarget, FixedTarget
from obsy.errors import UnfitFiles, UserError


def test_the_example_has_no_complaint(root: Path) -> None:
    assert complaints(root, root / "plans") == []


def test_the_example_resolves_every_target(root: Path) -> None:
    here = declare(root, root / "plans")
    sorts = {plan.name: type(here.target(plan)) for plan in here.plans}
    assert len(sorts) >= 8
    assert (sorts["m31"], sorts["comet-161p"], sorts["ceres"]) == (FixedTarget, CometTarget, AsteroidTarget)


def test_planets_come_from_the_plan_or_from_the_table(root: Path) -> None:
    here = declare(root, root / "plans")
    target = here.target(next(plan for plan in here.plans if plan.name == "xo-6-b"))
    assert isinstance(target, FixedTarget)
    assert target.planets["b"].period_d == 3.7649893


def test_a_message_of_the_night_can_point_to_the_file(root: Path) -> None:
    mark = declare(root, root / "plans").mark("plan", "m31")
    assert mark.file.endswith("plans/m31.yaml")
    assert mark.line > 1


def test_unfit_files_carry_every_complaint(tmp_path: Path) -> None:
    with pytest.raises(UnfitFiles) as caught:
        declare(tmp_path, tmp_path / "plans")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["no-observatory", "no-such-folder"]


def test_an_unknown_scenario_names_its_neighbour(root: Path) -> None:
    with pytest.raises(UserError, match="did you mean 'clear'"):
        declare(root).scenario("claer")


@pytest.mark.parametrize("given", ["plans", "plans/m31.yaml", "."])
def test_plans_are_given_by_folder_by_file_or_by_the_root(
    root: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert complaints(*rooms(Path(given))) == []


def test_checking_needs_neither_astropy_nor_django_nor_numpy(root: Path) -> None:
    script = (
        "import sys\n"
        "from obsy.cli import cli\n"
        "cli.main(['validate'], standalone_mode=False)\n"
        "print(sorted({'astropy', 'django', 'numpy', 'scipy', 'jinja2', 'rich'} & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
