"""The language server: what an editor asks over its protocol is answered from the room's other files."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from threading import RLock, Thread
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

import obsy
from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.folders import rooms
from obsy.engine.declare.names import beginning
from obsy.engine.editor import vocabulary
from obsy.engine.editor.cursor import Cursor, cursor
from obsy.engine.editor.hover import hover
from obsy.engine.editor.mending import edit
from obsy.engine.editor.suggestions import suggestions
from obsy.engine.editor.workspace import ERROR, Told, Workspace
from obsy.errors import ObsyError

Asked = TypeVar("Asked", bound=Any)
Said = TypeVar("Said")
WORD = re.compile(r"[^\s{}\[\],:'\"][^{}\[\],:'\"#]*")


class EditorServer(LanguageServer):
    """One editor's observatories, by their roots."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__("obsy", obsy.__version__)
        self.now = now
        self.workspaces: dict[Path, Workspace] = {}
        self.told: Told = {}
        self._telling = RLock()
        self._warming = Thread(target=_warm, daemon=True)
        self._warming.start()

    def of(self, path: Path) -> Workspace:
        """Return the observatory that a file lies in. Raise UserError if it lies in none that can be told."""
        root, plans = rooms(path)
        root = root.resolve()
        if root not in self.workspaces:
            folder = plans[0].resolve() if plans and plans[0].is_dir() else root / "plans"
            self.workspaces[root] = Workspace(root, folder)
        return self.workspaces[root]

    def look(self, workspace: Workspace) -> None:
        """Look at everything, and send what is to be said of it, but for files that were changed meanwhile."""
        self._warming.join()
        before = dict(workspace.buffers)
        told = workspace.all()
        with self._telling:
            mine = [path for path in self.told if path.is_relative_to(workspace.root)]
            same = [path for path in {*mine, *told} if before.get(path) == workspace.buffers.get(path)]
            self.tell({path: told.get(path, []) for path in sorted(same)})

    def here(self, uri: str, place: lsp.Position) -> tuple[Workspace, Cursor, str, int]:
        """Return the workspace, the cursor, its line and column in it."""
        path = path_of(uri)
        workspace = self.of(path)
        text = workspace.text(path, str(path))
        lines = text.split("\n") if isinstance(text, str) else [""]
        line = lines[place.line] if place.line < len(lines) else ""
        column = self.column(line, place.character)
        return workspace, cursor("\n".join(lines), place.line, column), line, column

    def tell(self, told: Told) -> None:
        """Send what is to be said of files."""
        with self._telling:
            for path, said in told.items():
                self.told[path] = said
                found = [self._diagnostic(each, level) for each, level in said]
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(path.as_uri(), found))

    def location(self, mark: Mark) -> lsp.Location:
        """Return a place as the protocol counts it."""
        place = lsp.Position(mark.line - 1, self.units(self._line(mark), mark.column - 1))
        return lsp.Location(Path(mark.file).resolve().as_uri(), lsp.Range(place, place))

    def units(self, line: str, column: int) -> int:
        """Return a column as the editor counts, which has said whether by bytes, UTF-16 or letters."""
        return int(self.workspace.position_codec.client_num_units(line[:column]))

    def column(self, line: str, units: int) -> int:
        """Return a column in letters."""
        return next((column for column in range(len(line)) if self.units(line, column) >= units), len(line))

    def _diagnostic(self, told: Diagnostic, level: str) -> lsp.Diagnostic:
        line, begin, row = self._line(told.mark), told.mark.column - 1, told.mark.line - 1
        found = WORD.match(line[begin:])
        end = begin + (len(found[0].rstrip()) if found else 1)
        span = lsp.Range(*(lsp.Position(row, self.units(line, each)) for each in (begin, end)))
        chain = [lsp.DiagnosticRelatedInformation(self.location(each), "included from here") for each in told.mark.via]
        severity = lsp.DiagnosticSeverity.Error if level == ERROR else lsp.DiagnosticSeverity.Warning
        words = f"{told.found}\nexpected: {told.expected}\nmend: {told.mend}"
        return lsp.Diagnostic(span, words, severity, told.code, source="obsy", related_information=chain or None)

    def _line(self, mark: Mark) -> str:
        path = Path(mark.file).resolve()
        texts = (each.text(path, mark.file) for each in self.workspaces.values() if path.is_relative_to(each.root))
        text = next(texts, "")
        lines = text.split("\n") if isinstance(text, str) else []
        return lines[mark.line - 1] if mark.line <= len(lines) else ""


def of_files(answer: Callable[[Asked], Said]) -> Callable[[Asked], Said | None]:
    """Answer nothing of a document that is no file: the old side of a comparison, or what has no name yet."""

    @wraps(answer)
    def answered(asked: Asked) -> Said | None:
        return answer(asked) if urlsplit(asked.text_document.uri).scheme == "file" else None

    return answered


def serve() -> None:
    """Speak with an editor over stdin and stdout, until it says good-bye."""
    made().start_io()


