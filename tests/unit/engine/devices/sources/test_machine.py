import asyncio
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.sources import machine
from obsy.engine.devices.sources.machine import ERA, NTP_ZERO, PACKET, ClockSource, DiskSource, error_s
from obsy.errors import DeviceError

STRATUM, MODE = 2, 0x24


def answered(asked, ahead_s=0.0, flags=MODE, stratum=STRATUM):
    """What a time server answers whose clock is ahead of ours."""
    now = time.time() + ahead_s + NTP_ZERO
    stamp = (int(now) % ERA, int((now % 1) * ERA))
    return PACKET.pack(flags, stratum, 0, 0, 0, 0, 0, 0, 0, *PACKET.unpack_from(asked)[13:15], *stamp, *stamp)


@pytest.fixture
def ask(clock):
    def asking(answer):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))

            def serve():
                asked, who = server.recvfrom(512)
                server.sendto(answer(asked), who)

            threading.Thread(target=serve, daemon=True).start()
            return asyncio.run(ClockSource(clock, "127.0.0.1", server.getsockname()[1]).read()).values["clock"]

    return asking


@pytest.mark.parametrize("ahead_s", [0.0, 5.0, -5.0, 3e8])
def test_a_clock_is_as_wrong_as_it_differs_either_way(ask, ahead_s):
    assert ask(lambda asked: answered(asked, ahead_s)) == pytest.approx(abs(ahead_s), abs=0.5)


@pytest.mark.parametrize("wrong", [{"flags": 0xE4}, {"flags": 0x23}, {"stratum": 0}, {"stratum": 16}])
def test_a_server_that_knows_no_time_itself_is_no_evidence(ask, wrong):
    with pytest.raises(DeviceError, match="not synchronised"):
        ask(lambda asked: answered(asked, **wrong))


@pytest.mark.parametrize("spoilt", [lambda packet: packet[:40], lambda packet: bytes(len(packet))])
def test_an_answer_to_another_question_is_not_taken(ask, monkeypatch, spoilt):
    monkeypatch.setattr(machine, "ANSWER_S", 0.2)
    with pytest.raises(DeviceError):
        ask(lambda asked: spoilt(answered(asked)))


@given(st.floats(-1e6, 1e6), st.floats(0, 2), st.floats(0, 2), st.floats(1e9, 8e9))
def test_the_error_told_is_never_less_than_the_true_one(ahead_s, there_s, back_s, sent_s):
    reached = sent_s + there_s + ahead_s + NTP_ZERO
    stamp = (int(reached) % ERA, int((reached % 1) * ERA))
    packet = PACKET.pack(MODE, STRATUM, 0, 0, *[0] * 7, *stamp, *stamp)
    told = error_s(packet, sent_s, sent_s + there_s + back_s)
    assert abs(ahead_s) - 1e-5 <= told <= abs(ahead_s) + there_s + back_s + 1e-5


def test_free_space_is_that_of_the_folder(clock, tmp_path):
    free = asyncio.run(DiskSource(clock, str(tmp_path)).read()).values["disk"]
    assert 0 < free < 1e9


def test_a_folder_that_is_gone_is_told(clock, tmp_path):
    with pytest.raises(DeviceError, match="No such file"):
        asyncio.run(DiskSource(clock, str(tmp_path / "gone")).read())
