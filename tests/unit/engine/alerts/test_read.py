"""Alerts are read as their brokers write them, and what anybody may have written is refused with its place."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsy.engine.alerts.read import MOST_BYTES, notice_of, read
from obsy.errors import UserError

GCN = {
    "$schema": "https://gcn.nasa.gov/schema/v6.1.0/gcn/notices/einstein_probe/wxt/alert.schema.json",
    "mission": "Swift",
    "instrument": "BAT-GUANO",
    "alert_datetime": "2026-11-21T18:40:10.0Z",
    "trigger_time": "2026-11-21T18:39:55.5Z",
    "id": ["694215995"],
    "ra": 120,
    "dec": 40.5,
}
VOEVENT = """<?xml version = "1.0" encoding = "UTF-8"?>
<voe:VOEvent ivorn="ivo://nasa.gsfc.gcn/SWIFT#BAT_QuickLook_Pos_1031728-518" role="observation" version="2.0"
      xmlns:voe="http://www.ivoa.net/xml/VOEvent/v2.0">
  <Who><AuthorIVORN>ivo://nasa.gsfc.tan/gcn</AuthorIVORN><Date>2021-02-10T02:00:38</Date></Who>
  <What>
    <Param name="TrigID" value="1031728" ucd="meta.id" />
    <Group name="Obs_Support_Info"><Param name="Sun_RA" value="323.93" unit="deg" /></Group>
  </What>
  <WhereWhen><ObsDataLocation><ObservationLocation>
    <AstroCoordSystem id="UTC-FK5-GEO" />
    <AstroCoords coord_system_id="UTC-FK5-GEO">
      <Time unit="s"><TimeInstant><ISOTime>2021-02-10T02:00:27.92</ISOTime></TimeInstant></Time>
      <Position2D unit="deg"><Name1>RA</Name1><Name2>Dec</Name2>
        <Value2><C1>262.8109</C1><C2>14.6481</C2></Value2><Error2Radius>0.0500</Error2Radius>
      </Position2D>
    </AstroCoords>
  </ObservationLocation></ObsDataLocation></WhereWhen>
  <Why importance="0.90"><Inference probability="0.90"><Name>GRB 210210</Name></Inference></Why>
