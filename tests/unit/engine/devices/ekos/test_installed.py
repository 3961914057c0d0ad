import pytest

from obsy.engine.devices.ekos.installed import read_version, templates_for
from obsy.errors import DeviceError


def test_the_version_is_read_from_what_kstars_prints():
    assert read_version("kstars 3.6.2 Stable\n") == (3, 6, 2)


def test_an_answer_without_a_version_is_told():
    with pytest.raises(DeviceError, match="answered 'no such thing'"):
        read_version("no such thing")


def test_the_templates_are_those_of_the_version(root):
    folder = root / "obsy" / "templates" / templates_for((3, 6, 2))
    assert {path.name for path in folder.iterdir()} == {"schedule.esl", "sequence.esq"}


@pytest.mark.parametrize("version", [(3, 6, 1), (3, 7, 3), (4, 0, 0)])
def test_a_dialect_nobody_has_tried_is_refused(version):
    with pytest.raises(DeviceError, match="obsy writes schedules for 3.6.2 only"):
        templates_for(version)
