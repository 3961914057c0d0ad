"""obsy guides by a PHD2 that answers late, loses stars, settles never, or dies; and says what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import groupby
from math import sqrt
from typing import Any

import pytest

from obsy.engine.devices.phd2 import guider as guiding
from obsy.engine.devices.phd2 import line as lines
from obsy.engine.devices.phd2.guider import Phd2Guider
from obsy.engine.devices.ports import Guiding
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.guider import Guider
from tests.support.phd2 import FRAME_S, Phd2Peer

SETTLE = "below 1.5 arcsec and lasting 5 s and within 20 s"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience as short as the peer's frames."""
    monkeypatch.setattr(guiding, "LOOKS_S", FRAME_S)


def told(story: Callable[[Phd2Guider, Phd2Peer], Awaitable[Any]], *, scale: str | None = None, **peer: Any) -> Any:
    """What a story of obsy and a PHD2 comes to."""

    async def play() -> Any:
        async with Phd2Peer(**peer).listening() as machine:
            said = {"phd2": machine.address, "settle": SETTLE} | ({"scale": scale} if scale else {})
            guider = Phd2Guider(Guider.model_validate(said))
            try:
                return await asyncio.wait_for(story(guider, machine), 20.0)
            finally:
                guider.close()

    return asyncio.run(play())


async def start(guider: Phd2Guider, peer: Phd2Peer) -> tuple[bool, str]:
    return await guider.start(), peer.state


@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize("shuffles", [True, False])
def test_it_connects_calibrates_guides_and_settles(calibrated: bool, shuffles: bool) -> None:
    assert told(start, calibrated=calibrated, shuffles=shuffles) == (True, "Guiding")


def test_it_is_asked_in_pixels_of_the_guide_camera() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        return next(params for method, params in peer.asked if method == "guide")

    pixels = {"pixels": round(1.5 / 3.26586, 3), "time": 5.0, "timeout": 20.0}
    assert told(story) == {"recalibrate": False, "settle": pixels}
    assert told(story, scale="3 arcsec", pixel_scale=None)["settle"]["pixels"] == 0.5


@pytest.mark.parametrize("scale", [None, 0, -1.0, "3", True, float("nan")])
def test_a_scale_that_nobody_knows_is_asked_for(scale: object) -> None:
    with pytest.raises(DeviceError, match="does not know the scale of its camera: .*'scale: 3.3 arcsec'"):
        told(start, pixel_scale=scale)


def test_what_guides_already_is_stopped_first() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        return await guider.start(), peer.methods().count("guide"), "stop_capture" in peer.methods()

    assert told(story) == (True, 2, True)


def test_one_that_does_not_settle_guides_all_the_same() -> None:
    assert told(start, settles=False) == (False, "Guiding")


def test_no_star_is_told_with_its_cure_and_the_camera_stopped() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        with pytest.raises(DeviceError, match="find a suitable guide star; see its picture: clouds") as error:
            await guider.start()
        await asyncio.sleep(10 * FRAME_S)
        return peer.address in str(error.value), peer.state

    assert told(story, star=False) == (True, "Stopped")


def test_after_a_calibration_that_failed_guiding_can_begin_again() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        with pytest.raises(DeviceError, match="Star did not move enough; see that its mount is connected"):
            await guider.start()
        peer.calibrates = True
        return await guider.start()

    assert told(story, calibrates=False) is True


def test_equipment_that_does_not_connect_is_told() -> None:
    with pytest.raises(DeviceError, match="equipment failed to connect: camera; see its profile"):
        told(start, equipment=False)


@pytest.mark.parametrize("shuffles", [True, False])
def test_a_dither_is_so_many_pixels_of_the_guide_camera_and_settles(shuffles: bool) -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        return await guider.dither(6.53172), peer.dithers

    assert told(story, shuffles=shuffles) == (True, [pytest.approx(sqrt(2.0), abs=1e-3)])


def test_a_dither_that_does_not_settle_says_so() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        peer.settles = False
        return await guider.dither(6.0)

    assert told(story) is False


def test_a_dither_without_guiding_is_refused_in_its_words() -> None:
    with pytest.raises(DeviceError, match="refused 'dither': Dither error"):
        told(lambda guider, peer: guider.dither(6.0))


def test_a_star_that_is_lost_is_known_and_once_it_was_found_again_that_it_had_been() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        async def until(state: str) -> None:
            while peer.state != state:
                await asyncio.sleep(FRAME_S)

        await guider.start()
        states = [await guider.state()]
        for _ in range(2):
            peer.star = False
            await until("LostLock")
            states.append(await guider.state())
        peer.star = False
        before = peer.told.count("StarLost")
        while peer.told.count("StarLost") == before:
            await asyncio.sleep(FRAME_S)
        peer.star = True
        await until("Guiding")
        return [*states, await guider.state(), await guider.state()]

    guides, lost = Guiding.GUIDING, Guiding.LOST
    assert told(story) == [guides, lost, lost, Guiding.REGAINED, guides]


async def lose_and_find(peer: Phd2Peer) -> None:
    """A cloud passes: the star is lost, and guided on again."""
    peer.star = False
    while "StarLost" not in peer.told:
        await asyncio.sleep(FRAME_S)
    peer.star = True
    while peer.state != "Guiding":
        await asyncio.sleep(FRAME_S)


@pytest.mark.parametrize("begins", ["start", "dither"])
def test_a_star_lost_before_it_settled_anew_is_lost_no_more(begins: str) -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        await lose_and_find(peer)
        await (guider.start() if begins == "start" else guider.dither(6.0))
        return await guider.state()

    assert told(story) is Guiding.GUIDING


