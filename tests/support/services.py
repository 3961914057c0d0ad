"""Services on this machine in the place of those that carry messages: a web server and a mail server, both real."""

import json
import socketserver
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from apprise.manager_plugins import NotificationManager

with warnings.catch_warnings():  # the library looks for a module that newer Pythons do not have
    warnings.simplefilter("ignore", DeprecationWarning)
    NotificationManager().load_modules()


@dataclass
class WebServer:
    """Keeps what it was sent, and answers as it is told."""

    port: int = 0
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Path and body of each request; of a page that was only asked for, an empty body."""
    status: int = 200
    mute: threading.Event | None = None
    """While it is there and not set, no answer is given."""

    def address(self, name: str) -> str:
        return f"json://127.0.0.1:{self.port}/{name}"

    def page(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def told(self, name: str) -> list[str]:
        """The titles that went to one address."""
        return [body["title"] for path, body in self.got if path == f"/{name}" and body]


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A web server of its own port, until the block ends."""
    kept = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept.got.append((self.path, json.loads(raw) if raw else {}))
            if kept.mute is not None:
                kept.mute.wait()
            with suppress(OSError):  # who asked is gone
                self.send_response(kept.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        if kept.mute is not None:
            kept.mute.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A mail server that takes everything: its port, and the letters it has taken."""
    letters: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            for raw in self.rfile:
                word = raw.decode().strip().upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    letters.append("\n".join(lines))
                self.say("221 bye" if word == "QUIT" else "250 well")
                if word == "QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1], letters
        server.shutdown()
        thread.join()
