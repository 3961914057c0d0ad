"""How long the language server takes to complete, to judge what is typed and to explain, beside 1,000 plans."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench._answer import Figures, answer
from bench._language_client import LanguageClient

ROOT = Path(__file__).resolve().parents[1]
PLANS, TIMES = 1000, 30
TEXT = """kind: plan
name: mine
target: NGC 7
want:
  - {filter: L, exposure: 60 s, total: 1 h}
pipeline: deep-sky
when:
  """
PLACES = {"key": (7, 2), "filter": (4, 13), "target": (2, 13), "pipeline": (5, 10)}


def figures() -> Figures:
    """Median and worst of each request, over the protocol, after the first of them."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder).resolve()
        for room in ("site", "library"):
            shutil.copytree(ROOT / room, here / room)
        _plans(here / "plans")
        with LanguageClient(here) as client:
            return _asked(client, (here / "plans/mine.yaml").as_uri())


def _plans(folder: Path) -> None:
    folder.mkdir()
    plan = (ROOT / "plans/ngc-2403.yaml").read_text()
    for number in range(PLANS):
        (folder / f"p{number}.yaml").write_text(plan.replace("name: ", f"name: p{number}-"))


def _asked(client: LanguageClient, uri: str) -> Figures:
    def open_() -> None:
        client.open(uri, TEXT)
        client.told_of(uri)

    def complete(place: tuple[int, int]) -> Callable[[], object]:
        at = {"textDocument": {"uri": uri}, "position": {"line": place[0], "character": place[1]}}
        return lambda: client.ask("textDocument/completion", at)

    def type_(number: int) -> None:
        said = {"textDocument": {"uri": uri, "version": number}, "contentChanges": [{"text": TEXT + "#" * number}]}
        client.tell("textDocument/didChange", said)
        client.told_of(uri)

    found = {"opened_s": _seconds(open_), "first_completion_s": _seconds(complete(PLACES["key"]))}
    for name, place in PLACES.items():
        complete(place)()
        taken = [_seconds(complete(place)) for _ in range(TIMES)]
        found |= {f"{name}_ms": 1000 * statistics.median(taken), f"{name}_worst_ms": 1000 * max(taken)}
    typed = [_seconds(lambda number=number: type_(number)) for number in range(2, 12)]  # type: ignore[misc]
    return {**found, "typed_ms": 1000 * statistics.median(typed), "at_most_ms": 100}


def _seconds(do: Callable[[], object]) -> float:
    begin = time.monotonic()
    do()
    return time.monotonic() - begin


if __name__ == "__main__":
    answer("the language server beside 1,000 plans", figures())