def test_a_star_lost_on_one_line_is_not_lost_on_the_next() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        await lose_and_find(peer)
        lost = await guider.state()
        await peer.die()
        with pytest.raises(DeviceError, match="has gone|no PHD2 listens"):
            await guider.state()
        async with Phd2Peer(port=peer.port, state="Guiding").listening():
            return lost, await guider.state()

    assert told(story) == (Guiding.REGAINED, Guiding.GUIDING)


def test_stopping_waits_until_it_has_stopped() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        await guider.stop()
        return peer.state, await guider.state()

    assert told(story) == ("Stopped", Guiding.STOPPED)


def test_one_that_does_not_stop_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guiding, "STOPS_WITHIN_S", 0.3)

    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        peer.stops = False
        await guider.stop()

    with pytest.raises(DeviceTimeout, match="is still 'Guiding' 0.3 s after it was told to stop: stop it by hand"):
        told(story)


def test_halting_waits_for_nothing_and_is_carried_out_also_by_who_leaves() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await guider.start()
        guider.close()
        await asyncio.sleep(20 * FRAME_S)
        return peer.state

    assert told(story) == "Stopped"


def test_halting_one_that_was_never_reached_is_nothing() -> None:
    Phd2Guider(Guider()).halt()


def test_nothing_that_listens_is_told_with_its_cure() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        await peer.die()
        await guider.start()

    with pytest.raises(DeviceError, match=r"no PHD2 listens at 127.0.0.1:\d+: start it, and enable its server"):
        told(story)


@pytest.mark.parametrize("method", ["get_app_state", "get_connected", "get_pixel_scale", "guide"])
def test_one_that_dies_is_told_at_once(method: str) -> None:
    with pytest.raises(DeviceError, match="has gone: start it again"):
        told(start, dies_at=method)


def test_one_that_dies_while_it_settles_is_told_at_once_and_reached_again_when_it_is_back() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        asyncio.get_running_loop().call_later(8 * FRAME_S, lambda: asyncio.ensure_future(peer.die()))
        with pytest.raises(DeviceError, match="has gone: start it again"):
            await guider.start()
        async with Phd2Peer(port=peer.port).listening():
            return await guider.start()

    assert told(story, settles=False) is True  # else it may have settled first


@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request", b"[1, 2]", b"{", b"\xff\xfe", b"[" * 5000, b"7"])
def test_garbage_is_told_as_garbage(says: bytes) -> None:
    with pytest.raises(DeviceError, match="says what is no JSON-RPC: see which program listens there"):
        told(start, says=says)


@pytest.mark.parametrize("says", [b"null", b"{}", b'{"id": 99, "result": 0}', b'{"Event": 3}', b'{"id": [1]}'])
def test_words_that_are_no_answer_are_no_answer(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ANSWERS_WITHIN_S", 0.1)
    with pytest.raises(DeviceError, match="did not answer 'get_app_state' within|no JSON-RPC"):
        told(start, says=says)


def test_one_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ANSWERS_WITHIN_S", 0.1)
    with pytest.raises(DeviceTimeout, match=r"did not answer 'get_app_state' within 0.1 s: see whether it shows"):
        told(start, silent=True)


def test_one_that_never_settles_nor_gives_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guiding, "CALIBRATES_WITHIN_S", -19.99)
    monkeypatch.setattr(guiding, "LATE_S", 0.0)
    with pytest.raises(DeviceTimeout, match="told to guide, did not settle or give up within 0.01 s"):
        told(start, settles=False)


def test_a_state_that_phd2_does_not_have_is_none() -> None:
    with pytest.raises(DeviceError, match="says that it is 'Dreaming', which is no state of it"):
        told(lambda guider, peer: guider.state(), state="Dreaming")


def test_a_selected_star_that_nothing_is_done_with_needs_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guiding, "RESTS_S", 0.01)
    told(lambda guider, peer: guider.stop(), state="Selected", stops=False)


def test_a_star_selected_a_moment_after_it_was_told_to_stop_is_waited_for() -> None:
    async def story(guider: Phd2Guider, peer: Phd2Peer) -> Any:
        asyncio.get_running_loop().call_later(30 * FRAME_S, setattr, peer, "state", "Stopped")
        await guider.stop()
        return peer.state

    assert told(story, state="Selected", stops=False) == "Stopped"


EVERY_FRAME = {"LoopingExposures", "GuideStep", "Settling", "ConfigurationChange", "Alert"}
GUIDED = ["LockPositionSet", "StarSelected", "StartCalibration", "Calibrating", "CalibrationComplete", "StartGuiding"]
SETTLED = ["SettleBegin", "SettleDone"]
DITHERED = ["LockPositionSet", "GuidingDithered", *SETTLED]
STOPPED = ["GuidingStopped", "LoopingExposuresStopped", "LockPositionLost"]


def test_the_peer_tells_what_it_does_in_the_order_of_a_real_one() -> None:
    """Source: transcripts of PHD2 2.6.13dev8 with its simulators, sessions b-guide, c-dither and e-stop."""

    async def story(guider: Phd2Guider, peer: Phd2Peer) -> list[str]:
        await guider.start()
        await guider.dither(6.0)
        await guider.stop()
        return [name for name, _ in groupby(each for each in peer.told if each not in EVERY_FRAME)]

    assert told(story) == [*GUIDED, *SETTLED, *DITHERED, *STOPPED]
