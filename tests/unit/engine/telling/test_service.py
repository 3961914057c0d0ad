"""What goes out by real servers; and that nothing of an address comes back."""

import threading
from typing import Any

import pytest
from apprise import NotifyBase
from apprise.decorators import notify
from apprise.manager_plugins import NotificationManager

from obsy.engine.events import ALARM, TROUBLE
from obsy.engine.telling.note import Message
from obsy.engine.telling.service import NotSent, ask, send
from tests.support.services import WebServer, mail_server, web_server
from tests.support.waiting import wait_until

TOLD = Message("ALARM hill: the roof does not close", "20:02  the roof does not close", ALARM)
HIDDEN = "tok3nhush"


def test_a_webhook_gets_title_body_and_how_grave_it_is(web: WebServer) -> None:
    send(web.address("ana"), TOLD)
    send(web.address("ana"), Message("a", "b", TROUBLE))
    send(web.address("ana"), Message("a", "b"))
    assert [(path, body["title"]) for path, body in web.got][0] == ("/ana", TOLD.title)
    assert [body["type"] for _, body in web.got] == ["failure", "warning", "info"]
    assert web.got[0][1]["message"] == TOLD.body


def test_a_letter_arrives_at_a_mail_server() -> None:
    with mail_server() as (port, letters):
        send(f"mailto://127.0.0.1:{port}?from=obsy@hill.org&to=ana@hill.org&mode=insecure", TOLD)
    (letter,) = letters
    assert "Subject: ALARM hill: the roof does not close" in letter
    assert "ana@hill.org" in letter
    assert "20:02  the roof does not close" in letter


def test_ntfy_gets_it_as_ntfy_wants_it(web: WebServer) -> None:
    send(f"ntfy://127.0.0.1:{web.port}/hill-topic", TOLD)
    ((_, body),) = web.got
    assert (body["topic"], body["title"]) == ("hill-topic", TOLD.title)


@pytest.mark.parametrize(("status", "words"), [(500, "the service answered 500"), (401, "the service answered 401")])
def test_a_refusal_is_told_with_its_number(web: WebServer, status: int, words: str) -> None:
    web.status = status
    with pytest.raises(NotSent, match=words):
        send(web.address(HIDDEN), TOLD)
    with pytest.raises(NotSent, match=f"it answered {status}"):
        ask(web.page(HIDDEN))


def test_a_page_that_answers_is_asked_once(web: WebServer) -> None:
    ask(web.page("pulse"))
    assert [path for path, _ in web.got] == ["/pulse"]


@notify(on="raises")  # type: ignore[untyped-decorator]
def raises(*_: Any, meta: dict[str, Any], **__: Any) -> None:
    raise RuntimeError(f"{meta['url']} is broken")


class Rude(NotifyBase):  # type: ignore[misc]
    """A service that does to the process what no library should."""

    service_name, secure_protocol, templates = "rude", "rude", ("{schema}://{host}",)

    def send(self, *_: Any, **__: Any) -> bool:
        raise SystemExit(f"rude://{HIDDEN}")

    def url(self, *_: Any, **__: Any) -> str:
        return f"rude://{HIDDEN}"


@pytest.mark.parametrize(
    "address",
    [
        f"json://ana:{HIDDEN}@127.0.0.1:1/{HIDDEN}",
        f"raises://{HIDDEN}",
        f"nowhere://{HIDDEN}",
        f"tgram://{HIDDEN}/",
        f"json://{HIDDEN}.invalid",
    ],
)
def test_whatever_goes_wrong_nothing_of_the_address_is_told(
    address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotSent) as refusal:
        send(address, TOLD)
    said = repr(refusal.value) + repr(refusal.value.__context__ if not refusal.value.__suppress_context__ else "")
    assert HIDDEN not in said + caplog.text + "".join(capfd.readouterr())
    assert str(refusal.value)


@pytest.mark.parametrize("address", [f"ftp://{HIDDEN}", f"http://{HIDDEN}.invalid", f"http://127.0.0.1:1/{HIDDEN}"])
def test_nor_of_a_page_that_cannot_be_asked(address: str) -> None:
    with pytest.raises(NotSent) as refusal:
        ask(address)
    assert HIDDEN not in str(refusal.value)


def test_a_service_that_ends_the_process_does_not() -> None:
    NotificationManager().add(Rude, schemas="rude")
    with pytest.raises(NotSent, match="the library failed with SystemExit") as refusal:
        send(f"rude://{HIDDEN}", TOLD)
    assert HIDDEN not in str(refusal.value)


def test_two_threads_do_not_hear_each_others_refusals(web: WebServer) -> None:
    web.mute = threading.Event()
    reasons: dict[int, str] = {}
    with web_server() as other:
        web.status, other.status = 503, 418
        other.mute = web.mute

        def try_it(server: WebServer) -> None:
            with pytest.raises(NotSent) as refusal:
                send(server.address("x"), TOLD)
            reasons[server.status] = str(refusal.value)

        threads = [threading.Thread(target=try_it, args=(server,)) for server in (web, other)]
        for each in threads:
            each.start()
        wait_until(lambda: web.got and other.got)
        web.mute.set()
        for each in threads:
            each.join()
    assert reasons == {503: "the service answered 503", 418: "the service answered 418"}
