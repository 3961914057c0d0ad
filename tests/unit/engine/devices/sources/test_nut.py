import asyncio

import pytest

from obsy.engine.devices.sources.nut import UpsSource, measured
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError

WELL = {"ups.status": "OL CHRG", "battery.charge": "87"}


def speaks(variables=WELL, error=None, raw=None):
    """A server of the Network UPS Tools as its protocol says."""

    def serve(line):
        with line.makefile("rw", newline="\n") as talk:
            for asked in talk:
                verb, kind, ups, name = asked.split()
                assert (verb, kind) == ("GET", "VAR")
                answer = f'VAR {ups} {name} "{variables[name]}"' if name in variables else "ERR VAR-NOT-SUPPORTED"
                talk.write(raw or f"{error or ('ERR UNKNOWN-UPS' if ups != 'ups' else answer)}\n")
                talk.flush()

    return serve


@pytest.fixture
def read(clock, declare, served):
    def reading(serve, ups="ups"):
        with served(serve) as port:
            declared = declare(["mains", "battery"], {"nut": f"{ups}@127.0.0.1:{port}"})
            return asyncio.run(WeatherSources(clock, "UTC").port(declared, lambda: None).read())

    return reading


def test_a_ups_tells_whether_it_is_fed_and_how_full_it_is(read):
    assert read(speaks()).values == {"mains": 100.0, "battery": 87.0}


def test_a_ups_that_does_not_know_its_charge_still_tells_whether_it_is_fed(read):
    assert read(speaks({"ups.status": "OB DISCHRG"})).values == {"mains": 0.0}


@pytest.mark.parametrize("error", ["ERR DATA-STALE", "ERR DRIVER-NOT-CONNECTED", "ERR ACCESS-DENIED", "VAR", ""])
def test_a_server_that_has_nothing_good_says_nothing(read, error):
    with pytest.raises(DeviceError, match="it answered"):
        read(speaks(raw=f"{error}\n"))


def test_a_ups_of_another_name_is_told(read):
    with pytest.raises(DeviceError, match="UNKNOWN-UPS"):
        read(speaks(), "other")


@pytest.mark.parametrize("raw", ["x" * 200_000, 'VAR ups battery.charge "100"\n'])
def test_what_is_too_long_or_answers_another_question_is_told(read, raw):
    with pytest.raises(DeviceError):
        read(speaks(raw=raw))


@pytest.mark.parametrize("name", ["ups@127.0.0.1:1", "ups@127.0.0.1:99999", "a b", "ups\nLOGOUT", "@", ""])
def test_a_name_that_leads_nowhere_is_told(clock, name):
    with pytest.raises(DeviceError, match="the UPS"):
        asyncio.run(UpsSource(clock, name).read())


@pytest.mark.parametrize(
    ("status", "charge", "values"),
    [
        ("OL", "100", {"mains": 100.0, "battery": 100.0}),
        ("OB LB", "60", {"mains": 0.0, "battery": 0.0}),
        ("OL FSD", "60", {"mains": 100.0, "battery": 0.0}),
        ("OL OB", "60", {"battery": 60.0}),
        ("OFF", "nan", {}),
        ("", "", {}),
    ],
)
def test_only_what_is_certain_is_said(status, charge, values):
    assert measured(status, charge) == values
