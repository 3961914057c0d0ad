"""What an Alpaca server offers is listed as INDI's is, and nothing is connected for it."""

import pytest

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
    assert found["telescope/0"].untold(["rain"], None) == []


def test_what_is_no_alpaca_server_is_told(offers, peer, monkeypatch):
    monkeypatch.setattr(peer, "listed", lambda: [1])
    with pytest.raises(DeviceError, match="does not list its devices as Alpaca does"):
        offers()
    peer.die()
    with pytest.raises(DeviceError, match="no Alpaca server answers"):
        offers()


def test_a_server_that_does_not_list_its_devices_is_asked_for_the_usual_ones(offers, peer, monkeypatch):
    monkeypatch.setattr(peer, "listed", lambda: None)
    for its in peer.devices.values():
        its.update(connected=True, name="Ours")
    found = offers()
    assert [*found] == sorted(peer.devices)
    assert (found["dome/0"].driver, found["filterwheel/0"].filters[0]) == ("Ours", "Red")
