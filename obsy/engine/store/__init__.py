"""The index of what is done, in a database behind a handle; importing it prepares Django."""

from obsy.engine.store.prepare import prepare

prepare()
