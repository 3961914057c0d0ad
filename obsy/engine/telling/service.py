"""The one door to the services that carry messages. It may hang, raise or lie; no address leaves it by any way."""

import logging
import re
import threading
import urllib.error
import urllib.request
import warnings
from contextlib import suppress
from typing import Any

from obsy.engine.events import ALARM, TROUBLE
from obsy.engine.telling.note import Message

ASKS_WITHIN_S = 10.0
MISSING = "the library Apprise is not installed: give 'pip install obsy[telling]'"
STRANGE = "its address is none that Apprise understands: look it up in Apprise's manual, and mend secrets.yaml"


class _LibraryLog(logging.Filter):
    """Keeps what the library logs in each thread, and lets nobody else hear it."""

    heard = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        self.heard.said = f"{getattr(self.heard, 'said', '')}{record.getMessage()}\n"
        return False


_LOG = _LibraryLog()


class NotSent(Exception):
    """The message was not taken; says why in words that hold nothing of the address."""


def send(address: str, told: Message) -> None:
    """Return when the service has taken the message. Raise NotSent if it has not."""
    kind = {ALARM: "failure", TROUBLE: "warning"}.get(told.severity, "info")
    try:
        service = _service(address)
        took = service and service.notify(title=told.title, body=told.body, notify_type=kind)
    except NotSent:
        raise
    except BaseException as fault:  # noqa: BLE001 - whatever a library does; its words may hold the address
        raise NotSent(f"the library failed with {type(fault).__name__}") from None
    if not took:
        raise NotSent(STRANGE if service is None else _why(_LOG.heard.said))


def is_strange(address: str) -> bool:
    """Return whether it belongs to no service that the library knows; without the library, nobody can say so."""
    with suppress(NotSent), warnings.catch_warnings(action="ignore"):  # of what the library's own parts import
        return _service(address) is None
    return False


def _service(address: str) -> Any:
    """Return what sends to an address; None if the library does not understand it."""
    try:
        import apprise  # noqa: PLC0415 - half a second and 20 MB, which only who looks at addresses pays for
    except ImportError:
        raise NotSent(MISSING) from None
    logging.getLogger("apprise").addFilter(_LOG)
    _LOG.heard.said = ""
    asset = apprise.AppriseAsset(app_id="obsy", app_desc="obsy", app_url="", async_mode=False)
    return apprise.Apprise.instantiate(address, asset=asset)


def ask(address: str) -> None:
    """Return when an address has answered. Raise NotSent if it has not."""
    try:
        if not address.startswith(("http://", "https://")):
            raise NotSent("its address is no page of http or https: mend secrets.yaml")
        with urllib.request.urlopen(address, timeout=ASKS_WITHIN_S) as answer:  # noqa: S310 - checked above
            answer.read(1)
    except NotSent:
        raise
    except urllib.error.HTTPError as refusal:
        raise NotSent(f"it answered {refusal.code}") from None
    except Exception as fault:  # whose words may hold the address
        raise NotSent(f"it was not reached ({type(fault).__name__})") from None


def _why(said: str) -> str:
    """Return what is known of a refusal: never the library's own words, which may hold the address."""
    if code := re.search(r"error=([1-5]\d\d)\b", said):
        return f"the service answered {code.group(1)}"
    return "the service was not reached" if re.search("onnection|imeout|ocket", said) else "the service refused it"
