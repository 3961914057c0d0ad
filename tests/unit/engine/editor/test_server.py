"""The language server over its protocol: a process, and a client that speaks JSON-RPC to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench._language_client import LanguageClient

pytestmark = pytest.mark.slow(minutes=0.2)
PLAN = """\
kind: plan
name: mine
target: M31
want:
  - {fliter: L, exposure: 60 s, total: 1 h}
pipeline: deep-sky
"""


@pytest.fixture(scope="module")
def here(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("here")
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, folder / room)
    return folder


@pytest.fixture(scope="module")
def client(here: Path) -> Iterator[LanguageClient]:
    with LanguageClient(here) as client:
        assert client.server["serverInfo"]["name"] == "obsy"
        yield client
    assert client.process.returncode == 0


def test_a_plan_is_written_with_the_servers_help(client: LanguageClient, here: Path) -> None:
    uri = (here / "plans/mine.yaml").as_uri()
    client.open(uri, PLAN)
    (told,) = client.until(uri, ["unknown-key"])
    assert (told["code"], told["source"], told["severity"]) == ("unknown-key", "obsy", 1)
    assert told["range"] == {"start": {"line": 4, "character": 5}, "end": {"line": 4, "character": 11}}

    (action,) = client.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": told["range"], "context": {"diagnostics": [told]}},
    )
    (mend,) = action["edit"]["changes"][uri]
    assert (action["title"], mend["newText"], mend["range"]) == ("did you mean 'filter'?", "filter", told["range"])

    text = PLAN.replace("fliter", "filter")
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}
    client.tell("textDocument/didChange", change)
    client.until(uri, [])

    def at(line: int, column: int) -> dict[str, Any]:
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}

    found = client.ask("textDocument/completion", at(4, 13))
    assert {"L", "R", "Ha"} <= {each["label"] for each in found}
    assert "tonight" not in client.ask("textDocument/hover", at(1, 1))["contents"]["value"]
    assert "culminates at" in client.ask("textDocument/hover", at(2, 9))["contents"]["value"]
    assert "Of one frame." in client.ask("textDocument/hover", at(4, 18))["contents"]["value"]
    place = client.ask("textDocument/definition", at(5, 12))
    assert place["uri"] == (here / "library/pipelines/deep-sky.yaml").as_uri()


def test_what_is_no_file_touches_none(client: LanguageClient, here: Path) -> None:
    uri, nameless = (here / "plans/real.yaml").as_uri(), "untitled:Untitled-1"
    client.open(uri, PLAN)
    client.until(uri, ["unknown-key"])
    client.open(uri.replace("file:", "git:") + '?{"ref":"HEAD"}', PLAN.replace("fliter", "filter"))
    client.open(nameless, PLAN)
    asked = {"textDocument": {"uri": nameless}, "position": {"line": 4, "character": 13}}
    assert client.ask("textDocument/completion", asked) is None
    client.until(uri, ["unknown-key"])
    assert not [each for each in client.diagnostics if "Untitled" in each]


def test_a_place_behind_an_astral_letter_is_counted_as_the_protocol_does(client: LanguageClient, here: Path) -> None:
    (here / "parts").mkdir()
    part = here / "parts/want.yaml"
    part.write_text("[{fliter: L, exposure: 60 s, total: 1 h}]\n")
    uri = (here / "plans/astral.yaml").as_uri()
    plan = '{kind: plan, name: astral, target: M31, pipeline: deep-sky, notes: "🌌", want: !include ../parts/want.yaml}'
    client.open(uri, plan)
    client.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
    (told,) = client.until(part.as_uri(), ["unknown-key"])
    (chain,) = told["relatedInformation"]
    assert chain["location"]["range"]["start"] == {"line": 0, "character": plan.index("!include") + 1}


def test_columns_are_counted_in_bytes_for_an_editor_that_asks_for_it(here: Path) -> None:
    uri = (here / "plans/counted.yaml").as_uri()
    text = PLAN.replace("mine", "counted").replace("- {fliter", '- {"🌌": 1, fliter')
    with LanguageClient(here, "utf-8", "utf-16") as client:
        assert client.server["capabilities"]["positionEncoding"] == "utf-8"
        client.open(uri, text)
        told = client.until(uri, ["unknown-key", "unknown-key"])
        assert told[1]["range"]["start"]["character"] == text.splitlines()[4].index("fliter") + 3
        asked = {
            "textDocument": {"uri": uri},
            "position": {"line": 4, "character": told[1]["range"]["end"]["character"]},
        }
        span = client.ask("textDocument/completion", asked)[0]["textEdit"]["range"]
        assert span == told[1]["range"]


def test_a_file_that_is_mended_elsewhere_is_well_again(client: LanguageClient, here: Path) -> None:
    path = here / "plans/other.yaml"
    path.write_text(PLAN.replace("mine", "other").replace("fliter", "filter").replace("deep-sky", "no-such"))
    uri = path.as_uri()
    client.open(uri, path.read_text())
    client.until(uri, ["unknown-reference"])
    (here / "library/mine.yaml").write_text("kind: pipeline\nname: no-such\nsteps: [{step: bias}]\n")
    client.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
    client.until(uri, [])
