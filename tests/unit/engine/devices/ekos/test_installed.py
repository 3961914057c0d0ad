import pytest

from obsy.engine.devices.ekos.installed import read_version
from obsy.errors import DeviceError


def test_the_version_is_read_from_what_kstars_prints():
    assert read_version("kstars 3.6.2 Stable\n") == (3, 6, 2)


def test_an_answer_without_a_version_is_told():
    with pytest.raises(DeviceError, match="answered 'no such thing'"):
        read_version("no such thing")
