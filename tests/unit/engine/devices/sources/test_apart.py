import asyncio
import threading

import pytest

from obsy.engine.devices.sources.apart import Apart, login
from obsy.errors import DeviceError, DeviceTimeout


def test_what_a_call_returns_comes_back():
    assert asyncio.run(Apart("it").run(lambda: 7)) == 7


@pytest.mark.parametrize("fault", [KeyError("x"), OSError("gone"), SystemExit(1), DeviceError("no"), TimeoutError()])
def test_whatever_it_raises_is_a_device_error_that_names_it(fault):
    def broken():
        raise fault

    with pytest.raises(DeviceError, match="it"):
        asyncio.run(Apart("it").run(broken))


def test_one_that_hangs_is_left_behind_and_is_not_asked_again_until_it_lets_go():
    hanging, answered = threading.Event(), threading.Event()

    def hang():
        hanging.wait(60)
        answered.set()

    async def play():
        aside = Apart("it")
        with pytest.raises(DeviceTimeout, match="in time"):
            await aside.run(hang, 0.05)
        with pytest.raises(DeviceError, match="still hangs"):
            await aside.run(lambda: 7)
        hanging.set()
        while True:
            try:
                return await aside.run(lambda: 7)
            except DeviceError:
                await asyncio.sleep(0.01)

    assert asyncio.run(play()) == 7
    assert answered.is_set()


def test_who_is_cancelled_is_cancelled_at_once():
    hanging = threading.Event()

    async def play():
        task = asyncio.create_task(Apart("it").run(lambda: hanging.wait(60)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(play())
    hanging.set()


def test_a_login_is_read_from_a_file_of_its_owner(tmp_path):
    file = tmp_path / "login"
    file.write_text("me:a:b\n")
    file.chmod(0o600)
    assert login(str(file)) == ("me", "a:b")
    file.chmod(0o640)
    with pytest.raises(DeviceError, match="chmod 600"):
        login(str(file))
    file.chmod(0o600)
    file.write_text("me")
    with pytest.raises(DeviceError, match="user:password"):
        login(str(file))
