"""What may be written: frozen pydantic models, one file a noun; nothing here acts."""

import os

# To learn that pydantic has no plugins, it would read of every installed package at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