def made(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> EditorServer:
    """Return a server that answers; it is not started."""
    server = EditorServer(now)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @of_files
    def opened(asked: lsp.DidOpenTextDocumentParams) -> None:
        workspace = _typed(server, asked.text_document.uri, asked.text_document.text)
        if workspace is not None and len(workspace.buffers) == 1:
            Thread(target=server.look, args=(workspace,), daemon=True).start()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @of_files
    def changed(asked: lsp.DidChangeTextDocumentParams) -> None:
        uri = asked.text_document.uri
        _typed(server, uri, server.workspace.get_text_document(uri).source)

    @server.thread()
    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @of_files
    def saved(asked: lsp.DidSaveTextDocumentParams) -> None:
        server.look(server.of(path_of(asked.text_document.uri)))

    @server.thread()
    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @of_files
    def closed(asked: lsp.DidCloseTextDocumentParams) -> None:
        path = path_of(asked.text_document.uri)
        workspace = server.of(path)
        workspace.buffers.pop(path, None)
        server.look(workspace)

    _answers(server)
    return server


def _answers(server: EditorServer) -> None:
    """What is asked while one writes."""

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" ", "{", "[", ","]))
    @of_files
    def completed(asked: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        workspace, at, line, column = server.here(asked.text_document.uri, asked.position)
        begin = server.units(line, column - len(_word(at)))
        span = lsp.Range(lsp.Position(asked.position.line, begin), asked.position)
        return [_item(*each, span) for each in suggestions(at, workspace)]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @of_files
    def hovered(asked: lsp.HoverParams) -> lsp.Hover | None:
        workspace, at, word = _pointed(server, asked)
        said = hover(at, word, workspace, server.now()) if word else ""
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said)) if said else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @of_files
    def defined(asked: lsp.DefinitionParams) -> lsp.Location | None:
        workspace, at, word = _pointed(server, asked)
        mark = workspace.place(at, word) or workspace.included(path_of(asked.text_document.uri), word)
        return server.location(mark) if mark is not None else None

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    @of_files
    def acted(asked: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = path_of(asked.text_document.uri)
        text = server.of(path).text(path, str(path))
        first, last = asked.range.start.line + 1, asked.range.end.line + 1
        told = [each for each, _ in server.told.get(path, ()) if first <= each.mark.line <= last]
        found = [_action(server, asked.text_document.uri, text, each) for each in told] if isinstance(text, str) else []
        return [each for each in found if each is not None]


def _warm() -> None:
    """Load what the first completion needs while the editor still begins."""
    vocabulary.keys("plan", ())
    beginning("m")


def path_of(uri: str) -> Path:
    """Return the path of a file's address."""
    return Path(unquote(urlsplit(uri).path)).resolve()


def _typed(server: EditorServer, uri: str, text: str) -> Workspace | None:
    """Tell of a file with the text that it has now; None where it lies in no observatory."""
    path = path_of(uri)
    try:
        workspace = server.of(path)
        workspace.buffers[path] = text
        server.tell(workspace.one(path))
        return workspace
    except ObsyError as fault:  # a file of no observatory, or of several
        server.window_log_message(lsp.LogMessageParams(lsp.MessageType.Info, str(fault)))
        return None


def _pointed(server: EditorServer, asked: lsp.HoverParams | lsp.DefinitionParams) -> tuple[Workspace, Cursor, str]:
    """The workspace, and the word that is pointed at with the cursor at its end."""
    workspace, _, line, column = server.here(asked.text_document.uri, asked.position)
    found = next((each for each in WORD.finditer(line) if each.start() <= column <= each.end()), None)
    if found is None:
        return workspace, Cursor("", (), is_key=False, typed=""), ""
    end = lsp.Position(asked.position.line, server.units(line, found.end()))
    at = server.here(asked.text_document.uri, end)[1]
    word = re.sub(r"^(- +)+", "", found[0]).strip()
    if line[found.end() :].lstrip().startswith(":"):
        at = Cursor(at.kind, at.path, is_key=True, typed=word)
    return workspace, at, word


def _word(at: Cursor) -> str:
    """What a completion takes the place of: all that is typed, or of a phrase its last part."""
    return re.split(r"\sand\s+", at.typed)[-1]


def _item(label: str, text: str, about: str, span: lsp.Range) -> lsp.CompletionItem:
    return lsp.CompletionItem(label, documentation=about or None, text_edit=lsp.TextEdit(span, text), filter_text=label)


def _action(server: EditorServer, uri: str, text: str, told: Diagnostic) -> lsp.CodeAction | None:
    mended = edit(text, told)
    if mended is None:
        return None
    line = text.split("\n")[mended.line]
    begin, end = (lsp.Position(mended.line, server.units(line, each)) for each in (mended.begin, mended.end))
    change = lsp.WorkspaceEdit({uri: [lsp.TextEdit(lsp.Range(begin, end), mended.text)]})
    return lsp.CodeAction(told.mend, lsp.CodeActionKind.QuickFix, edit=change)
