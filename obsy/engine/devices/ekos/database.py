"""KStars' own database, read and never written."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from obsy.errors import UserError


@contextmanager
def copied(database: Path) -> Iterator[Any]:
    """Lend a function that asks a copy of a database, which KStars may have open: `rows(SQL, *values)`."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            for each in database.parent.glob(f"{database.name}*"):
                if each.name in {database.name, f"{database.name}-wal"}:
                    shutil.copy(each, folder)
            copy = sqlite3.connect(f"file:{Path(folder) / database.name}?mode=rw", uri=True)
        except (OSError, sqlite3.Error) as refusal:
            raise UserError(f"{database} cannot be read: {refusal}; name KStars' userdb.sqlite") from None
        copy.row_factory = sqlite3.Row
        with closing(copy):
            try:
                yield lambda sql, *values: [dict(each) for each in copy.execute(sql, values)]
            except sqlite3.Error as fault:
                raise UserError(f"{database} is no database of KStars 3.6 or later: {fault}") from None
