"""The language server, for editors."""

import click

from obsy.errors import UserError


@click.command()
def lsp() -> None:
    """Speak the Language Server Protocol over stdin and stdout, until the editor ends it.

    Complaints as you type, what may stand at the cursor, what a key means, how a target stands tonight, where a name is
    declared, and cures. It is begun by an editor: docs/editors.md says how.
    """
    try:
        from obsy.engine.editor.server import serve
    except ModuleNotFoundError as missing:
        raise UserError("the language server needs pygls: pip install 'obsy[editors]'") from missing
    serve()
