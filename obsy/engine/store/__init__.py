"""The index of what is done, in a database; importing it prepares Django, `open_store` chooses the file."""

from obsy.engine.store.prepare import prepare

prepare()
