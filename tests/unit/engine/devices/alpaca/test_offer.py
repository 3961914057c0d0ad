"""What an Alpaca server offers is listed as INDI's is, and nothing is connected for it."""

import pytest

from obsy.engine.devices.alpaca import offer
from obsy.engine.devices.alpaca.answer import AlpacaRefusal
from obsy.engine.devices.alpaca.line import AlpacaLine, AlpacaSilence
from obsy.engine.devices.offers import offers_of
from obsy.errors import DeviceError
from obsy.schemas.server import DeviceServer


@pytest.fixture
def offers(peer):
    return lambda: offers_of(DeviceServer(name="hut", alpaca=peer.address))


def test_each_device_is_listed_and_none_is_connected(offers, peer):
    found = offers()
    assert [*found] == sorted(peer.devices)
    assert {each.is_connected for each in found.values()} == {False} and peer.asked == []
    assert (found["dome/0"].abilities, found["dome/0"].driver) == (("roof",), "our dome")


def test_a_device_that_is_connected_tells_more(offers, peer):
    for its in peer.devices.values():
        its["connected"] = True
    peer.devices["camera/0"]["pixelsizex"] = 4.63
    del peer.devices["observingconditions/0"]["skytemperature"]
    found = offers()
    assert found["camera/0"].facts == {"size": "8 x 6 px", "pixel": "4.63 um"}
    assert found["filterwheel/0"].filters == ("Red", "H_Alpha", "Luminance")
    assert found["observingconditions/0"].untold(["rain", "sky"], None) == ["sky"]
    assert found["observingconditions/0"].tells == ("rain", "cloud", "wind", "humidity", "temperature")
    assert found["telescope/0"].untold(["rain"], None) == []
    assert {each.is_connected for each in found.values()} == {True}
    assert (found["filterwheel/0"].facts, found["telescope/0"].facts) == ({"filters": "Red, H_Alpha, Luminance"}, {})


def test_what_is_offered_is_told_to_machines(offers, peer):
    peer.devices["filterwheel/0"].update(connected=True, names=["Red", "", "Blue"])
    said = offers()["filterwheel/0"].as_json()
    assert said == {
        "name": "filterwheel/0", "driver": "our filterwheel", "connected": True, "abilities": ["wheel"],
        "filters": "Red, Blue",
    }  # fmt: skip


def test_a_sensor_that_is_missing_hides_none_of_the_others(offers, peer):
    its = peer.devices["observingconditions/0"]
    its.update(connected=True)
    del its["rainrate"]
    assert offers()["observingconditions/0"].tells == ("cloud", "wind", "humidity", "temperature", "sky")


def test_a_device_that_refuses_to_tell_is_listed_as_not_connected(offers, peer):
    peer.refuses["dome/0", "connected"] = 0x500, "no link"
    found = offers()["dome/0"]
    assert (found.name, found.driver, found.is_connected, found.facts) == ("dome/0", "our dome", False, {})


@pytest.mark.parametrize(("listed", "silent"), [(True, "connected"), (False, "name"), (True, "configureddevices")])
def test_a_server_that_falls_silent_has_not_told_what_it_has(offers, peer, monkeypatch, listed, silent):
    get = AlpacaLine.get

    async def falls_silent(line, path, said, *more):
        if path.endswith(f"/{silent}"):
            raise AlpacaSilence(f"no word of {silent}", "its cure")
        return await get(line, path, said, *more)

    for its in peer.devices.values():
        its.update(connected=True, name="Ours")
    monkeypatch.setattr(AlpacaLine, "get", falls_silent)
    if not listed:
        monkeypatch.setattr(peer, "listed", lambda: None)
    with pytest.raises(DeviceError, match=f"^no word of {silent}$"):
        offers()


def test_a_server_that_lists_nothing_and_has_nothing_is_told_in_its_own_words(offers, peer, monkeypatch):
    monkeypatch.setattr(peer, "listed", lambda: None)
    peer.devices.clear()
    with pytest.raises(DeviceError, match="refused '/management/v1/configureddevices': 404"):
        offers()


def test_what_is_no_alpaca_server_is_told(offers, peer, monkeypatch):
    monkeypatch.setattr(peer, "listed", lambda: [1])
    with pytest.raises(DeviceError, match="does not list its devices as Alpaca does"):
        offers()
    peer.die()
    with pytest.raises(DeviceError, match="no Alpaca server answers"):
        offers()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (AlpacaRefusal("hut", "configureddevices", 0x500, "not now"), "'hut' refused .* error 0x500.*: not now"),
        (DeviceError("what is no JSON"), "what answers at .* does not speak Alpaca"),
    ],
)
def test_a_list_that_is_refused_is_told_as_it_was_and_one_that_is_none_as_no_alpaca(offers, monkeypatch, fault, told):
    def value_of(*_):
        raise fault

    monkeypatch.setattr(offer, "value_of", value_of)
    with pytest.raises(DeviceError, match=told):
        offers()


def test_a_server_that_does_not_list_its_devices_is_asked_for_the_usual_ones(offers, peer, monkeypatch):
    monkeypatch.setattr(peer, "listed", lambda: None)
    for its in peer.devices.values():
        its.update(connected=True, name="Ours")
    found = offers()
    assert [*found] == sorted(peer.devices)
    assert (found["dome/0"].driver, found["filterwheel/0"].filters[0]) == ("Ours", "Red")