</voe:VOEvent>
"""


RETRACTED = '<EventIVORN cite="retraction">ivo://a/b#c</EventIVORN>'
DOCTYPE = '<!DOCTYPE a SYSTEM "file:///etc/passwd">\n'


def gcn(**said: object) -> bytes:
    return json.dumps({key: value for key, value in {**GCN, **said}.items() if value is not None}).encode()


def xml(old: str = "", new: str = "") -> bytes:
    assert old in VOEVENT
    return VOEVENT.replace(old, new, 1).encode()


def test_a_notice_of_gcn_tells_place_time_and_what_it_is_about() -> None:
    found = notice_of(gcn(event_name=["GRB 261121A"], mag=14.25), "burst.json")
    assert (found.id, found.source, found.role) == ("swift 694215995", "gcn/swift/bat-guano", "observation")
    assert (found.at, found.sent.second) == (datetime(2026, 11, 21, 18, 39, 55, 500_000, UTC), 10)
    assert dict(found.tells) == {
        "name": "grb-261121a",
        "called": "GRB 261121A",
        "ra": "120.000000 deg",
        "dec": "40.500000 deg",
        "magnitude": "14.25 mag",
    }
    assert notice_of(gcn(), "burst.json").tells["magnitude"] == "unknown magnitude"
    assert notice_of(gcn(), "burst.json").called == "Swift 694215995"
    topics = ("gcn/swift", "GCN", "gcn/swift/xrt", "gcn/fermi")
    assert [topic for topic in topics if found.is_of(topic)] == ["gcn/swift", "GCN"]


def test_a_voevent_tells_the_same_and_has_the_number_of_its_burst_for_its_id() -> None:
    found = notice_of(xml(), "burst.xml")
    assert (found.id, found.source, found.called) == ("swift 1031728", "gcn/swift", "GRB 210210")
    assert (found.ra_deg, found.dec_deg, found.role) == (262.8109, 14.6481, "observation")
    assert found.at == datetime(2021, 2, 10, 2, 0, 27, 920_000, UTC)
    other = notice_of(xml("BAT_QuickLook_Pos_1031728-518", "XRT_Pos_1031728-600"), "burst.xml")
    assert other.id == found.id, "all packets of one burst are about one thing"


@pytest.mark.parametrize(
    ("content", "role"),
    [
        (gcn(alert_tense="test"), "test"),
        (gcn(alert_tense="injection"), "test"),
        (gcn(alert_type="test", alert_tense="current"), "test"),
        (gcn(alert_type="retraction"), "retraction"),
        (gcn(alert_tense="planned"), "planned"),
        (gcn(alert_tense="current", alert_type="update"), "observation"),
        (xml('role="observation"', 'role="test"'), "test"),
        (xml('role="observation"', 'role="prediction"'), "prediction"),
        (xml("<WhereWhen>", f"<Citations>{RETRACTED}</Citations><WhereWhen>"), "retraction"),
    ],
)
def test_what_is_no_observation_says_what_it_is(content: bytes, role: str) -> None:
    assert notice_of(content, "burst").role == role


LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
POISONED: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "neither JSON nor XML"),
    ("words", b"GRB at 12h", "neither JSON nor XML"),
    ("a photograph", b"\xff\xd8\xff\xe0", "no text in UTF-8"),
    ("too large", b"{" + b" " * MOST_BYTES, "larger than 4 MB"),
    ("cut off", gcn()[:-5], "no JSON"),
    ("a list", b"[1]", "neither JSON nor XML"),
    ("nested for ever", b'{"a":' * 5000 + b"1" + b"}" * 5000, "burst:"),
    ("no place", gcn(ra=None), "'ra' is missing"),
    ("a place of text", gcn(ra="120"), "'ra' is missing"),
    ("a place that is true", gcn(dec=True), "'dec' is missing"),
    ("not a number", gcn().replace(b"120", b"NaN"), "'ra' nan is not between 0 and 360"),
    ("infinite", gcn().replace(b"40.5", b"-Infinity"), "'dec' -inf is not between -90 and 90"),
    ("beyond the pole", gcn(dec=90.01), "'dec' 90.01 is not between"),
    ("beyond a turn", gcn(ra=1e300), "'ra' 1e+300 is not between"),
    ("a number of a thousand digits", gcn().replace(b"120", b"9" * 1000), "is not between"),
    ("a magnitude of nothing", gcn(mag=float("nan")), "its magnitude nan is not between"),
    ("no time", gcn(trigger_time="yesterday"), "'trigger_time' 'yesterday' is no time"),
    ("no id", gcn(id=[]), "'id' is missing"),
    ("an empty id", gcn(id=[""]), "'id' is missing"),
    ("nobody", gcn(mission=None, instrument=None), "'mission' and 'instrument' are missing"),
    ("no name", gcn(event_name="$!?"), "has no letter of a name"),
    ("a document type", xml("<voe:VOEvent", DOCTYPE + "<voe:VOEvent"), "burst:2: it declares"),
    ("a thousand laughs", xml("<voe:VOEvent", LAUGHS + "<voe:VOEvent"), "burst:2: it declares"),
    ("an older version", xml('version="2.0"', 'version="1.1"'), "no VOEvent of version 2.0, but 1.1"),
    ("another XML", b"<html><body/></html>", "no VOEvent of version 2.0"),
    ("XML cut off", xml()[:-20], "no XML"),
    ("no ivorn", xml("ivo://nasa.gsfc.gcn/SWIFT#", "x"), "its ivorn 'xBAT_QuickLook_Pos_1031728-518' is none"),
    ("galactic", xml('coord_system_id="UTC-FK5-GEO"', 'coord_system_id="UTC-GAL-GEO"'), "expected degrees of FK5"),
    ("hours", xml('Position2D unit="deg"', 'Position2D unit="hour"'), "its place is in hour"),
    ("no place in XML", xml("<C1>262.8109</C1>", "<C1>nan</C1>"), "right ascension (C1) is missing"),
    ("a place below the south pole", xml("14.6481", "-91"), "declination (C2) -91 is not between"),
]


def test_what_no_night_may_act_upon_is_refused_with_its_place() -> None:
    wrong = []
    for name, content, expected in POISONED:
        try:
            found = notice_of(content, "burst")
        except UserError as error:
            if expected not in str(error) or not str(error).startswith("burst"):
                wrong.append((name, str(error)))
        else:
            wrong.append((name, str(found)))
    assert wrong == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.json: No such file"):
        read(tmp_path / "gone.json")
