"""What services answer becomes a catalogue that is read again; here they are played by a server of our own."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote_plus

import pytest
from astropy.coordinates.name_resolve import sesame_url

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import meant
from obsy.engine.declare.online import ask, keep
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.survey import survey
from obsy.engine.declare.target import FixedTarget
from obsy.errors import UserError
from obsy.schemas.catalogue import CatalogueEntry
from obsy.schemas.target import Asteroid, Comet

TODAY = date(2026, 11, 26)
# The shape of the answers: Sesame's plain text, and the manual of JPL's API.
SESAME = "# NAME\n%@ 1\n%J 306.0159 +33.8673 = 20:24:03.8 +33:52:02\n"
NOBODY = "# NAME\n#!S=Simbad: *** Nothing found ***\n"
ELEMENTS = {"e": "0.2228", "a": "1.4582", "q": "1.1333", "i": "10.83", "om": "304.27", "w": "178.93", "ma": "174.4"}
ELEMENTS |= {"tp": "2461371.6779"}


def body(fullname: str, kind: str) -> dict[str, object]:
    elements = [{"name": name, "value": value} for name, value in ELEMENTS.items()]
    return {"object": {"fullname": fullname, "kind": kind}, "orbit": {"epoch": "2461200.5", "elements": elements}}


JPL = {"433": body("433 Eros (A898 PA)", "an"), "161P": body("161P/Hartley-IRAS", "cn")}


class Services(BaseHTTPRequestHandler):
    """Both services, by what is asked for."""

    def do_GET(self) -> None:
        asked = unquote_plus(self.path)
        if "sstr=" in asked:
            name = asked.partition("sstr=")[2].partition("&")[0]
            told = json.dumps(JPL.get(name, {"message": "specified object was not found"}))
        else:
            told = SESAME if "V404 Cyg" in asked else NOBODY
        self.send_response(500 if "broken" in asked else 200)
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def services() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Services)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with sesame_url.set([address]):
        yield address
    server.shutdown()
    server.server_close()


def asked(name: str, services: str) -> CatalogueEntry:
    found = ask(name, TODAY, services)
    assert found is not None
    return found


def test_a_star_is_asked_of_simbad(services: str) -> None:
    found = asked("V404 Cyg", services)
    place = meant(found.target)
    assert isinstance(place, FixedTarget)
    assert (place.ra_deg, place.dec_deg) == (306.0159, 33.8673)
    assert found.source.endswith("2026-11-26")


def test_an_asteroid_and_a_comet_are_asked_of_jpl(services: str) -> None:
    eros, comet = asked("433", services), asked("161P", services)
    assert isinstance(eros.target, Asteroid)
    assert eros.target.semi_major_axis == pytest.approx(1.4582)
    assert "433 Eros" in eros.source
    assert isinstance(comet.target, Comet)
    assert comet.target.perihelion.strftime("%Y-%m-%d %H") == "2026-11-27 04"  # JD 2461371.6779, in TT


def test_what_neither_knows_is_nothing(services: str) -> None:
    assert ask("no such thing", TODAY, services) is None


def test_a_service_that_does_not_answer_is_told(services: str) -> None:
    with pytest.raises(UserError, match="Small-Body Database refuses"):
        ask("1 broken", TODAY, services)


def test_answers_are_kept_and_read_again(services: str, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    for name in ("V404 Cyg", "433", "161P"):
        file = keep(survey(tmp_path).declared, name, asked(name, services))
    declared: Declared = survey(tmp_path).declared
    assert file.name == "looked-up.yaml"
    assert {name: type(each.target).__name__ for name, each in own_names(declared).items()} == {
        "v404cyg": "Position",
        "433": "Asteroid",
        "161p": "Comet",
    }
    assert own_names(declared)["433"] == asked("433", services)
