"""A client of the language server: it speaks JSON-RPC with a process, as an editor does."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

MOST = 100
"""Messages that are read in wait of one."""


class LanguageClient:
    """Asks, and keeps what the server says by itself."""

    def __init__(self, folder: Path, *encodings: str) -> None:
        """Begin a server in a folder. encodings: of columns; the protocol's own if unsaid."""
        command = [sys.executable, "-m", "obsy", "lsp"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)  # noqa: S603
        self.diagnostics: dict[str, list[Any]] = {}
        self._last = 0
        able = {"general": {"positionEncodings": encodings}} if encodings else {}
        self.server = self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": able})
        self.tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.ask("shutdown", None)
            self.tell("exit", None)
        else:
            self.process.kill()
        self.process.communicate(timeout=20)

    def tell(self, method: str, params: Any, number: int | None = None) -> None:
        """Send a message, without waiting."""
        said = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
        body = json.dumps(said).encode()
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        """Return the answer to a message."""
        self._last += 1
        self.tell(method, params, self._last)
        while (said := self._read()).get("id") != self._last:
            pass
        if "error" in said:
            raise RuntimeError(said["error"])
        return said["result"]

    def open(self, uri: str, text: str) -> None:
        """Say that a file is open in the editor."""
        self.tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )

    def told_of(self, uri: str) -> list[Any]:
        """Wait for what is said of a file next, and return it."""
        self.diagnostics.pop(uri, None)
        while uri not in self.diagnostics:
            self._read()
        return self.diagnostics[uri]

    def until(self, uri: str, codes: list[str]) -> list[Any]:
        """Return what is said of a file, when these are its codes. Raise TimeoutError if that does not come."""
        for _ in range(MOST):
            if uri in self.diagnostics and [each["code"] for each in self.diagnostics[uri]] == codes:
                return self.diagnostics[uri]
            self._read()
        raise TimeoutError(f"{uri}: {self.diagnostics.get(uri)}")

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None  # noqa: S101
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else length
        said: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if said.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[said["params"]["uri"]] = said["params"]["diagnostics"]
        return said
