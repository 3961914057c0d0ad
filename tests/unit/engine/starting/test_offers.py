"""What the devices of a server tell becomes what declares them."""

from ruamel.yaml import YAML

from obsy.engine.starting.offers import OfferingServer, declaration
from obsy.schemas.server import DeviceServer
from tests.unit.engine.devices.indi.test_offer import WHEEL, ZWO, device, offered


def server(name: str, indi: str, *, among_several: bool = False) -> OfferingServer:
    return OfferingServer(DeviceServer(name=name, indi=indi), among_several)


def test_the_yaml_is_yaml_and_names_each_part_once() -> None:
    seen = {"ZWO CCD": ZWO, "EFW": WHEEL, "It's: a dome": device(32), "Flat": device(512 | 1024), "Spin": device(4096)}
    documents = [*YAML(typ="safe").load_all(declaration(offered(seen), server("indi", "raspberry.local")))]
    assert documents == [
        {"kind": "site", "servers": [{"name": "indi", "indi": "raspberry.local:7624"}]},
        {
            "kind": "train",
            "filters": {
                "device": {"indi": "EFW"},
                "slots": [{"role": "R", "label": "Red"}, {"role": "Ha", "label": "H-alpha: 5 nm"}],
            },
        },
        {"kind": "train", "panel": {"device": {"indi": "Flat"}}},
        {"kind": "enclosure", "device": {"indi": "It's: a dome"}},
        {"kind": "train", "rotator": {"device": {"indi": "Spin"}}},
        {
            "kind": "train",
            "camera": {"device": {"indi": "ZWO CCD"}, "size": "4144 x 2822 px", "pixel": "4.63 um"},
        },
    ]


def test_where_a_site_has_several_servers_each_device_says_which_has_it() -> None:
    seen = {"ZWO CCD": ZWO, "Dome": device(32)}
    text = declaration(offered(seen), server("the pier's", "10.0.0.1", among_several=True))
    site, roof, train = YAML(typ="safe").load_all(text)
    assert site["servers"] == [{"name": "the pier's", "indi": "10.0.0.1:7624"}]
    assert roof["device"] == {"indi": "Dome", "server": "the pier's"}
    assert train["camera"]["device"] == {"indi": "ZWO CCD", "server": "the pier's"}
    assert text.endswith("\n")


def test_names_that_yaml_takes_for_something_else_stay_names() -> None:
    strange = (
        "10",
        "null",
        "True",
        "-x",
        "- x",
        "1e3",
        "0x1F",
        "2026-11-27",
        "a: b",
        "#1",
        "a\nb",
        "nan",
        "off",
        "pier",
    )
    for name in strange:
        text = declaration(offered({name: device(32)}), server(name, "a:1", among_several=True))
        site, roof = YAML(typ="safe").load_all(text)
        assert (site["servers"][0]["name"], roof["device"]) == (name, {"indi": name, "server": name})
